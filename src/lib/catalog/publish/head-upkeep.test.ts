import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { expect, test } from 'vitest'
import { AppError } from '../../errors'
import { nameOfKey } from '../../p2p/ipns-name'
import { parseRecord, signRecord, type IpnsRecord } from '../../p2p/ipns-record'
import { HeadUpkeep, type HeadUpkeepDeps } from './head-upkeep'

const DAY_MS = 24 * 60 * 60_000
const signal = new AbortController().signal
const key = await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(3))
const name = nameOfKey(key.publicKey)
const start = Date.UTC(2026, 10, 21)
const record = async (value: string, sequence: bigint, nowMs = start): Promise<IpnsRecord> =>
	await parseRecord(name, await signRecord(key, value, sequence, { nowMs }))

function setUp({ own = true, held, network }: { own?: boolean; held?: IpnsRecord; network?: IpnsRecord }) {
	const clock = { nowMs: start, locked: false }
	const put: IpnsRecord[] = []
	const announced: Uint8Array[] = []
	let puts: Readonly<Record<string, number>> = {}
	const state = { held, network }
	const deps: HeadUpkeepDeps = {
		own: async () => Promise.resolve(own ? [name] : []),
		followed: async () => Promise.resolve([name]),
		held: async () => Promise.resolve(state.held),
		network: async () => Promise.resolve(state.network),
		async sign(_, value, sequence) {
			if (clock.locked) throw new AppError('locked', 'no')
			return await signRecord(key, value, sequence, { nowMs: clock.nowMs })
		},
		async put(_, bytes) {
			const taken = await parseRecord(name, bytes)
			put.push(taken)
			state.network = taken
			return [{ place: 'https://router', ok: true }]
		},
		announce: async (_, bytes) => Promise.resolve(announced.push(bytes)),
		readPuts: async () => Promise.resolve(puts),
		writePuts: async (written) => {
			puts = written
			return Promise.resolve()
		},
		now: () => clock.nowMs,
		random: () => 0.5
	}
	return { upkeep: new HeadUpkeep(deps), clock, put, announced, state }
}

test('an own record is put again after 12 hours and some, not before', async () => {
	const held = await record('/ipfs/a', 4n)
	const { upkeep, clock, put } = setUp({ held, network: held })
	await upkeep.run(signal)
	clock.nowMs += 13 * 60 * 60_000
	await upkeep.run(signal)
	expect(put).toHaveLength(1)
	clock.nowMs += 2 * 60 * 60_000
	expect(await upkeep.run(signal)).toMatchObject([{ did: 'put' }])
	expect(put.map(({ bytes }) => bytes)).toEqual([held.bytes, held.bytes])
})

test('an own record is renewed well before it ends, one above the highest seen, and announced', async () => {
	const held = await record('/ipfs/a', 4n)
	const network = await record('/ipfs/second-device', 9n)
	const { upkeep, clock, put, announced } = setUp({ held, network })
	clock.nowMs += 31 * DAY_MS
	expect(await upkeep.run(signal)).toMatchObject([{ did: 'renewed', named: [{ ok: true }] }])
	expect(put).toMatchObject([{ value: '/ipfs/second-device', sequence: 10n }])
	expect(put[0]?.validUntilMs).toBe(clock.nowMs + 90 * DAY_MS)
	expect(announced).toEqual([put[0]?.bytes])
})

test('a key that is locked is waited for', async () => {
	const { upkeep, clock, put } = setUp({ held: await record('/ipfs/a', 4n) })
	clock.nowMs += 40 * DAY_MS
	clock.locked = true
	expect(await upkeep.run(signal)).toMatchObject([{ did: 'waits' }])
	clock.locked = false
	expect(await upkeep.run(signal)).toMatchObject([{ did: 'renewed' }])
	expect(put).toHaveLength(1)
})

test('a followed record is put only where the network has lost it, and never signed', async () => {
	const held = await record('/ipfs/a', 4n)
	const { upkeep, clock, put, state } = setUp({ own: false, held, network: held })
	expect(await upkeep.run(signal)).toEqual([])
	state.network = undefined
	clock.nowMs += 60_000
	expect(await upkeep.run(signal)).toEqual([])
	clock.nowMs += 14 * 60 * 60_000
	expect(await upkeep.run(signal)).toMatchObject([{ did: 'put' }])
	expect(put[0]?.bytes).toEqual(held.bytes)
	clock.nowMs += 100 * DAY_MS
	state.network = undefined
	expect(await upkeep.run(signal)).toEqual([])
})

test('a followed record older than what the network has is left alone', async () => {
	const { upkeep, put } = setUp({
		own: false,
		held: await record('/ipfs/a', 4n),
		network: await record('/ipfs/b', 5n)
	})
	await upkeep.run(signal)
	expect(put).toEqual([])
})
