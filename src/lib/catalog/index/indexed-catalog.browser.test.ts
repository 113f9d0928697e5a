import { deleteDB, openDB } from 'idb'
import { CID } from 'multiformats/cid'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { generateCatalogs, toPublication, type GeneratedCatalog } from '../../../../bench/catalog-generator'
import { AppError } from '../../errors'
import type { PublicationInput } from '../catalog'
import type { Entry } from '../entry'
import { toRow } from '../entry'
import { encodePage } from '../page'
import { IndexedCatalog } from './indexed-catalog'
import { PagePreparer, servePages } from './page-preparing'

const open: IndexedCatalog[] = []
let databases = 0
let now = 1_800_000_000_000

function openCatalog(name: string): IndexedCatalog {
	const catalog = new IndexedCatalog({ name, now: () => now })
	open.push(catalog)
	return catalog
}

const freshName = () => `catalog-test-${Date.now()}-${databases++}`

afterEach(() => {
	for (const catalog of open.splice(0)) catalog.dispose()
	now = 1_800_000_000_000
})

const [first, second] = [...generateCatalogs({ seed: 5, publishers: 2, entries: 1500 })] as [
	GeneratedCatalog,
	GeneratedCatalog
]
const FILE = CID.parse('bafkreidbunvlvvjtjhn4eyqnjorg46zjpv4c2olxukqv2hucs6ux2kmotq')

const entry = (k: string, title: string, more: Partial<Entry> = {}): Entry => ({
	k,
	t: 'audio',
	file: FILE,
	size: 1000,
	mime: 'audio/mpeg',
	title,
	artists: ['Nadia Ório'],
	albumArtists: ['Nadia Ório'],
	album: 'Low Tide',
	...more
})

const withEntries = (catalog: GeneratedCatalog, entries: readonly Entry[]): GeneratedCatalog => ({
	...catalog,
	entries
})

const fileNumber = (number: number) => {
	const digest = Uint8Array.from({ length: 34 }, (_, at) =>
		at === 0 ? 0x12 : at === 1 ? 0x20 : (number * 31 + at) & 255
	)
	return CID.decode(Uint8Array.from([1, 0x55, ...digest]))
}

const titles = async (catalog: IndexedCatalog, text: string) =>
	(await catalog.search({ text })).hits.map(({ row }) => row.title)

async function pagesOf(publication: PublicationInput): Promise<string[]> {
	return Promise.resolve(publication.pages.map(({ cid }) => cid))
}

