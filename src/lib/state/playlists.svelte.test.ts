import { deleteDB } from 'idb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { SmartRules } from '$lib/catalog/playlists/smart-rules'
import { openAntiphonDatabase, type AntiphonDatabase } from '$lib/storage/database'
import { aRow, FixtureCatalog } from './catalog.fixture'
import { LibraryState } from './library.svelte'
import { PlaylistImportState } from './playlist-import.svelte'
import { PlaylistsState } from './playlists.svelte'

const name = `playlists-test-${crypto.randomUUID()}`
let database: AntiphonDatabase
let library: LibraryState
let playlists: PlaylistsState

beforeEach(async () => {
	database = await openAntiphonDatabase(name)
	library = new LibraryState(database)
	await library.open()
	playlists = new PlaylistsState(library, new FixtureCatalog())
})
afterEach(async () => {
	await library.settled()
	library.dispose()
	database.close()
	await deleteDB(name)
})

const signal = AbortSignal.timeout(10_000)
const titles = (id: string) => library.playlist(id)?.rows.map(({ title }) => title)
const rows = ['A', 'B', 'C'].map((title) => aRow({ title }))

test('each change can be taken back and made again', () => {
	const { id } = library.createPlaylist('Sunday', rows)
	expect(playlists.canUndo(id)).toBe(false)
	playlists.remove(id, [1])
	playlists.move(id, [1], 0)
	playlists.rename(id, 'Monday')
	expect(titles(id)).toEqual(['C', 'A'])
	playlists.undo(id)
	playlists.undo(id)
	expect(library.playlist(id)?.title).toBe('Sunday')
	expect(titles(id)).toEqual(['A', 'C'])
	playlists.redo(id)
	expect(titles(id)).toEqual(['C', 'A'])
	playlists.undo(id)
	playlists.undo(id)
	expect(titles(id)).toEqual(['A', 'B', 'C'])
	expect(playlists.canUndo(id)).toBe(false)
})

test('merging adds what is not there, and a fork goes its own way', () => {
	const { id } = library.createPlaylist('Sunday', rows)
	playlists.merge(id, [aRow({ title: 'B' }), aRow({ title: 'D' })])
	expect(titles(id)).toEqual(['A', 'B', 'C', 'D'])
	const original = library.playlist(id)
	if (original === undefined) throw new Error('the playlist is gone')
	const fork = playlists.fork(original, 'Sunday, mine')
	playlists.remove(fork.id, [0])
	expect(titles(id)).toHaveLength(4)
	expect(titles(fork.id)).toEqual(['B', 'C', 'D'])
})

test('playlists lie in folders, those without one first', () => {
	const one = library.createPlaylist('One')
	const two = library.createPlaylist('Two')
	playlists.putInFolder(two.id, ' Work / Mornings ')
	expect(playlists.folders.map(({ name }) => name)).toEqual(['', 'Work/Mornings'])
	playlists.putInFolder(two.id, '')
	expect(playlists.folders).toMatchObject([{ name: '', playlists: [{ id: two.id }, { id: one.id }] }])
	expect(library.playlist(two.id)).not.toHaveProperty('folder')
})

test('a smart playlist is worked out anew from the index and from this device', async () => {
	const rules: SmartRules = {
		match: 'all',
		rules: [{ field: 'artist', op: 'has', text: 'halden' }],
		order: 'title',
		limit: 100
	}
	const { id } = playlists.createSmart('Halden', rules)
	expect(library.playlist(id)?.smart).toEqual(rules)
	const found = await playlists.smartRows(rules, signal)
	expect(found.length).toBeGreaterThan(1)
	expect(new Set(found.flatMap(({ artists }) => artists))).toEqual(new Set(['Halden Field']))

	const favourite: SmartRules = { ...rules, rules: [{ field: 'favourite', op: 'is', yes: true }] }
	expect(await playlists.smartRows(favourite, signal)).toEqual([])
	library.toggleFavourite(aRow())
	expect(await playlists.smartRows(favourite, signal)).toMatchObject([{ title: aRow().title }])
})

test('an imported list is matched with the index line by line', async () => {
	const importing = new PlaylistImportState(new FixtureCatalog())
	const text = 'artist,title\nSaltmarsh Choir,two valleys\nNobody,Nothing like it\n,\n'
	await importing.read(new File([text], 'My list.csv'))
	expect(importing.failure).toBeUndefined()
	expect(importing.title).toBe('My list')
	expect(importing.items.map(({ state }) => state)).toEqual(['found', 'missing'])
	expect(importing.rows).toMatchObject([{ title: 'Two Valleys' }])
	expect(importing.isMatching).toBe(false)

	await importing.read(new File(['{}'], 'x.jspf'))
	expect(importing.failure).toMatchObject({ code: 'content-unsupported' })
})
