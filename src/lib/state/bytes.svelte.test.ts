import { afterEach, expect, test, vi } from 'vitest'
import { BYTES_CHANNEL, type BytesReport } from '$lib/gateway/block-port'
import { AvailabilityState } from './availability.svelte'
import { BytesState } from './bytes.svelte'

const report = (fields: Partial<BytesReport>): BytesReport => ({
	type: 'bytes',
	root: 'file',
	from: [],
	wrong: [],
	...fields
})
const open: { dispose(): void }[] = []

afterEach(() => {
	for (const state of open.splice(0)) state.dispose()
})

test('adds up what the worker tells, by source', async () => {
	const bytes = new BytesState()
	open.push(bytes)
	bytes.open()
	const worker = new BroadcastChannel(BYTES_CHANNEL)
	worker.postMessage(
		report({
			from: [
				{ kind: 'peer', name: 'p1', bytes: 100 },
				{ kind: 'gateway', name: 'g1', bytes: 50 }
			]
		})
	)
	worker.postMessage(
		report({ from: [{ kind: 'peer', name: 'p1', bytes: 10 }], wrong: [{ name: 'g1', blocks: 2 }] })
	)
	await vi.waitFor(() => {
		expect(bytes.of('file')?.peerBytes).toBe(110)
	})
	worker.close()
	expect(bytes.of('file')).toMatchObject({ peers: 1, gateways: 1, gatewayBytes: 50, localBytes: 0, wrong: 2 })
	expect(bytes.of('other')).toBeUndefined()
})

test('availability: kept before all, then who is connected, then no one', () => {
	const bytes = new BytesState()
	let peers = 0
	let gateways = 0
	let role: 'starting' | 'leader' = 'starting'
	let changed: () => void = () => undefined
	const availability = new AvailabilityState({
		leader: {
			get role() {
				return role
			},
			get status() {
				return { peers: Array.from({ length: peers }) } as never
			},
			onchange: (listener) => {
				changed = listener
				return () => undefined
			}
		},
		gateways: () => gateways,
		library: { isKept: (file) => file === 'kept' },
		bytes,
		isLocal: (_, publisher) => publisher === 'starter'
	})
	open.push(availability)
	availability.open()
	const kind = (file: string, publisher = 'p') => availability.of({ file, publisher }).kind
	expect(kind('a')).toBe('ask')
	role = 'leader'
	changed()
	expect(kind('a')).toBe('none')
	gateways = 2
	expect(kind('a')).toBe('gateways')
	peers = 3
	changed()
	expect(availability.of({ file: 'a', publisher: 'p' })).toEqual({ kind: 'both', peers: 3, gateways: 2 })
	gateways = 0
	expect(kind('a')).toBe('peers')
	expect(kind('kept')).toBe('kept')
	expect(kind('a', 'starter')).toBe('kept')
	bytes.add(report({ root: 'a', failed: { code: 'content-unavailable', tried: ['p1'] } }))
	expect(kind('a')).toBe('none')
	bytes.add(report({ root: 'a', from: [{ kind: 'peer', name: 'p1', bytes: 1 }] }))
	expect(kind('a')).toBe('peers')
})