describe('apply', () => {
	test('indexes a publication and answers from it', async () => {
		const catalog = openCatalog(freshName())
		const told = vi.fn()
		catalog.onchange(told)
		expect(await catalog.open()).toEqual({ entries: 0, publishers: 0, albums: 0 })
		const publication = await toPublication(first)
		expect(await catalog.apply(publication)).toEqual({ accepted: first.entries.length, dropped: 0, reasons: [] })
		const totals = await catalog.open()
		expect(totals).toMatchObject({ entries: first.entries.length, publishers: 1 })
		expect(told).toHaveBeenCalledWith(totals)
		expect(await catalog.heldPages(first.publisher)).toEqual(await pagesOf(publication))
		expect(await catalog.publisher(first.publisher)).toMatchObject({
			displayName: first.displayName,
			root: publication.root,
			sequence: 1,
			entries: first.entries.length,
			validUntilMs: Infinity
		})
		for (const wanted of first.entries.filter((_, at) => at % 100 === 0)) {
			const { hits } = await catalog.search({ text: `${wanted.title} ${wanted.artists?.[0] ?? ''}`, limit: 5 })
			const [best] = hits
			expect(best?.row).toMatchObject({ title: wanted.title, publisher: first.publisher, root: publication.root })
			expect(best?.edits).toBe(0)
		}
	})

	test('keeps rows in key order, each with an id of its own', async () => {
		const catalog = openCatalog(freshName())
		await catalog.apply(await toPublication(first))
		await catalog.apply(await toPublication(second))
		const keys = (rows: readonly { k: string }[]) => rows.map(({ k }) => k)
		const all = await catalog.entriesOf(first.publisher, 0, 10_000)
		expect(keys(all)).toEqual(first.entries.map(({ k }) => k).sort())
		expect(keys(await catalog.entriesOf(first.publisher, 300, 7))).toEqual(keys(all.slice(300, 307)))
		const ids = [...all, ...(await catalog.entriesOf(second.publisher, 0, 10_000))].map(({ id }) => id)
		expect(new Set(ids).size).toBe(1500)
		expect(ids).not.toContain(0)
	})

	test('replaces a publication by the next one, without the pages that stayed', async () => {
		const catalog = openCatalog(freshName())
		const publication = await toPublication(first)
		await catalog.apply(publication)
		const before = await catalog.entriesOf(first.publisher, 0, 10_000)
		const [changed] = first.entries.toSorted((a, b) => (a.k < b.k ? -1 : 1)).slice(10)
		const entries = first.entries.map((one) => (one === changed ? { ...one, title: 'Zyxomma petiolatum' } : one))
		const held = new Set(await catalog.heldPages(first.publisher))
		const next = await toPublication(withEntries(first, entries), { sequence: 2, held })
		expect(next.pages.filter(({ bytes }) => bytes !== undefined)).toHaveLength(1)
		expect(next.pages.length).toBeGreaterThan(1)
		expect(await catalog.apply(next)).toMatchObject({ accepted: entries.length, dropped: 0 })
		expect(await titles(catalog, 'zyxomma')).toEqual(['Zyxomma petiolatum'])
		expect(await titles(catalog, changed?.title ?? '')).not.toContain(changed?.title)
		const after = await catalog.entriesOf(first.publisher, 0, 10_000)
		expect(after.map(({ root }) => root)).toEqual(after.map(() => next.root))
		const idsBefore = new Set(before.map(({ id }) => id))
		expect(after.filter(({ id }) => idsBefore.has(id)).length).toBeGreaterThan(0)
		expect((await catalog.open()).entries).toBe(entries.length)
	})

	test('refuses a head that names another publisher, and keeps what was there', async () => {
		const catalog = openCatalog(freshName())
		await catalog.apply(await toPublication(first))
		const foreign = { ...(await toPublication(second)), publisher: first.publisher }
		await expect(catalog.apply(foreign)).rejects.toMatchObject({ code: 'publisher-mismatch' })
		expect(await catalog.publisher(first.publisher)).toMatchObject({ displayName: first.displayName })
		expect((await catalog.open()).entries).toBe(first.entries.length)
	})

	test('refuses a page that is neither held nor given', async () => {
		const catalog = openCatalog(freshName())
		const publication = await toPublication(first)
		const pages = publication.pages.map(({ cid }, at) => (at === 1 ? { cid } : (publication.pages[at] ?? { cid })))
		await expect(catalog.apply({ ...publication, pages })).rejects.toMatchObject({ code: 'invalid-page' })
		expect(await catalog.open()).toEqual({ entries: 0, publishers: 0, albums: 0 })
		expect(await catalog.search({ text: '' })).toMatchObject({ total: 0 })
	})

	test('a page that does not decode fails the whole publication', async () => {
		const catalog = openCatalog(freshName())
		const publication = await toPublication(first)
		await catalog.apply(publication)
		const [page, ...rest] = publication.pages
		const broken = { cid: FILE.toString(), bytes: Uint8Array.of(0xff) }
		await expect(catalog.apply({ ...publication, pages: [broken, ...rest] })).rejects.toBeInstanceOf(AppError)
		expect(await catalog.heldPages(first.publisher)).toContain(page?.cid)
	})

	test('drops and counts entries that break a rule, and keys that another page has', async () => {
		const catalog = openCatalog(freshName())
		const publication = await toPublication(withEntries(first, [entry('a', 'Alpha'), entry('m', 'Mu')]))
		const again = {
			cid: fileNumber(1).toString(),
			bytes: encodePage([entry('a', 'Second alpha'), entry('b', 'Beta')])
		}
		const outcome = await catalog.apply({ ...publication, pages: [...publication.pages, again] })
		expect(outcome).toMatchObject({ accepted: 3, dropped: 1 })
		expect(outcome.reasons).toHaveLength(1)
		expect((await catalog.entriesOf(first.publisher, 0, 9)).map(({ title }) => title)).toEqual([
			'Alpha',
			'Mu',
			'Beta'
		])
		expect(await catalog.heldPages(first.publisher)).toEqual(await pagesOf(publication))
	})

	test('takes rows of a root that has no head', async () => {
		const catalog = openCatalog(freshName())
		const root = fileNumber(2).toString()
		const rows = Array.from({ length: 1500 }, (_, at) =>
			toRow(entry(`${at}`, `Walked ${at}`, { file: fileNumber(at) }), {
				id: 0,
				publisher: root,
				publisherName: 'Box',
				root
			})
		)
		const input = {
			publisher: root,
			root,
			sequence: 0,
			validUntilMs: Infinity,
			pages: [],
			listed: { displayName: 'Box', rows, dropped: 2 }
		}
		expect(await catalog.apply(input)).toMatchObject({ accepted: 1500, dropped: 2 })
		expect(await titles(catalog, 'walked 1499')).toEqual(['Walked 1499'])
		expect(await catalog.heldPages(root)).toEqual([])
		await catalog.apply(input)
		expect((await catalog.open()).entries).toBe(1500)
	})

	test('applications at the same time come one after the other', async () => {
		const catalog = openCatalog(freshName())
		const next = await toPublication(withEntries(first, first.entries.slice(0, 100)), { sequence: 2 })
		await Promise.all([
			toPublication(first).then((publication) => catalog.apply(publication)),
			toPublication(second).then((publication) => catalog.apply(publication))
		])
		await Promise.all([catalog.apply(next), catalog.apply(next)])
		expect((await catalog.open()).entries).toBe(100 + second.entries.length)
	})

	test('answers while a publication is being applied, from the old state or the new', async () => {
		const catalog = openCatalog(freshName())
		await catalog.apply(await toPublication(first))
		const applying = catalog.apply(await toPublication(second))
		const seen = new Set<number>()
		let done = false
		void applying.then(() => (done = true))
		while (!done) {
			seen.add((await catalog.search({ text: '', limit: 0 })).byKind.audio ?? 0)
			// Answers from memory alone would keep the event loop from ever turning.
			await new Promise((resolve) => setTimeout(resolve))
		}
		await applying
		seen.add((await catalog.search({ text: '', limit: 0 })).byKind.audio ?? 0)
		expect(seen.size).toBe(2)
	})
})

