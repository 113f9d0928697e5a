import { CID } from 'multiformats/cid'
import { describe, expect, test } from 'vitest'
import { errorCode } from '../errors'
import { encodeStrict } from './dag-cbor'
import { checkPublisher, decodeHead, encodeHead, type Head } from './head'
import { decodePage } from './page'
import { decodePlaylist } from './playlist'
import { readRoot } from './readers'
import { seededRandom } from './seeded-random.fixture'
import { SOME_CID, blocksOfCar, expected, vector } from './vectors.fixture'

const leaf = CID.parse(SOME_CID)
const other = CID.parse('bafkreidr6za6dqjtiwhdokc3yr6ippx7xsziw3rvbajcdqt2p6lm4cdf4u')
const least: Head = { v: 1, publisher: 'k51x', name: 'N', created: 1, entries: 2, bytes: 3, pages: [] }
const page = (c: CID, k: string) => ({ c, n: 1, k })

describe('decodeHead', () => {
	test('gives back what was encoded', () => {
		const head: Head = {
			...least,
			about: 'A',
			icon: leaf,
			pages: [page(leaf, 'a'), page(other, 'b')],
			follows: [{ name: 'k51y', petname: 'Y' }, { name: 'k51z' }],
			mirrors: [{ root: leaf, of: 'k51y' }],
			playlists: [leaf]
		}
		expect(decodeHead(encodeHead(head))).toEqual(head)
	})

	test('keeps unknown keys', () => {
		expect(decodeHead(encodeStrict({ ...least, future: 1 })).extra).toEqual({ future: 1 })
	})

	test.each([
		['a later version', { v: 2 }, /later version/],
		['no version', { v: undefined }, /v is missing/],
		['pages that are not leaves', { pages: [page(CID.createV1(0x70, leaf.multihash), 'a')] }, /^pages/],
		['pages out of order', { pages: [page(leaf, 'b'), page(other, 'a')] }, /key order/],
		['one page many times', { pages: [page(leaf, 'a'), page(leaf, 'b')] }, /twice/],
		['a name too long', { name: 'x'.repeat(201) }, /^name/],
		['negative totals', { entries: -1 }, /^entries/],
		['too many follows', { follows: Array.from({ length: 10_001 }, () => ({ name: 'k' })) }, /^follows/]
	])('refuses %s', (_, more, detail) => {
		const value = Object.fromEntries(Object.entries({ ...least, ...more }).filter(([, one]) => one !== undefined))
		expect(() => decodeHead(encodeStrict(value))).toThrow(
			expect.objectContaining({ code: 'invalid-head', detail: expect.stringMatching(detail) as string })
		)
	})

	test.each(['javascript:alert(1)', 'data:text/html,x', 'somewhere'])('leaves out the homepage %s', (homepage) => {
		expect(decodeHead(encodeStrict({ ...least, homepage }))).toEqual(least)
		expect(decodeHead(encodeStrict({ ...least, homepage: 'https://example.org/' })).homepage).toBe(
			'https://example.org/'
		)
	})

	test('refuses more than 1 MiB', () => {
		expect(() => decodeHead(new Uint8Array(1024 * 1024 + 1))).toThrow(
			expect.objectContaining({ code: 'too-large' })
		)
	})

	test('a head of another publisher is told apart', () => {
		expect(() => {
			checkPublisher(least, 'k51other')
		}).toThrow(expect.objectContaining({ code: 'publisher-mismatch' }))
		expect(() => {
			checkPublisher(least, 'k51x')
		}).not.toThrow()
	})
})

test.each([1, 2, 3])('whatever bytes come, they are read or refused in order (seed %i)', async (seed) => {
	const random = seededRandom(seed)
	const car = await blocksOfCar('publication.car')
	const signal = AbortSignal.timeout(10_000)
	const page = CID.parse('bafkreibv5yeemxr7s3uyx3i6wxwoskau6cvo2zvxpugs6tm3jm5hgsmthy')
	const head = CID.parse('bafkreiavccmi5hhfwekkykcjlp5ak3uzx7mvfpzgjoj7f66t2gmc2el32m')
	const sources = [await car.get(page, { signal }), await car.get(head, { signal }), await vector('playlist.cbor')]
	const refusals: unknown[] = []
	for (let round = 0; round < 1500; round++) {
		const bytes = Uint8Array.from(sources[round % 3] ?? [])
		for (let i = 0; i <= random() * 3; i++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
		const cut = random() < 0.2 ? bytes.slice(0, Math.floor(random() * bytes.length)) : bytes
		try {
			;[decodePage, decodeHead, decodePlaylist][round % 3]?.(cut)
		} catch (error) {
			refusals.push(error)
		}
	}
	expect(refusals.length).toBeGreaterThan(100)
	expect(refusals.filter((error) => errorCode(error) === undefined)).toEqual([])
})

describe.each(['publication.car', 'publication-updated.car'] as const)('the vector %s', (name) => {
	test('is accepted and dropped as expected', async () => {
		const wanted = await expected()
		const blocks = await blocksOfCar(name)
		const signal = AbortSignal.timeout(10_000)
		const root = CID.parse(name === 'publication.car' ? wanted.root : wanted.updatedRoot)
		const reading = await readRoot(root, '', blocks, { signal })
		if (reading.kind !== 'publication') throw new Error(`read as ${reading.kind}`)
		const head = decodeHead(reading.head.bytes)
		checkPublisher(head, wanted.publisher)
		expect(head.name).toBe('Harbour Recordings')
		const pages = await Promise.all(head.pages.map(async ({ c }) => decodePage(await blocks.get(c, { signal }))))
		const entries = pages.flatMap((one) => one.entries)
		const dropped = pages.reduce((sum, one) => sum + one.dropped, 0)
		// The vector lists its titles album by album; a page is in key order.
		expect(entries.map(({ title }) => title).sort()).toEqual([...wanted[name].titles].sort())
		expect({ accepted: entries.length, dropped }).toEqual({
			accepted: wanted[name].accepted,
			dropped: wanted[name].dropped
		})
	})
})
