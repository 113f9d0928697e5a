import { deleteDB } from 'idb'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openAntiphonDatabase, type AntiphonDatabase } from '$lib/storage/database'
import { aRow } from './catalog.fixture'
import { LibraryState } from './library.svelte'

const name = `library-test-${crypto.randomUUID()}`
let database: AntiphonDatabase
let open: LibraryState[]
let nowMs: number

async function libraryOf(): Promise<LibraryState> {
	const library = new LibraryState(database, () => nowMs)
	open.push(library)
	await library.open()
	return library
}

beforeEach(async () => {
	database = await openAntiphonDatabase(name)
	open = []
	nowMs = 1000
})
afterEach(async () => {
	await Promise.all(open.map((library) => library.settled()))
	for (const library of open) library.dispose()
	database.close()
	await deleteDB(name)
})

test('favourites, playlists and follows are there on the next visit', async () => {
	const before = await libraryOf()
	const row = aRow()
	expect(before.toggleFavourite(row)).toBe(true)
	const { id } = before.createPlaylist(' Sunday ', [row])
	before.toggleFollow('k51')
	await before.settled()

	const after = await libraryOf()
	expect(after.isFavourite(row)).toBe(true)
	expect(after.playlist(id)).toMatchObject({ title: 'Sunday', rows: [{ title: row.title }] })
	expect(after.follows('k51')).toBe(true)
	expect(after.toggleFavourite(row)).toBe(false)
	expect(after.isFavourite(row)).toBe(false)
})

test('another tab follows a change', async () => {
	const [one, other] = [await libraryOf(), await libraryOf()]
	one.toggleFavourite(aRow())
	await vi.waitFor(() => {
		expect(other.favourites).toHaveLength(1)
	})
})

test('the history holds each row once, newest first, and what was begun can be gone on with', async () => {
	const library = await libraryOf()
	const long = aRow({ title: 'Long', file: 'long', durationMs: 600_000 })
	const done = aRow({ title: 'Done', file: 'done', durationMs: 600_000 })
	library.note(long, 60_000)
	nowMs = 2000
	library.note(done, 0)
	nowMs = 3000
	library.note(long, 90_000)
	expect(library.history.map(({ row, playedMs }) => [row.title, playedMs])).toEqual([
		['Long', 3000],
		['Done', 2000]
	])
	expect(library.begun.map(({ row }) => row.title)).toEqual(['Long'])
	const cleared = library.clearHistory()
	expect(library.history).toEqual([])
	library.restoreHistory(cleared)
	expect(library.history).toHaveLength(2)
})

test('a playlist is added to, deleted and taken back', async () => {
	const library = await libraryOf()
	const { id } = library.createPlaylist('A', [aRow({ title: 'One' }), aRow({ title: 'Two' })])
	library.addToPlaylist(id, [aRow({ title: 'Three' })])
	expect(library.playlist(id)?.rows.map((row) => row.title)).toEqual(['One', 'Two', 'Three'])
	const gone = library.deletePlaylist(id)
	expect(library.playlist(id)).toBeUndefined()
	if (gone) library.restorePlaylist(gone)
	expect(library.playlist(id)?.title).toBe('A')
})

test('what is here whole is noted once a file, until it is let go of', async () => {
	const library = await libraryOf()
	const row = aRow({ file: 'bafy-kept' })
	library.addKept([row, aRow({ file: 'bafy-kept', title: 'A part of it' }), aRow({ file: 'bafy-too' })])
	library.addKept([row])
	expect(library.kept.map(({ row: { file } }) => file)).toEqual(['bafy-kept', 'bafy-too'])
	library.unkeep(new Set(['bafy-kept']))
	expect([library.isKept('bafy-kept'), library.isKept('bafy-too')]).toEqual([false, true])
})

test('what the database holds in another shape is not taken for a shelf', async () => {
	await database.put('library', 'nonsense', 'favourites')
	const library = await libraryOf()
	expect(library.favourites).toEqual([])
})

test('how often a piece was heard to its end is counted, and outlives being heard again in part', async () => {
	const library = await libraryOf()
	const row = aRow()
	library.note(row, 5000)
	expect(library.history[0]?.plays).toBeUndefined()
	library.note(row, 0, true)
	library.note(row, 0, true)
	library.note(row, 7000)
	expect(library.history).toMatchObject([{ plays: 2, positionMs: 7000 }])
})

test('where a publisher comes in results is kept until it is as it comes', async () => {
	const library = await libraryOf()
	library.place({ name: 'k1', points: 8 })
	library.place({ name: 'k2', last: true })
	library.place({ name: 'k1', points: -8 })
	await library.settled()
	expect((await libraryOf()).standings).toEqual([
		{ name: 'k1', points: -8 },
		{ name: 'k2', last: true }
	])
	library.place({ name: 'k2' })
	expect(library.standings.map(({ name }) => name)).toEqual(['k1'])
})