describe('with a helper', () => {
	test('the one whose turn comes next is read while it waits, and each page once', async () => {
		const name = freshName()
		const catalog = openCatalog(name)
		const { port1, port2 } = new MessageChannel()
		servePages(port1)
		const helper = new PagePreparer(port2)
		const read = vi.spyOn(helper, 'read')
		const readOf = () => new Set(read.mock.calls.map(([, { publisher }]) => publisher))
		catalog.helper = helper
		await catalog.open()
		const publications = [await toPublication(first), await toPublication(second)]
		const { promise: until, resolve: letWrite } = Promise.withResolvers<void>()
		const { promise: locked, resolve: hasLock } = Promise.withResolvers<void>()
		void navigator.locks.request(`${name}-write`, () => {
			hasLock()
			return until
		})
		await locked
		const [one, other] = publications.map((publication) => catalog.apply(publication))
		await vi.waitFor(() => expect(readOf()).toEqual(new Set([second.publisher])))
		letWrite()
		expect(await one).toMatchObject({ accepted: first.entries.length })
		expect(await other).toMatchObject({ accepted: second.entries.length })
		expect(readOf()).toEqual(new Set([first.publisher, second.publisher]))
		expect(read).toHaveBeenCalledTimes(publications.flatMap(({ pages }) => pages).length)
		port1.close()
	})
})

describe('remove', () => {
	test('takes its entries out of everything', async () => {
		const catalog = openCatalog(freshName())
		await catalog.apply(await toPublication(first))
		await catalog.apply(await toPublication(second))
		await catalog.remove(first.publisher)
		expect(await catalog.open()).toMatchObject({ entries: second.entries.length, publishers: 1 })
		expect(await catalog.publisher(first.publisher)).toBeUndefined()
		expect(await catalog.entriesOf(first.publisher, 0, 10)).toEqual([])
		expect(await catalog.albums({ publisher: first.publisher, limit: 10 })).toEqual([])
		const wanted = first.entries[0]
		const { hits } = await catalog.search({ text: `${wanted?.title ?? ''} ${wanted?.artists?.[0] ?? ''}` })
		expect(hits.map(({ row }) => row.publisher)).not.toContain(first.publisher)
		await catalog.apply(await toPublication(first))
		expect((await catalog.open()).entries).toBe(1500)
	})

	test('wins over a publication of the same publisher that is being applied', async () => {
		const catalog = openCatalog(freshName())
		await catalog.open()
		const applying = catalog.apply(await toPublication(first))
		const removed = catalog.remove(first.publisher)
		await expect(applying).rejects.toMatchObject({ name: 'AbortError' })
		await removed
		expect((await catalog.open()).entries).toBe(0)
	})
})

