import { expect, test, vi } from 'vitest'
import type { SearchAnswer, SearchQuery, Suggestion } from '$lib/catalog/catalog'
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
	const search = new SearchState({
		search: ({ facets }) => Promise.resolve((facets === true ? undefined : answers.shift()) ?? empty)
	})
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

test('what is chosen beside the words is asked for, and an empty box forgets it', async () => {
	const asked: SearchQuery[] = []
	const search = new SearchState({ search: (query) => (asked.push(query), Promise.resolve(empty)) })
	search.type('hills')
	await search.choose({ genres: ['choral'] })
	await search.sortBy('newest')
	expect(asked.at(-1)).toMatchObject({ text: 'hills', filters: { genres: ['choral'] }, sort: 'newest' })
	search.type('hill')
	await search.run()
	expect(asked.at(-1)?.filters).toEqual({ genres: ['choral'] })
	search.type('')
	expect(search.result.kind).toBe('idle')
	expect(search.filters).toEqual({})
	search.dispose()
})

test('filters alone are a search', async () => {
	const search = new SearchState(new FixtureCatalog())
	search.ask({ text: '', filters: { kinds: ['video'] }, sort: 'relevance' })
	await vi.waitFor(() => {
		expect(search.result).toMatchObject({ kind: 'found', answer: { total: 1 } })
	})
	search.dispose()
})

test('facets are counted once typing has rested, over the whole answer', async () => {
	const asked: SearchQuery[] = []
	const catalog = new FixtureCatalog()
	const search = new SearchState({ search: (query) => (asked.push(query), catalog.search(query)) })
	search.type('ferry')
	await search.run()
	expect(search.facets).toBeUndefined()
	await vi.waitFor(() => {
		expect(search.facets?.genres).toEqual([{ value: 'choral', count: 2 }])
	})
	expect(asked.map(({ limit, facets }) => [limit, facets])).toEqual([
		[50, undefined],
		[0, true]
	])
	search.dispose()
})

test('suggestions follow the words, a late one never those of others', async () => {
	const early = Promise.withResolvers<readonly Suggestion[]>()
	const answers = [early.promise, Promise.resolve([{ kind: 'artist' as const, text: 'Halden Field', entries: 2 }])]
	const search = new SearchState({
		search: () => Promise.resolve(empty),
		suggest: () => answers.shift() ?? Promise.resolve([])
	})
	search.type('sa')
	await search.run()
	search.type('ha')
	await search.run()
	early.resolve([{ kind: 'artist', text: 'Saltmarsh Choir', entries: 4 }])
	await vi.waitFor(() => {
		expect(search.suggestions.map(({ text }) => text)).toEqual(['Halden Field'])
	})
	search.dispose()
})

test('the parts of a score are those of the present search', async () => {
	const search = new SearchState(new FixtureCatalog())
	search.type('wether')
	await search.run()
	const hit = search.result.kind === 'found' ? search.result.answer.hits[0] : undefined
	const why = hit && (await search.why(hit.row))
	expect(why?.map(({ part }) => part)).toEqual(['word', 'completeness', 'quality'])
	search.dispose()
})
