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

test('keeping has the whole file read part by part, and only then says that it is here', async () => {
	const parts: string[] = []
	let isGone = false
	const library = new LibraryState(database, undefined, (url, { from, to }) => {
		parts.push(`${url} ${from}-${to}`)
		return isGone && from > 0 ? Promise.reject(new Error('gone')) : Promise.resolve()
	})
	open.push(library)
	await library.open()
	const row = aRow({ file: 'bafy-kept', sizeBytes: 5_000_000 })
	await library.keep(row, 'ipfs/bafy-kept')
	expect(parts).toEqual(['ipfs/bafy-kept 0-4194303', 'ipfs/bafy-kept 4194304-4999999'])
	expect(library.isKept('bafy-kept')).toBe(true)
	expect(library.keeping.size).toBe(0)
	library.unkeep('bafy-kept')
	expect(library.isKept('bafy-kept')).toBe(false)
	isGone = true
	await expect(library.keep(row, 'ipfs/bafy-kept')).rejects.toThrow('gone')
	expect(library.isKept('bafy-kept')).toBe(false)
	expect(library.keeping.size).toBe(0)
})

test('what the database holds in another shape is not taken for a shelf', async () => {
	await database.put('library', 'nonsense', 'favourites')
	const library = await libraryOf()
	expect(library.favourites).toEqual([])
})