describe('reopened', () => {
	test('has everything again, without a page being given again', async () => {
		const name = freshName()
		const before = openCatalog(name)
		const publication = await toPublication(first)
		await before.apply(publication)
		const query = { text: first.entries[3]?.title ?? '' }
		const { tookMs: _before, ...answer } = await before.search(query)
		before.dispose()

		const after = openCatalog(name)
		expect(await after.open()).toMatchObject({ entries: first.entries.length, publishers: 1 })
		const { tookMs: _after, ...again } = await after.search(query)
		expect(again).toEqual(answer)
		expect(await after.heldPages(first.publisher)).toEqual(await pagesOf(publication))
		const held = publication.pages.map(({ cid }) => ({ cid }))
		expect(await after.apply({ ...publication, pages: held })).toMatchObject({ accepted: first.entries.length })
	})

	const flushed = async (name: string) => {
		const database = await openDB(name)
		await vi.waitFor(async () => expect(await database.count('entry-segments')).toBeGreaterThan(0), {
			timeout: 10_000,
			interval: 100
		})
		return database
	}

	test('finds by the index as it was flushed, without reading rows', async () => {
		const name = freshName()
		const before = openCatalog(name)
		await before.apply(await toPublication(first))
		const query = { text: first.entries[3]?.title ?? '', limit: 0 }
		const { total } = await before.search(query)
		const database = await flushed(name)
		before.dispose()
		await database.clear('rows')
		database.close()
		expect(total).toBeGreaterThan(0)
		expect((await openCatalog(name).search(query)).total).toBe(total)
	})

	test('makes indexes anew that were made in another way', async () => {
		const name = freshName()
		const before = openCatalog(name)
		await before.apply(await toPublication(first))
		const query = { text: first.entries[3]?.title ?? '' }
		const { tookMs: _before, ...answer } = await before.search(query)
		const database = await flushed(name)
		before.dispose()
		await database.put('values', 1, 'indexFormat')
		database.close()
		const { tookMs: _after, ...again } = await openCatalog(name).search(query)
		expect(again).toEqual(answer)
	})

	test('sweeps away pages that a crash left out of use', async () => {
		const name = freshName()
		const before = openCatalog(name)
		await before.apply(await toPublication(first))
		before.dispose()
		const database = await openDB(name)
		const pages = await database.count('pages')
		const [page] = (await database.getAll('pages')) as { first: number }[]
		await database.put('pages', { ...page, first: 99_999 })
		await database.put('rows', new Uint8Array(), 99_999)
		const after = openCatalog(name)
		expect((await after.open()).entries).toBe(first.entries.length)
		await vi.waitFor(async () => expect(await database.count('pages')).toBe(pages), { timeout: 10_000 })
		expect(await database.get('rows', 99_999)).toBeUndefined()
		database.close()
	})

	test('takes over what the first version of the catalog kept', async () => {
		const name = freshName()
		const old = await openDB(name, 1, {
			upgrade(database) {
				database.createObjectStore('publishers', { keyPath: 'name' })
				database.createObjectStore('pages', { keyPath: 'id' })
				for (const store of ['rows', 'index', 'values']) database.createObjectStore(store)
			}
		})
		const row = (at: number) => {
			const {
				id: _id,
				publisher: _publisher,
				publisherName: _name,
				root: _root,
				...stored
			} = toRow(entry(`Low Tide/${String(at).padStart(2, '0')}.mp3`, `Heron ${at}`, { file: fileNumber(at) }), {
				id: 0,
				publisher: '',
				publisherName: '',
				root: ''
			})
			return stored
		}
		const rows = Array.from({ length: 40 }, (_, at) => row(at))
		const json = (part: unknown) => new TextEncoder().encode(JSON.stringify(part))
		await old.put('rows', json(rows.slice(0, 32)), [7, 0])
		await old.put('rows', json(rows.slice(32)), [7, 1])
		await old.put('pages', { id: 7, cid: FILE.toString(), count: 40, dropped: 1, reasons: ['k: no'] })
		await old.put('publishers', {
			name: first.publisher,
			displayName: 'Estuary',
			root: 'bafyroot',
			sequence: 4,
			createdMs: 1000,
			indexedMs: 2000,
			validUntilMs: Infinity,
			entries: 40,
			dropped: 1,
			sizeBytes: 40_000,
			pages: [FILE.toString()],
			pageIds: [7]
		})
		old.close()
		const catalog = openCatalog(name)
		await vi.waitFor(
			async () => expect(await catalog.open()).toMatchObject({ entries: 40, publishers: 1, albums: 1 }),
			{ timeout: 10_000 }
		)
		expect(await titles(catalog, 'heron 39')).toEqual(['Heron 39'])
		expect(await catalog.heldPages(first.publisher)).toEqual([FILE.toString()])
		expect(await catalog.publisher(first.publisher)).toMatchObject({
			displayName: 'Estuary',
			sequence: 4,
			dropped: 1
		})
		catalog.dispose()
		const left = await openDB(name)
		await vi.waitFor(async () => expect(await left.count('old-rows')).toBe(0), { timeout: 10_000 })
		left.close()
	})
})

describe('two workers on one database', () => {
	test('each takes up what the other wrote', async () => {
		const name = freshName()
		const [one, other] = [openCatalog(name), openCatalog(name)]
		await Promise.all([one.open(), other.open()])
		const told = new Promise<void>((resolve) => other.onchange(({ entries }) => entries > 0 && resolve()))
		await one.apply(await toPublication(first))
		await told
		expect((await other.open()).entries).toBe(first.entries.length)
		expect((await other.search({ text: first.entries[0]?.title ?? '' })).total).toBeGreaterThan(0)
		const gone = new Promise<void>((resolve) => one.onchange(({ entries }) => entries === 0 && resolve()))
		await other.remove(first.publisher)
		await gone
		expect(await one.search({ text: '' })).toMatchObject({ total: 0 })
	})

	test('writing at the same time leaves what the last one wrote', async () => {
		const name = freshName()
		const [one, other] = [openCatalog(name), openCatalog(name)]
		await Promise.all([
			toPublication(first).then((publication) => one.apply(publication)),
			toPublication(first, { sequence: 2 }).then((publication) => other.apply(publication)),
			toPublication(second).then((publication) => other.apply(publication))
		])
		one.dispose()
		other.dispose()
		expect(await openCatalog(name).open()).toMatchObject({ entries: 1500, publishers: 2 })
	})
})

