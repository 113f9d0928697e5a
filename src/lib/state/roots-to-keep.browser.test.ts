import { deleteDB } from 'idb'
import { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { sha256 } from 'multiformats/hashes/sha2'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { STARTER_ROOT } from '$lib/catalog/starter'
import { openAntiphonDatabase, type AntiphonDatabase } from '$lib/storage/database'
import { aRow } from './catalog.fixture'
import { rootsToKeep } from './roots-to-keep'

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

const cid = async (text: string) =>
	CID.createV1(raw.code, await sha256.digest(new TextEncoder().encode(text))).toString()
const kept = async (also?: readonly string[]) => (await rootsToKeep(database, also)).map(String)

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

test('keeps own publications, and not those of others', async () => {
	const [mine, theirs] = [await cid('mine'), await cid('theirs')]
	await own('me')
	await announced('me', `/ipfs/${mine}`)
	await announced('them', `/ipfs/${theirs}`)
	expect(await kept()).toEqual([STARTER_ROOT, mine])
})

test('keeps an own publication whose announcement is forgotten', async () => {
	const mine = await cid('mine')
	await own('me')
	const read = { sequence: 1n, state: 'indexed', tries: 0, nextTryMs: 0 } as const
	await database.put('intakes', { name: 'me', value: `/ipfs/${mine}`, ...read })
	expect(await kept()).toContain(mine)
})

test('a name that points elsewhere, or at nothing that can be read, keeps nothing', async () => {
	await own('me')
	await own('myself')
	await announced('me', '/ipns/k51')
	await announced('myself', '/ipfs/broken')
	expect(await kept()).toEqual([STARTER_ROOT])
})

test('keeps files that are kept offline, with what belongs to them', async () => {
	const [file, cover, lyrics, subtitle] = await Promise.all(['file', 'cover', 'lyrics', 'subtitle'].map(cid))
	const row = { ...aRow(), file, cover, lyrics, subtitles: [{ lang: 'en', file: subtitle, mime: 'text/vtt' }] }
	await database.put('library', [{ row, keptMs: 1 }], 'kept')
	await database.put('library', [{ row: { ...aRow(), file: await cid('liked') }, addedMs: 1 }], 'favourites')
	expect(new Set(await kept())).toEqual(new Set([STARTER_ROOT, file, cover, lyrics, subtitle]))
})

test('keeps what it is told to, and lets the starter collection go once it was removed', async () => {
	await database.put('values', true, 'starter-removed')
	const also = await cid('being built')
	expect(await kept([also])).toEqual([also])
})

test('keeps what is on its way or lives here alone, and lets go what a place holds', async () => {
	const [stopped, alone, held] = [await cid('stopped'), await cid('alone'), await cid('held')]
	const publication = (root: string, results: object) =>
		database.put('publications', { root, name: 'me', displayName: '', createdMs: 0, results: { name: 'me', root, ...results } })
	await publication(stopped, { places: { a: { label: 'a', state: 'sending' } } })
	await publication(alone, { peers: 0, places: { a: { label: 'a', state: 'gone' } } })
	await publication(held, { peers: 0, places: { a: { label: 'a', state: 'held' } } })
	expect((await kept()).toSorted()).toEqual([STARTER_ROOT, stopped, alone].toSorted())
})
