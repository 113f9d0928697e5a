import { expect, test, vi } from 'vitest'
import type { SearchAnswer, SearchQuery } from '$lib/catalog/catalog'
import { FixtureCatalog } from './catalog.fixture'
import { SearchState } from './search.svelte'

const empty: SearchAnswer = {
	total: 0,
	hits: [],
	albums: [],
	artists: [],
	publishers: [],
	byKind: {},
	tookMs: 1
}

test('finds what was typed once typing rests', async () => {
	const search = new SearchState(new FixtureCatalog())
	search.type('wether')
	expect(search.searching).toBe(true)
	await vi.waitFor(() => {
		expect(search.searching).toBe(false)
	})
	expect(search.result).toMatchObject({ kind: 'found', text: 'wether' })
	expect(search.result.kind === 'found' && search.result.answer.hits[0]?.row.title).toBe('Wether Bell')
})

test('a slow earlier search never overwrites a later one', async () => {
	const early = Promise.withResolvers<SearchAnswer>()
	const answers = [early.promise, Promise.resolve({ ...empty, total: 2 })]
	const search = new SearchState({ search: () => answers.shift() ?? Promise.reject(new Error('a third call')) })
	search.type('first')
	const slow = search.run()
	search.type('second')
	const quick = search.run()
	early.resolve({ ...empty, total: 1 })
	await Promise.all([slow, quick])
	expect(search.result).toMatchObject({ kind: 'found', text: 'second', answer: { total: 2 } })
})

test('the last answer stays while the next one is awaited', async () => {
	const gate = Promise.withResolvers<SearchAnswer>()
	const answers = [Promise.resolve({ ...empty, total: 1 }), gate.promise]
	const search = new SearchState({ search: () => answers.shift() ?? Promise.reject(new Error('a third call')) })
	search.type('a')
	await search.run()
	search.type('ab')
	const running = search.run()
	expect(search.searching).toBe(true)
	expect(search.result).toMatchObject({ text: 'a' })
	gate.resolve({ ...empty, total: 5 })
	await running
	expect(search.result).toMatchObject({ text: 'ab', answer: { total: 5 } })
})

test('clearing the words drops the results and what is under way', async () => {
	const gate = Promise.withResolvers<SearchAnswer>()
	const search = new SearchState({ search: () => gate.promise })
	search.type('a')
	const running = search.run()
	search.type('')
	gate.resolve(empty)
	await running
	expect(search.result).toEqual({ kind: 'idle' })
	expect(search.searching).toBe(false)
})

test('a failure is shown as one, and asking again mends it', async () => {
	const answers = [Promise.reject(new Error('gone')), Promise.resolve(empty)]
	const search = new SearchState({ search: () => answers.shift() ?? Promise.reject(new Error('a third call')) })
	search.type('a')
	await search.run()
	expect(search.result.kind).toBe('failed')
	await search.run()
	expect(search.result.kind).toBe('found')
})

test('one kind alone keeps the counts of all, and words as typed ask so', async () => {
	const asked: SearchQuery[] = []
	const search = new SearchState({
		search: (query) => {
			asked.push(query)
			return Promise.resolve({
				...empty,
				total: query.kinds === undefined ? 9 : 3,
				byKind: { audio: 6, video: 3 }
			})
		}
	})
	search.type('hils')
	await search.run()
	await search.show('video')
	expect(asked.at(-1)?.kinds).toEqual(['video'])
	expect(search.counts.total).toBe(9)
	await search.asTyped()
	expect(asked.at(-1)?.forgiving).toBe(false)
	search.type('hills')
	expect(search.forgiving).toBe(true)
	expect(search.scope).toBe('all')
})

test('what is shown is asked again when the index changes', async () => {
	const answers = [empty, { ...empty, total: 1 }]
	const search = new SearchState({ search: () => Promise.resolve(answers.shift() ?? empty) })
	let change: () => void = () => undefined
	search.follow({
		onchange: (listener) => {
			change = () => {
				listener({ entries: 1, publishers: 1, albums: 1 })
			}
			return () => undefined
		}
	})
	search.type('tide')
	await search.run()
	change()
	await vi.waitFor(() => {
		expect(search.result).toMatchObject({ kind: 'found', answer: { total: 1 } })
	})
	search.dispose()
})