describe('search', () => {
	const publish = async (entries: readonly Entry[], of = first, more: Partial<PublicationInput> = {}) => ({
		...(await toPublication(withEntries(of, entries))),
		...more
	})

	test('folds copies of one file, but not the clips that are cut from it', async () => {
		const catalog = openCatalog(freshName())
		await catalog.apply(await publish([entry('a', 'Neap'), entry('b', 'Other', { file: fileNumber(1) })]))
		await catalog.apply(await publish([entry('x', 'Neap (live)')], second))
		const answer = await catalog.search({ text: 'neap' })
		expect(answer.total).toBe(1)
		expect(answer.byKind).toEqual({ audio: 1 })
		expect(answer.hits[0]?.row.title).toBe('Neap')
		expect(answer.hits[0]?.copies.map(({ title, publisher }) => [title, publisher])).toEqual([
			['Neap (live)', second.publisher]
		])
		expect((await catalog.entriesByFile(FILE.toString())).map(({ k }) => k).sort()).toEqual(['a', 'x'])
		await catalog.apply(
			await publish([
				entry('1', 'Neap', { clip: { start: 0, end: 2000 } }),
				entry('2', 'Neap', { clip: { start: 2000 } })
			])
		)
		expect((await catalog.search({ text: 'neap', publisher: first.publisher })).total).toBe(2)
	})

	test('filters by kind and publisher, and counts kinds before the filter', async () => {
		const catalog = openCatalog(freshName())
		await catalog.apply(
			await publish([
				entry('a', 'Neap one', { file: fileNumber(1) }),
				entry('b', 'Neap two', { file: fileNumber(2), t: 'video', mime: 'video/mp4' })
			])
		)
		await catalog.apply(await publish([entry('c', 'Neap three', { file: fileNumber(3) })], second))
		const videos = await catalog.search({ text: 'neap', kinds: ['video'] })
		expect(videos).toMatchObject({ total: 1, byKind: { audio: 2, video: 1 } })
		expect(videos.hits.map(({ row }) => row.title)).toEqual(['Neap two'])
		const own = await catalog.search({ text: 'neap', publisher: second.publisher })
		expect(own.hits.map(({ row }) => row.title)).toEqual(['Neap three'])
		expect(await catalog.search({ text: 'neap', publisher: 'nobody' })).toMatchObject({ total: 0, hits: [] })
	})

	test('says what a mistyped word was heard as', async () => {
		const catalog = openCatalog(freshName())
		await catalog.apply(await publish([entry('a', 'Lighthouse'), entry('b', 'Harbour', { file: fileNumber(1) })]))
		const answer = await catalog.search({ text: 'nadia lihgthouse' })
		expect(answer.heardAs).toBe('nadia Lighthouse')
		expect(answer.hits[0]).toMatchObject({ edits: 1, words: ['nadia', 'lighthouse'] })
		expect(await catalog.search({ text: 'nadia lihgthouse', forgiving: false })).toMatchObject({
			total: 0,
			hits: []
		})
		expect((await catalog.search({ text: 'nadia lighthouse' })).heardAs).toBeUndefined()
	})

	test('names albums, artists and publishers that were asked for', async () => {
		const catalog = openCatalog(freshName())
		const cover = fileNumber(9)
		await catalog.apply(
			await publish([
				entry('Nadia Ório/Low Tide/1.mp3', 'Neap', {
					track: 1,
					durationMs: 1000,
					date: '2024',
					cover,
					lossless: true
				}),
				entry('Nadia Ório/Low Tide/2.mp3', 'Spring', {
					track: 2,
					durationMs: 2000,
					file: fileNumber(1),
					lossless: true
				}),
				entry('Else/Noon/1.mp3', 'Tide Song', {
					file: fileNumber(2),
					artists: ['Else'],
					albumArtists: ['Else'],
					album: 'Noon'
				})
			])
		)
		const answer = await catalog.search({ text: 'nadia orio' })
		expect(answer.artists).toEqual([{ artist: 'Nadia Ório', tracks: 2, albums: 1, cover: cover.toString() }])
		expect(answer.albums).toMatchObject([
			{ album: 'Low Tide', artists: ['Nadia Ório'], tracks: 2, durationMs: 3000, date: '2024', lossless: true }
		])
		expect((await catalog.search({ text: 'tide' })).albums.map(({ album }) => album)).toEqual(['Low Tide'])
		expect((await catalog.search({ text: 'nadia neap' })).artists.map(({ artist }) => artist)).toEqual([
			'Nadia Ório'
		])
		const [word] = first.displayName.split(' ')
		expect((await catalog.search({ text: word ?? '' })).publishers.map(({ name }) => name)).toEqual([
			first.publisher
		])
		const album = await catalog.album(answer.albums[0]?.key ?? '')
		expect(album?.rows.map(({ title }) => title)).toEqual(['Neap', 'Spring'])
		expect(await catalog.album('nothing')).toBeUndefined()
		expect((await catalog.albums({ limit: 10 })).map((one) => one.album).sort()).toEqual(['Low Tide', 'Noon'])
	})

	test('a blank text gives the newest rows', async () => {
		const catalog = openCatalog(freshName())
		await catalog.apply(
			await publish([
				entry('a', 'Old', { file: fileNumber(1), added: 1000 }),
				entry('b', 'New', { file: fileNumber(2), added: 3000 }),
				entry('c', 'Middle', { file: fileNumber(3), added: 2000 }),
				entry('d', 'From the future', { file: fileNumber(4), added: 2 ** 33 })
			])
		)
		expect(await titles(catalog, ' ')).toEqual(['From the future', 'New', 'Middle', 'Old'])
		expect((await catalog.search({ text: '', offset: 1, limit: 2 })).hits.map(({ row }) => row.title)).toEqual([
			'New',
			'Middle'
		])
	})

	test('pages through answers without gaps', async () => {
		const catalog = openCatalog(freshName())
		await catalog.apply(await toPublication(first))
		const [genre] = first.entries[0]?.genres ?? []
		const text = genre ?? ''
		const whole = await catalog.search({ text, limit: 1000 })
		const parts = []
		for (let offset = 0; offset < whole.total; offset += 17)
			parts.push(...(await catalog.search({ text, offset, limit: 17 })).hits)
		expect(parts.map(({ row }) => row.id)).toEqual(whole.hits.map(({ row }) => row.id))
	})

	test('ranks what a quiet publisher has after everything else', async () => {
		const catalog = openCatalog(freshName())
		await catalog.apply(
			await publish([entry('a', 'Neap', { file: fileNumber(1) })], first, { validUntilMs: now + 1000 })
		)
		await catalog.apply(await publish([entry('b', 'A neap at sea', { file: fileNumber(2) })], second))
		expect(await titles(catalog, 'neap')).toEqual(['Neap', 'A neap at sea'])
		now += 2000
		expect(await titles(catalog, 'neap')).toEqual(['A neap at sea', 'Neap'])
	})

	test('stops when its signal does', async () => {
		const catalog = openCatalog(freshName())
		await catalog.apply(await publish([entry('a', 'Neap')]))
		await expect(catalog.search({ text: 'neap' }, AbortSignal.abort())).rejects.toMatchObject({
			name: 'AbortError'
		})
	})
})

