import { CID } from 'multiformats/cid'
import { describe, expect, test } from 'vitest'
import { encodeStrict } from './dag-cbor'
import { parseEntry, type Entry } from './entry'
import { PAGE_BYTES, PAGE_ENTRIES } from './limits'
import { decodePage, encodePage, splitPages } from './page'
import { seededRandom } from './seeded-random.fixture'
import { SOME_CID } from './vectors.fixture'

const file = CID.parse(SOME_CID)
const entry = (k: string, more: Partial<Entry> = {}): Entry => ({
	k,
	t: 'audio',
	file,
	size: 1,
	mime: 'audio/mpeg',
	title: k.slice(0, 400),
	...more
})

function shuffled<T>(items: readonly T[], random: () => number): T[] {
	const copy = [...items]
	for (let i = copy.length - 1; i > 0; i--) {
		const j = Math.floor(random() * (i + 1))
		;[copy[i], copy[j]] = [copy[j] as T, copy[i] as T]
	}
	return copy
}

function someEntries(count: number, seed: number): Entry[] {
	const random = seededRandom(seed)
	const keys = new Set<string>()
	while (keys.size < count)
		keys.add(`Artist ${Math.floor(random() * 300)}/Album/${random().toString(36).slice(2, 9)}.mp3`)
	return [...keys].map((k) => entry(k))
}

/** Keys of which none ends a page by itself. */
async function plainKeys(count: number): Promise<string[]> {
	const keys: string[] = []
	for (let i = 0; keys.length < count; i++) {
		const k = String(i).padStart(6, '0')
		const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(k)))
		if (hash[0] !== 0) keys.push(k)
	}
	return keys
}

const hexOf = async (pages: readonly (readonly Entry[])[]) =>
	await Promise.all(
		pages.map(async (page) => {
			const bytes = Uint8Array.from(encodePage(page))
			return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).join()
		})
	)

describe('splitPages', () => {
	test.each([1, 2, 3])('gives the same pages whatever the order of the entries (seed %i)', async (seed) => {
		const entries = someEntries(1500, seed)
		const pages = await splitPages(entries)
		const again = await splitPages(shuffled(entries, seededRandom(seed + 100)))
		expect(again).toEqual(pages)
		expect(pages.flat()).toHaveLength(1500)
		expect(pages.length).toBeGreaterThan(1)
	})

	test.each([4, 5, 6])('an edit changes few pages (seed %i)', async (seed) => {
		const entries = someEntries(2500, seed)
		const before = await hexOf(await splitPages(entries))
		const random = seededRandom(seed)
		const at = Math.floor(random() * entries.length)
		const edits: Entry[][] = [
			entries.with(at, entry(entries[at]?.k ?? '', { title: 'Another title' })),
			entries.toSpliced(at, 1),
			[...entries, entry(`Artist ${Math.floor(random() * 300)}/Album/new.mp3`)]
		]
		for (const edited of edits) {
			const after = await hexOf(await splitPages(edited))
			const fresh = after.filter((hash) => !before.includes(hash))
			expect(before.length).toBeGreaterThan(5)
			expect(fresh.length).toBeLessThanOrEqual(2)
		}
	})

	test('ends a page only where the rule says', async () => {
		const pages = await splitPages(someEntries(2000, 7))
		for (const page of pages.slice(0, -1)) {
			const last = new TextEncoder().encode(page.at(-1)?.k)
			const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', last))
			expect(page.length === PAGE_ENTRIES || hash[0] === 0).toBe(true)
		}
		for (const page of pages) {
			for (const { k } of page.slice(0, -1)) {
				const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(k)))
				expect(hash[0]).not.toBe(0)
			}
		}
	})

	test('ends a page at 1024 entries', async () => {
		const entries = (await plainKeys(2100)).map((k) => entry(k))
		expect((await splitPages(entries)).map((page) => page.length)).toEqual([1024, 1024, 52])
	})

	test('ends a page before it would pass 900 KiB', async () => {
		const comment = 'x'.repeat(20_000)
		const entries = (await plainKeys(100)).map((k) => entry(k, { comment }))
		const pages = await splitPages(entries)
		expect(pages.length).toBeGreaterThan(2)
		for (const page of pages) expect(encodePage(page).byteLength).toBeLessThanOrEqual(PAGE_BYTES)
		const [first, second] = pages
		expect(encodePage([...(first ?? []), ...(second ?? []).slice(0, 1)]).byteLength).toBeGreaterThan(PAGE_BYTES)
	})

	test('sorts by bytes, not by UTF-16 units', async () => {
		const pages = await splitPages([entry('𝄞'), entry('\uffee'), entry('z'), entry('za')])
		expect(pages.flat().map(({ k }) => k)).toEqual(['z', 'za', '\uffee', '𝄞'])
	})

	test('refuses a key that is there twice', async () => {
		await expect(splitPages([entry('a'), entry('b'), entry('a')])).rejects.toMatchObject({ code: 'invalid-entry' })
	})

	test('refuses an entry that is too large for any page', async () => {
		const huge = entry('a', { extra: { future: 'x'.repeat(1024 * 1024) } })
		await expect(splitPages([huge])).rejects.toMatchObject({ code: 'invalid-entry' })
	})

	test('gives no page for nothing', async () => {
		expect(await splitPages([])).toEqual([])
	})
})

