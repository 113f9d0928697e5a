import { deleteDB } from 'idb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Place, PlaceAnswer } from '$lib/catalog/publish/places/place'
import { listPublications, savePublication } from '$lib/catalog/publish/publications'
import type { PublishResults } from '$lib/catalog/publishing'
import { AppError } from '$lib/errors'
import { openAntiphonDatabase, type AntiphonDatabase } from '$lib/storage/database'
import type { PlacesState } from './places.svelte'
import { PublicationsState, type PublicationsDoors } from './publications.svelte'

const ROOT = 'bafkreidm4my3k2nzdw24oforaqmir7mmctzzvfc5zxk63guwjx5nia3iau'
const OTHER = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'
const DAY_MS = 24 * 60 * 60_000
let database: AntiphonDatabase
let clock = 0
let answers: Record<string, PlaceAnswer | Error>
let removed: string[]
let looked: string[]
let publications: PublicationsState
const emptied: string[] = []

const places = {
	ready: (ids: readonly string[]) =>
		Promise.resolve(
			ids
				.filter((id) => id in answers)
				.map((id): Place => ({
					id,
					label: id,
					takes: 'bytes',
					send: () => Promise.reject(new Error('not here')),
					fetch: () => Promise.reject(new Error('not here')),
					look: () => {
						looked.push(id)
						const answer = answers[id] ?? 'gone'
						return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)
					},
					remove: (root) => {
						removed.push(`${id} ${root.toString()}`)
						return Promise.resolve()
					}
				}))
		)
} as unknown as PlacesState

const doors: PublicationsDoors = {
	resume: (publication, ids, onchange) => {
		const done = (results: PublishResults) => {
			onchange(results)
			return savePublication(database, results).then(() => results)
		}
		const held = Object.fromEntries(ids.map((id) => [id, { label: id, state: 'held' as const }]))
		const results = { ...publication.results, places: held, peers: 1 }
		return Promise.resolve({
			steps: [],
			results,
			run: () => done(results),
			sendAgain: () => done(results)
		})
	},
	edition: () => Promise.reject(new Error('not here')),
	edit: () => Promise.reject(new Error('not here')),
	fromNode: () => Promise.reject(new Error('not here')),
	empty: ({ name }) => {
		emptied.push(name)
		return Promise.resolve()
	}
}

const store = (root: string, results: Partial<PublishResults>, nowMs = clock) =>
	savePublication(database, { name: 'k51', root, ...results }, { displayName: 'Northing', nowMs })

beforeEach(async () => {
	database = await openAntiphonDatabase(`publications-test-${crypto.randomUUID()}`)
	clock = 100 * DAY_MS
	answers = {}
	removed = []
	looked = []
	emptied.length = 0
	publications = new PublicationsState(database, places, doors, () => clock)
})
afterEach(async () => {
	publications.dispose()
	database.close()
	await deleteDB(database.name)
})

test('every place is looked at once a day, and what it says is kept', async () => {
	const held = { label: 'a', state: 'held' as const, checkedMs: clock - 2 * DAY_MS }
	await store(ROOT, { peers: 1, places: { a: held, b: { ...held, label: 'b' }, c: { ...held, label: 'c' } } })
	answers = { a: 'held', b: 'gone', c: new AppError('unreachable', 'off', { detail: 'It sleeps.' }) }
	await publications.look()
	expect(publications.all[0]?.results.places).toEqual({
		a: { label: 'a', state: 'held', checkedMs: clock },
		b: { label: 'b', state: 'gone', checkedMs: clock },
		c: { label: 'c', state: 'held', checkedMs: clock, problem: { code: 'unreachable', detail: 'It sleeps.' } }
	})
	clock += DAY_MS / 2
	await publications.look()
	expect(looked).toHaveLength(3)
	await publications.look(ROOT)
	expect(looked).toHaveLength(6)
})

test('what stopped on its way in an earlier visit goes on, and to a further place', async () => {
	await store(ROOT, { places: { a: { label: 'a', state: 'sending', mark: { blocksSent: 3 } } } })
	await publications.open()
	expect(publications.unfinished).toHaveLength(1)
	await publications.send(ROOT, ['b'])
	expect(publications.unfinished).toEqual([])
	expect(publications.all[0]?.results.places).toMatchObject({ a: { state: 'held' }, b: { state: 'held' } })
})

test('withdrawing announces an empty catalog, and has every place forget all under the name', async () => {
	await store(OTHER, { peers: 1, places: { a: { label: 'a', state: 'held' } } }, clock - DAY_MS)
	await store(ROOT, {
		peers: 1,
		places: { a: { label: 'a', state: 'held' }, old: { label: 'old', state: 'held' } }
	})
	answers = { a: 'held' }
	await publications.open()
	await publications.withdraw(ROOT)
	expect(emptied).toEqual(['k51'])
	expect(removed.toSorted()).toEqual([`a ${ROOT}`, `a ${OTHER}`].toSorted())
	expect(await listPublications(database)).toEqual([])
})

test('what fails is said, and leaves the rest as it was', async () => {
	await store(ROOT, { peers: 1, places: { a: { label: 'a', state: 'held' } } })
	await publications.open()
	doors.empty = () => Promise.reject(new AppError('locked', 'no'))
	await publications.withdraw(ROOT)
	expect(publications.failure(ROOT)).toMatchObject({ code: 'locked' })
	expect(publications.busy(ROOT)).toBe(false)
	expect(publications.all).toHaveLength(1)
})