test('an album that was there keeps its age when its page changes', async () => {
	const catalog = openCatalog(freshName())
	await catalog.apply(await toPublication(withEntries(first, [entry('a', 'Neap')])))
	const [before] = await catalog.albums({ limit: 1 })
	now += 86_400_000
	await catalog.apply(
		await toPublication(withEntries(first, [entry('a', 'Neap'), entry('b', 'Noon', { album: 'Noon' })]), {
			sequence: 2
		})
	)
	expect((await catalog.albums({ limit: 9 })).map(({ album, indexedMs }) => [album, indexedMs])).toEqual([
		['Noon', now],
		['Low Tide', before?.indexedMs]
	])
})

describe('without the disk', () => {
	test('a database that cannot be opened is done without, and tried again', async () => {
		const name = freshName()
		const newer = await openDB(name, 999)
		const catalog = openCatalog(name)
		expect(await catalog.open()).toMatchObject({ entries: 0, degraded: 'lost' })
		await catalog.apply(await toPublication(first))
		expect(await catalog.open()).toMatchObject({ entries: first.entries.length, degraded: 'lost' })
		expect((await catalog.search({ text: first.entries[3]?.title ?? '' })).hits[0]?.row.title).toBe(
			first.entries[3]?.title
		)
		expect((await catalog.entriesOf(first.publisher, 0, 10)).length).toBe(10)
		await catalog.remove(first.publisher)
		newer.close()
		await deleteDB(name)
		expect(await catalog.open()).toEqual({ entries: 0, publishers: 0, albums: 0 })
	})

	/** As at a commit past the quota: the transaction aborts, nothing of it is written. */
	const fullDisk = () =>
		vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore) {
			this.transaction.abort()
			throw new DOMException('no room', 'QuotaExceededError')
		})

	test('when the browser gives no more room, what comes is held in memory', async () => {
		const name = freshName()
		const catalog = openCatalog(name)
		await catalog.apply(await toPublication(first))
		const next = await toPublication(withEntries(first, [entry('a', 'Neap')]), { sequence: 2 })
		const put = fullDisk()
		try {
			expect(await catalog.apply(next)).toMatchObject({ accepted: 1 })
			expect(await titles(catalog, 'neap')).toEqual(['Neap'])
			expect(await catalog.open()).toMatchObject({ entries: 1, degraded: 'full' })
			expect((await catalog.albums({ limit: 10 })).map(({ album }) => album)).toEqual(['Low Tide'])
		} finally {
			put.mockRestore()
		}
		catalog.dispose()
		const after = openCatalog(name)
		expect(await after.publisher(first.publisher)).toMatchObject({ sequence: 1, entries: first.entries.length })
		expect(await titles(after, 'neap')).not.toContain('Neap')
		expect(await after.apply(next)).toMatchObject({ accepted: 1 })
		expect(await after.open()).not.toHaveProperty('degraded')
		expect(await titles(after, 'neap')).toEqual(['Neap'])
	})

	test('when the browser gives no more room, who is valued less leaves for who is valued more', async () => {
		const catalog = openCatalog(freshName())
		await catalog.know({
			publishers: { [first.publisher]: { points: -3 }, [second.publisher]: { followed: true } },
			keptFiles: [],
			plays: {}
		})
		await catalog.apply(await toPublication(first))
		let failures = 1
		const real = Reflect.get(IDBObjectStore.prototype, 'put') as (...args: unknown[]) => IDBRequest<IDBValidKey>
		const put = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (
			this: IDBObjectStore,
			...args
		) {
			if (failures-- > 0) {
				this.transaction.abort()
				throw new DOMException('no room', 'QuotaExceededError')
			}
			return real.apply(this, args)
		})
		try {
			await catalog.apply(await toPublication(second))
		} finally {
			put.mockRestore()
		}
		expect(await catalog.open()).toMatchObject({ entries: second.entries.length, publishers: 1, left: 1 })
		expect(await catalog.open()).not.toHaveProperty('degraded')
		expect((await catalog.publishers()).map(({ name }) => name)).toEqual([second.publisher])
	})
})

