import { expect, test, vi } from 'vitest'
import { aRow } from '../catalog.fixture'
import { LinkEntryState, type LinkEntryPorts } from './link-entry.svelte'
import type { Voucher } from './voucher'

const bare = aRow({ file: 'bafy-file', publisher: '', title: 'What the file says' })

function state(ports: Partial<LinkEntryPorts>) {
	const listeners: (() => void)[] = []
	const entry = new LinkEntryState({
		catalog: {
			entriesByFile: () => Promise.resolve([]),
			onchange: (listener) => {
				listeners.push(() => {
					listener({ entries: 0, publishers: 0, albums: 0 })
				})
				return () => undefined
			}
		},
		find: () => Promise.resolve(undefined),
		vouch: () => Promise.reject(new Error('no one is asked')),
		bare: () => Promise.resolve(bare),
		...ports
	})
	return {
		entry,
		change: () =>
			listeners.forEach((tell) => {
				tell()
			})
	}
}

test('what a catalog here knows is shown at once, the publisher that the link names first', async () => {
	const [one, other] = [aRow({ publisher: 'one' }), aRow({ publisher: 'other' })]
	const { entry } = state({
		catalog: { entriesByFile: () => Promise.resolve([one, other]), onchange: () => () => undefined }
	})
	entry.open('bafy-file', 'other')
	await vi.waitFor(() => {
		expect(entry.rows?.map(({ publisher }) => publisher)).toEqual(['other', 'one'])
	})
	expect(entry.voucher).toBeUndefined()
})

test('a publisher whom no one knows does not hold up what the file says, and is told', async () => {
	const { entry } = state({ vouch: (name) => Promise.resolve({ kind: 'unknown', name }) })
	entry.open('bafy-file', 'k51')
	await vi.waitFor(() => {
		expect(entry.rows).toEqual([bare])
	})
	expect(entry.voucher).toEqual({ kind: 'unknown', name: 'k51' })
	expect(entry.gone).toBe(false)
})

test('a file that its publisher lists no more is shown as what it says, and that is told', async () => {
	const signed = { kind: 'signed', name: 'k51', displayName: 'Them', head: { pages: [] } } as unknown as Voucher
	const { entry } = state({ vouch: () => Promise.resolve(signed) })
	entry.open('bafy-file', 'k51')
	await vi.waitFor(() => {
		expect(entry.rows).toEqual([bare])
	})
	expect(entry.gone).toBe(true)
})

test('what comes into the index later takes its place, and another link forgets the one before', async () => {
	let known: readonly ReturnType<typeof aRow>[] = []
	const listeners: (() => void)[] = []
	const { entry } = state({
		catalog: {
			entriesByFile: () => Promise.resolve(known),
			onchange: (listener) => {
				listeners.push(() => {
					listener({ entries: 1, publishers: 1, albums: 0 })
				})
				return () => undefined
			}
		}
	})
	entry.open('bafy-file', undefined)
	await vi.waitFor(() => {
		expect(entry.rows).toEqual([bare])
	})
	known = [aRow({ title: 'Now known' })]
	for (const tell of listeners) tell()
	await vi.waitFor(() => {
		expect(entry.rows?.[0]?.title).toBe('Now known')
	})
	entry.dispose()
})

test('a file that nobody has fails, with the reason', async () => {
	const { entry } = state({ bare: () => Promise.reject(new Error('gone')) })
	entry.open('bafy-file', undefined)
	await vi.waitFor(() => {
		expect(entry.failure).toMatchObject({ message: 'gone' })
	})
	expect(entry.asking).toBe(false)
})