describe('decodePage', () => {
	test('gives back what was encoded, unknown keys too', () => {
		const entries = [
			entry('a', { extra: { future: { any: [1, 2] } } }),
			entry('b', { thumb: new Uint8Array([1, 2]) })
		]
		expect(decodePage(encodePage(entries.map(parseEntryAgain)))).toEqual({
			entries: entries.map(parseEntryAgain),
			dropped: 0,
			reasons: []
		})
	})

	test('drops what breaks a rule, says why, and keeps the rest', () => {
		const bytes = encodeStrict([{ ...entry('a'), size: -5 }, entry('b'), 'x', { ...entry('c'), title: 3 }])
		const { entries, dropped, reasons } = decodePage(bytes)
		expect(entries.map(({ k }) => k)).toEqual(['b'])
		expect(dropped).toBe(3)
		expect(reasons).toEqual([
			'a: size must be a whole number, 0 or more',
			'an entry without a key: must be a map',
			'c: title must be text of at most 500 characters'
		])
	})

	test('keeps the first of two entries with one key, also when they differ only before NFC', () => {
		const bytes = encodeStrict([entry('\u00e9', { title: '1' }), entry('e\u0301', { title: '2' }), entry('f')])
		const { entries, dropped } = decodePage(bytes)
		expect(entries.map(({ title }) => title)).toEqual(['1', 'f'])
		expect(dropped).toBe(1)
	})

	test('keeps the first reasons only, and all the count', () => {
		const { dropped, reasons } = decodePage(encodeStrict(Array.from({ length: 5000 }, () => 0)))
		expect(dropped).toBe(5000)
		expect(reasons).toHaveLength(20)
	})

	test('shows no control characters in a reason', () => {
		const { reasons } = decodePage(encodeStrict([{ k: '\u202ebad\u0000' }]))
		expect(reasons[0]).toMatch(/^bad: /)
	})

	test.each([
		['a map', encodeStrict({ a: 1 }), 'invalid-page'],
		['more items than valid entries fit', encodeStrict(Array.from({ length: 20_000 }, () => 0)), 'invalid-page'],
		['more than 1 MiB', new Uint8Array(1024 * 1024 + 1), 'too-large'],
		['no bytes', new Uint8Array(0), 'invalid-page']
	])('refuses %s', (_, bytes, code) => {
		expect(() => decodePage(bytes)).toThrow(expect.objectContaining({ code }))
	})
})

const parseEntryAgain = (one: Entry): Entry => {
	const { extra, ...fields } = one
	return parseEntry({ ...extra, ...fields })
}