describe('what the person says', () => {
	test('over the budget the least valued publishers leave, oldest first', async () => {
		const catalog = openCatalog(freshName())
		const third = { ...first, publisher: `${first.publisher.slice(0, -1)}a`, entries: [entry('a', 'Neap')] }
		await catalog.apply(await toPublication(first))
		now += 1000
		await catalog.apply(await toPublication(second))
		now += 1000
		await catalog.apply(await toPublication(third))
		const publishers = { [first.publisher]: { followed: true } }
		await catalog.know({ publishers, keptFiles: [], plays: {}, budget: { entries: first.entries.length + 1 } })
		expect((await catalog.publishers()).map(({ name }) => name).sort()).toEqual(
			[first.publisher, third.publisher].sort()
		)
		expect(await catalog.open()).toMatchObject({ left: 1 })
		await catalog.apply(await toPublication(second))
		expect(await catalog.open()).toMatchObject({ entries: first.entries.length, publishers: 1, left: 3 })
	})

	test('who left for the budget is known after a restart, until there is room or they are valued', async () => {
		const name = freshName()
		const catalog = openCatalog(name)
		await catalog.apply(await toPublication(first))
		now += 1000
		await catalog.apply(await toPublication(second, { sequence: 3 }))
		const followed = { [first.publisher]: { followed: true } }
		const facts = { publishers: followed, keptFiles: [], plays: {}, budget: { entries: first.entries.length } }
		await catalog.know(facts)
		const left = [{ name: second.publisher, sequence: 3 }]
		expect(await catalog.left()).toEqual(left)
		catalog.dispose()

		const again = openCatalog(name)
		expect(await again.left()).toEqual(left)
		await again.know(facts)
		expect(await again.left()).toEqual(left)
		await again.know({ ...facts, publishers: { [second.publisher]: { followed: true } } })
		expect(await again.left()).toEqual([])
		await again.know(facts)
		expect(await again.left()).toEqual(left)
		await again.know({ ...facts, budget: { entries: 1000 } })
		expect(await again.left()).toEqual([])
		await again.know(facts)
		await again.know({ ...facts, budget: { entries: 1000 } })
		await again.apply(await toPublication(second, { sequence: 3 }))
		await again.know(facts)
		expect(await again.left()).toEqual(left)
	})

	test('orders and filters by whom they value, what they keep, and who can be reached', async () => {
		const catalog = openCatalog(freshName())
		await catalog.apply(await toPublication(withEntries(first, [entry('a', 'Neap', { file: fileNumber(1) })])))
		await catalog.apply(await toPublication(withEntries(second, [entry('b', 'Neap', { file: fileNumber(2) })])))
		const publishersOf = async (query: Parameters<IndexedCatalog['search']>[0]) =>
			(await catalog.search(query)).hits.map(({ row }) => row.publisher)
		const facts = { publishers: { [second.publisher]: { points: 5, online: true } }, keptFiles: [], plays: {} }
		await catalog.know(facts)
		expect(await publishersOf({ text: 'neap' })).toEqual([second.publisher, first.publisher])
		expect(await publishersOf({ text: 'neap', filters: { available: true } })).toEqual([second.publisher])
		await catalog.know({ ...facts, publishers: {}, keptFiles: [fileNumber(1).toString()] })
		expect(await publishersOf({ text: 'neap' })).toEqual([first.publisher, second.publisher])
		expect(await publishersOf({ text: 'neap', filters: { kept: true } })).toEqual([first.publisher])
		const [best] = (await catalog.search({ text: 'neap', explain: true })).hits
		const sum = best?.why?.reduce((points, part) => points + part.points, 0)
		expect(sum).toBeCloseTo(best?.score ?? NaN, 3)
	})

	test('their standing searches count what is new', async () => {
		const name = freshName()
		const catalog = openCatalog(name)
		await catalog.apply(await toPublication(withEntries(first, [entry('a', 'Neap', { file: fileNumber(1) })])))
		const wish = await catalog.wish({ text: 'neap kind:audio' })
		const other = await catalog.wish({ text: 'nothing of the kind' })
		const told = vi.fn()
		catalog.onchange(told)
		const entries = [
			entry('a', 'Neap', { file: fileNumber(1) }),
			entry('b', 'Neap tide', { file: fileNumber(2) }),
			entry('c', 'Neap film', { file: fileNumber(3), t: 'video', mime: 'video/mp4' })
		]
		await catalog.apply(await toPublication(withEntries(first, entries), { sequence: 2 }))
		expect(told).toHaveBeenCalled()
		expect(await catalog.wishes()).toEqual(
			expect.arrayContaining([
				{ ...wish, newHits: 1 },
				{ ...other, newHits: 0 }
			])
		)
		catalog.dispose()
		const after = openCatalog(name)
		now += 5000
		await after.sawWish(wish.id)
		await after.forgetWish(other.id)
		expect(await after.wishes()).toEqual([{ ...wish, newHits: 0, seenMs: now }])
		expect(await after.wish({ id: wish.id, text: 'spring' })).toMatchObject({ id: wish.id, text: 'spring' })
	})
})

