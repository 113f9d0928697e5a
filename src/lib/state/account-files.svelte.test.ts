import { expect, test } from 'vitest'
import { AppError } from '$lib/errors'
import type { PinataFile } from '$lib/p2p/pinata'
import { AccountFiles, type Account } from './account-files.svelte'

const file = (id: string): PinataFile => ({ id, name: id, cid: `bafy${id}`, sizeBytes: 10, createdAt: '' })

/** An account with pages of two files. */
function anAccount(ids: readonly string[]) {
	const held = ids.map(file)
	const asked: (string | undefined)[] = []
	const account: Account = {
		list: (_, options) => {
			const pageToken = options?.pageToken
			asked.push(pageToken)
			const from = Number(pageToken ?? 0)
			const files = held.slice(from, from + 2)
			return Promise.resolve({ files, ...(from + 2 < held.length && { next: String(from + 2) }) })
		},
		usage: () => Promise.resolve({ files: held.length, sizeBytes: held.length * 10 }),
		remove: (id) => {
			held.splice(
				held.findIndex((each) => each.id === id),
				1
			)
			return Promise.resolve()
		}
	}
	return { account, asked, held }
}

const idsOf = ({ files }: AccountFiles) => files?.map(({ id }) => id)

test('pages follow one another, and the sum is that of the whole account', async () => {
	const { account, asked } = anAccount(['a', 'b', 'c'])
	const shown = new AccountFiles(() => Promise.resolve(account))
	expect(shown.files).toBeUndefined()
	await shown.more()
	expect(idsOf(shown)).toEqual(['a', 'b'])
	expect(shown.hasMore).toBe(true)
	await shown.more()
	expect(idsOf(shown)).toEqual(['a', 'b', 'c'])
	expect(shown.hasMore).toBe(false)
	expect(asked).toEqual([undefined, '2'])
	expect(shown.usage).toEqual({ files: 3, sizeBytes: 30 })
})

test('what is deleted leaves the list and the sum; what comes twice is shown once', async () => {
	const { account } = anAccount(['a', 'b', 'c', 'd'])
	const shown = new AccountFiles(() => Promise.resolve(account))
	await shown.more()
	expect(await shown.remove('b')).toBe(true)
	expect(idsOf(shown)).toEqual(['a'])
	expect(shown.usage).toEqual({ files: 3, sizeBytes: 30 })
	const twice: Account = { ...account, list: () => Promise.resolve({ files: [file('a'), file('x')] }) }
	const again = new AccountFiles(() => Promise.resolve(twice))
	await again.more()
	await again.more()
	expect(idsOf(again)).toEqual(['a', 'x'])
})

test('what goes wrong is kept for the screen, and what was read stays', async () => {
	const { account } = anAccount(['a'])
	const shown = new AccountFiles(() => Promise.resolve(account))
	await shown.more()
	account.remove = () => Promise.reject(new AppError('key-scope', 'not allowed'))
	expect(await shown.remove('a')).toBe(false)
	expect(shown.error).toMatchObject({ code: 'key-scope' })
	expect(idsOf(shown)).toEqual(['a'])
	const locked = new AccountFiles(() => Promise.reject(new AppError('locked', 'the passphrase is awaited')))
	await locked.more()
	expect(locked.error).toMatchObject({ code: 'locked' })
	expect(locked.busy).toBe(false)
})

test('closing ends what is asked, and is no failure', async () => {
	const { account } = anAccount(['a'])
	account.usage = (signal) =>
		new Promise((_, reject) => {
			signal.addEventListener('abort', () => reject(signal.reason as Error))
		})
	const shown = new AccountFiles(() => Promise.resolve(account))
	const reading = shown.more()
	await Promise.resolve()
	shown.dispose()
	await reading
	expect(shown.error).toBeUndefined()
})
