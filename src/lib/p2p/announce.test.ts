import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { encode } from '@ipld/dag-cbor'
import { readFile } from 'node:fs/promises'
import { beforeAll, describe, expect, test } from 'vitest'
import { AnnouncementBook, encodeAnnouncement } from './announce'
import { nameOfKey } from './ipns-name'
import { signRecord } from './ipns-record'

const VECTORS = 'playwright/fixtures/vectors'
const VALUE = '/ipfs/bafybeianqaxtzyhyh3r4uf3vapqb6lo64pgy3momkphw2u5froabpblqtq'

interface Expected {
	'announcements in order': { file: string; verdict: string }[]
}

/** A publisher of the tests' own; `byte` tells them apart. */
async function publisher(byte: number) {
	const key = await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(byte))
	const name = nameOfKey(key.publicKey)
	const announce = async (sequence: bigint, options: { nowMs?: number; lifetimeMs?: number } = {}) =>
		encodeAnnouncement(name, await signRecord(key, VALUE, sequence, options), [])
	return { name, key, announce }
}

describe('the vectors', () => {
	let expected: Expected
	beforeAll(async () => {
		expected = JSON.parse(await readFile(`${VECTORS}/expected.json`, 'utf8')) as Expected
	})

	test('get their verdicts, heard in order', async () => {
		const book = new AnnouncementBook()
		const verdicts = []
		for (const { file } of expected['announcements in order']) {
			const judgement = await book.judge(await readFile(`${VECTORS}/${file}`))
			verdicts.push({ file, verdict: judgement.verdict })
		}
		expect(verdicts).toEqual(expected['announcements in order'])
	})

	test('an accepted one is held with what it says', async () => {
		const book = new AnnouncementBook()
		const bytes = await readFile(`${VECTORS}/accept-first.announce.cbor`)
		const { announcement } = await book.judge(bytes)
		expect(announcement).toMatchObject({ value: VALUE, sequence: 7n, hints: ['/ip4/127.0.0.1/tcp/4102/ws'] })
		expect(announcement && book.get(announcement.name)).toBe(announcement)
	})
})

describe('the rate', () => {
	test('lets a burst of three records of one name in, then one a minute', async () => {
		let now = Date.now()
		const book = new AnnouncementBook({ now: () => now })
		const { announce } = await publisher(1)
		const hear = async (sequence: bigint) => (await book.judge(await announce(sequence))).verdict
		expect([await hear(1n), await hear(2n), await hear(3n), await hear(4n)]).toEqual([
			'accept',
			'accept',
			'accept',
			'ignore'
		])
		now += 59_000
		expect(await hear(5n)).toBe('ignore')
		now += 1_000
		expect(await hear(6n)).toBe('accept')
		expect(await hear(7n)).toBe('ignore')
	})

	test('does not count what is held already, and is by name', async () => {
		const book = new AnnouncementBook()
		const [one, other] = [await publisher(1), await publisher(2)]
		const first = await one.announce(1n)
		await book.judge(first)
		for (let i = 0; i < 10; i++) await book.judge(first)
		expect((await book.judge(await one.announce(2n))).verdict).toBe('accept')
		expect((await book.judge(await other.announce(1n))).verdict).toBe('accept')
	})

	test('is not for what the user asked for', async () => {
		const book = new AnnouncementBook()
		const { announce } = await publisher(1)
		const verdicts = []
		for (let i = 1n; i < 8n; i++) verdicts.push((await book.judge(await announce(i), { unlimited: true })).verdict)
		expect(verdicts).toEqual(Array(7).fill('accept'))
	})
})

test('of two copies judged at once one is accepted', async () => {
	const book = new AnnouncementBook()
	const bytes = await (await publisher(1)).announce(1n)
	const verdicts = await Promise.all([book.judge(bytes), book.judge(bytes)])
	expect(verdicts.map(({ verdict }) => verdict).sort()).toEqual(['accept', 'ignore'])
})

test('a record is ignored once it has ended, also the one that is held', async () => {
	let now = Date.now()
	const book = new AnnouncementBook({ now: () => now })
	const bytes = await (await publisher(1)).announce(1n, { lifetimeMs: 60_000 })
	expect((await book.judge(bytes)).verdict).toBe('accept')
	now += 61_000
	expect(await book.judge(bytes)).toMatchObject({ verdict: 'ignore', reason: 'past its end' })
})

test('a blocked name is ignored', async () => {
	const { name, announce } = await publisher(1)
	const book = new AnnouncementBook({ blocked: (each) => each === name })
	expect((await book.judge(await announce(1n))).verdict).toBe('ignore')
	expect(book.size).toBe(0)
})

test('unknown keys do no harm, malformed known ones are rejected', async () => {
	const book = new AnnouncementBook()
	const { name, key } = await publisher(1)
	const record = await signRecord(key, VALUE, 1n)
	const verdict = async (message: object) => (await book.judge(encode(message))).verdict
	expect(await verdict({ v: 1, name, record, hints: 'no list' })).toBe('reject')
	expect(await verdict({ v: 1, name, record, hints: Array(9).fill('/ip4/192.0.2.1/tcp/1') })).toBe('reject')
	expect(await verdict({ v: 1, name, record, hints: ['x'.repeat(513)] })).toBe('reject')
	expect(await verdict({ v: 0, name, record })).toBe('reject')
	expect(await verdict({ v: '1', name, record })).toBe('reject')
	expect(await verdict({ v: 1, name: name.toUpperCase(), record })).toBe('reject')
	expect(await verdict({ v: 1, name, record: record.subarray(1) })).toBe('reject')
	expect(await verdict({ v: 1, name, record, extra: true })).toBe('accept')
})

test('when the book is full an ended name makes room, else the one heard longest ago', async () => {
	let now = Date.now()
	const book = new AnnouncementBook({ now: () => now, maxNames: 2 })
	const [a, b, c, d] = [await publisher(1), await publisher(2), await publisher(3), await publisher(4)]
	await book.judge(await a.announce(1n))
	await book.judge(await b.announce(1n, { lifetimeMs: 60_000 }))
	now += 61_000
	await book.judge(await c.announce(1n))
	expect(book.names()).toEqual([a.name, c.name].sort())
	await book.judge(await d.announce(1n))
	expect(book.names()).toEqual([c.name, d.name].sort())
})

test('what was stored is held again, with its place in the order of records', async () => {
	const { name, announce } = await publisher(1)
	const newer = await announce(2n)
	const book = new AnnouncementBook()
	expect(book.restore(newer)).toBe(true)
	expect(book.get(name)?.sequence).toBe(2n)
	expect((await book.judge(await announce(1n))).reason).toBe('older than the one held')
	expect(book.restore(new Uint8Array(3))).toBe(false)
})