test('suggests whole names and longer words for what is being typed', async () => {
	const catalog = openCatalog(freshName())
	await catalog.apply(
		await toPublication(
			withEntries(first, [
				entry('a', 'Lighthouse', { album: 'Lights Out' }),
				entry('b', 'Lightning', { file: fileNumber(1), artists: ['Lightfoot'], albumArtists: ['Lightfoot'] })
			])
		)
	)
	const found = await catalog.suggest('ligh', 20)
	expect(found).toEqual(
		expect.arrayContaining([
			{ kind: 'artist', text: 'Lightfoot', entries: 1 },
			{ kind: 'album', text: 'Lights Out', entries: 1 },
			{ kind: 'query', text: 'lighthouse', entries: 1 }
		])
	)
	expect((await catalog.suggest('nadia light')).map(({ text }) => text)).toContain('nadia lighthouse')
	expect(await catalog.suggest('')).toEqual([])
	expect(await catalog.suggest('ligh', 1)).toHaveLength(1)
})

test('what a head says of its playlists, and of whom it keeps, is known, also at the next opening', async () => {
	const name = freshName()
	const catalog = openCatalog(name)
	const list = fileNumber(7)
	const theirs = await toPublication(withEntries(first, [entry('a', 'One')]), { head: { playlists: [list] } })
	await catalog.apply(theirs)
	expect(await catalog.publisher(first.publisher)).toMatchObject({ playlists: [list.toString()] })
	expect(await catalog.keepersOf(first.publisher, 5)).toEqual({ total: 0, keepers: [] })

	const mirrors = (root: CID) => ({ head: { mirrors: [{ root, of: first.publisher }] } })
	const keeping = withEntries(second, [])
	await catalog.apply(await toPublication(keeping, mirrors(CID.parse(theirs.root))))
	const keeper = { name: second.publisher, displayName: second.displayName }
	expect(await catalog.keepersOf(first.publisher, 5)).toEqual({
		total: 1,
		keepers: [{ ...keeper, current: true }]
	})
	expect(await catalog.keepersOf(first.publisher, 0)).toEqual({ total: 1, keepers: [] })
	// It is none of what every tab is told of each publisher.
	expect(await catalog.publisher(second.publisher)).not.toHaveProperty('mirrors')
	catalog.dispose()

	const after = openCatalog(name)
	expect((await after.keepersOf(first.publisher, 5)).keepers).toEqual([{ ...keeper, current: true }])
	await after.apply(await toPublication(withEntries(first, [entry('a', 'Another')]), { sequence: 2 }))
	expect(await after.publisher(first.publisher)).not.toHaveProperty('playlists')
	expect((await after.keepersOf(first.publisher, 5)).keepers).toEqual([{ ...keeper, current: false }])
	const past = { ...(await toPublication(keeping, { ...mirrors(list), sequence: 2 })), validUntilMs: now - 1 }
	await after.apply(past)
	expect(await after.keepersOf(first.publisher, 5)).toEqual({ total: 0, keepers: [] })
})

test('one who says that they keep themselves, or keeps somebody else, keeps nothing of this one', async () => {
	const catalog = openCatalog(freshName())
	const theirs = await toPublication(withEntries(first, []))
	await catalog.apply(theirs)
	const mirrors = [{ root: CID.parse(theirs.root), of: second.publisher }]
	await catalog.apply(await toPublication(withEntries(second, []), { head: { mirrors } }))
	for (const { publisher } of [first, second])
		expect(await catalog.keepersOf(publisher, 5)).toEqual({ total: 0, keepers: [] })
})
