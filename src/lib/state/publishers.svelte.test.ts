import { deleteDB } from 'idb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { STARTER_NAME } from '$lib/catalog/starter'
import { openAntiphonDatabase, type AntiphonDatabase } from '$lib/storage/database'
import { LibraryState } from './library.svelte'
import { PublishersState } from './publishers.svelte'

const name = `publishers-test-${crypto.randomUUID()}`
let database: AntiphonDatabase
let library: LibraryState
let publishers: PublishersState
let done: string[]

beforeEach(async () => {
	database = await openAntiphonDatabase(name)
	library = new LibraryState(database)
	await library.open()
	done = []
	publishers = new PublishersState({
		database,
		library,
		catalog: {
			remove: (publisher) => {
				done.push(`removed ${publisher}`)
				return Promise.resolve()
			}
		},
		addStarter: () => {
			done.push('added')
			return Promise.resolve()
		}
	})
	await publishers.open()
})
afterEach(async () => {
	library.dispose()
	database.close()
	await deleteDB(name)
})

test('a publisher that is removed is blocked by name, on the next visit too, until it is heard again', async () => {
	await publishers.remove({ name: 'k51', displayName: 'Loud' })
	expect(done).toEqual(['removed k51'])
	await library.settled()
	const next = new LibraryState(database)
	await next.open()
	expect(next.blocked).toEqual([{ name: 'k51', displayName: 'Loud' }])
	next.dispose()
	await publishers.restore('k51')
	expect(library.isBlocked('k51')).toBe(false)
})

test('the starter collection stays away once it is removed, until it is brought back', async () => {
	await publishers.remove({ name: STARTER_NAME, displayName: 'Starter' })
	expect(done).toEqual([`removed ${STARTER_NAME}`])
	expect(library.blocked).toEqual([])
	const next = new PublishersState({
		database,
		library,
		catalog: { remove: () => Promise.resolve() },
		addStarter: () => Promise.resolve()
	})
	await next.open()
	expect(next.starterRemoved).toBe(true)
	await publishers.restore(STARTER_NAME)
	expect(publishers.starterRemoved).toBe(false)
	expect(await database.get('values', 'starter-removed')).toBeUndefined()
	expect(done.at(-1)).toBe('added')
})
