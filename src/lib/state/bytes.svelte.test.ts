import { afterEach, expect, test, vi } from 'vitest'
import { BYTES_CHANNEL, type BytesReport } from '$lib/gateway/block-port'
import { AvailabilityState } from './availability.svelte'
import { BytesState } from './bytes.svelte'

const report = (fields: Partial<BytesReport>): BytesReport => ({
	type: 'bytes',
	root: 'file',
	from: [],
	wrong: [],
	wasted: [],
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
				{ kind: 'peer', name: 'p1', bytes: 100, blocks: 2 },
				{ kind: 'gateway', name: 'g1', bytes: 50, blocks: 1 }
			],
			waiting: { fromByte: 150, sinceMs: 1, asked: ['p1'] }
		})
	)
	worker.postMessage(
		report({
			from: [{ kind: 'peer', name: 'p1', bytes: 10, blocks: 1 }],
			wrong: [{ name: 'g1', blocks: 2 }],
			wasted: [{ name: 'https://g2.example', bytes: 7 }]
		})
	)
	await vi.waitFor(() => {
		expect(bytes.of('file')?.peerBytes).toBe(110)
	})
	worker.close()
	expect(bytes.of('file')).toMatchObject({
		peers: 1,
		gateways: 1,
		gatewayBytes: 50,
		localBytes: 0,
		blocks: 4,
		wrong: 2,
		wastedBytes: 7
	})
	expect(bytes.of('file')?.waiting).toBeUndefined()
	expect(bytes.of('file')?.named).toEqual([
		{ kind: 'peer', name: 'p1', bytes: 110, blocks: 3, wrong: 0, wastedBytes: 0 },
		{ kind: 'gateway', name: 'g1', bytes: 50, blocks: 1, wrong: 2, wastedBytes: 0 },
		{ kind: 'gateway', name: 'https://g2.example', bytes: 0, blocks: 0, wrong: 0, wastedBytes: 7 }
	])
	expect(bytes.of('other')).toBeUndefined()
})

test('tells whom a reader waits for, until the next report goes without', () => {
	const bytes = new BytesState()
	open.push(bytes)
	const told: string[] = []
	const stop = bytes.onreport(({ root }) => told.push(root))
	bytes.add(report({ waiting: { fromByte: 4, sinceMs: 9, asked: ['p1', 'https://g1.example'] } }))
	expect(bytes.of('file')?.waiting?.asked).toEqual(['p1', 'https://g1.example'])
	stop()
	bytes.add(report({ from: [{ kind: 'peer', name: 'p1', bytes: 1, blocks: 1 }] }))
	expect(bytes.of('file')?.waiting).toBeUndefined()
	expect(told).toEqual(['file'])
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
	bytes.add(report({ root: 'a', from: [{ kind: 'peer', name: 'p1', bytes: 1, blocks: 1 }] }))
	expect(kind('a')).toBe('peers')
})
