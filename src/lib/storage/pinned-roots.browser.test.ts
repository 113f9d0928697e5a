import { deleteDB } from 'idb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openAntiphonDatabase, type AntiphonDatabase } from './database'
import { rootsOfProfile } from './pinned-roots'

let name: string
let database: AntiphonDatabase
beforeEach(async () => {
	name = `roots-test-${crypto.randomUUID()}`
	database = await openAntiphonDatabase(name)
})
afterEach(async () => {
	database.close()
	await deleteDB(name)
})

const announced = async (publisher: string, value: string) =>
	await database.put('announcements', {
		name: publisher,
		bytes: new Uint8Array(),
		value,
		sequence: 1n,
		validUntilMs: 0,
		receivedMs: 0,
		hints: []
	})
const own = async (publisher: string) =>
	await database.put('keys', { name: publisher, label: '', privateKey: new Uint8Array(), createdMs: 0 })

test('own publications, and not those of others', async () => {
	await own('me')
	await announced('me', '/ipfs/mine')
	await announced('them', '/ipfs/theirs')
	expect(await rootsOfProfile(database)).toEqual(['mine'])
})

test('an own publication whose announcement is forgotten', async () => {
	await own('me')
	const read = { sequence: 1n, state: 'indexed', tries: 0, nextTryMs: 0 } as const
	await database.put('intakes', { name: 'me', value: '/ipfs/mine/sub', ...read })
	expect(await rootsOfProfile(database)).toEqual(['mine'])
})

test('a name that points elsewhere pins nothing', async () => {
	await own('me')
	await announced('me', '/ipns/k51')
	expect(await rootsOfProfile(database)).toEqual([])
})

test('files that are kept offline, with what belongs to them', async () => {
	const row = { file: 'file', cover: 'cover', lyrics: 'lyrics', subtitles: [{ file: 'subtitle' }] }
	await database.put('library', [{ row, keptMs: 1 }, { keptMs: 2 }], 'kept')
	await database.put('library', [{ row: { file: 'liked' }, addedMs: 1 }], 'favourites')
	expect(await rootsOfProfile(database)).toEqual(['file', 'cover', 'lyrics', 'subtitle'])
})

test('what is kept as a whole, from the moment it is wanted, and nothing that is kept elsewhere alone', async () => {
	const rows = [{ file: 'song', cover: 'sleeve' }]
	await database.put(
		'library',
		[
			{ here: 'wanted', rows },
			{ here: 'done', root: 'publication', rows: [] },
			{ here: 'no', rows: [{ file: 'elsewhere' }] }
		],
		'keeps'
	)
	expect(await rootsOfProfile(database)).toEqual(['song', 'sleeve', 'publication'])
})
