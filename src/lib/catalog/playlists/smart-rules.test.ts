import { describe, expect, test } from 'vitest'
import type { EntryRow } from '../row'
import {
	arrange,
	asksOnlyShelves,
	readSmartRules,
	wants,
	wordsToSearch,
	type RowFacts,
	type SmartRule,
	type SmartRules
} from './smart-rules'

const NOW_MS = Date.UTC(2026, 5, 1)
const DAY_S = 24 * 60 * 60

const row = (fields: Partial<EntryRow> = {}): EntryRow => ({
	id: 1,
	publisher: 'k51',
	publisherName: 'Hill Radio',
	root: 'root',
	k: 'a.flac',
	kind: 'audio',
	file: fields.title ?? 'file',
	sizeBytes: 1,
	mime: 'audio/flac',
	title: 'The River',
	artists: ['Sigur Rós'],
	albumArtists: [],
	genres: ['Post-Rock'],
	...fields
})
const nothing: RowFacts = { favourite: false, kept: false, playedMs: undefined }
const rules = (list: readonly SmartRule[], more: Partial<SmartRules> = {}): SmartRules => ({
	match: 'all',
	rules: list,
	order: 'title',
	limit: 100,
	...more
})
const holds = (rule: SmartRule, fields: Partial<EntryRow> = {}, facts: Partial<RowFacts> = {}) =>
	wants(rules([rule]), row(fields), { ...nothing, ...facts }, NOW_MS)

describe('a rule', () => {
	test('compares words, not letters: case, accents and order do not count', () => {
		expect(holds({ field: 'artist', op: 'has', text: 'ROS sigur' })).toBe(true)
		expect(holds({ field: 'artist', op: 'has', text: 'sig' })).toBe(false)
		expect(holds({ field: 'artist', op: 'hasNot', text: 'björk' })).toBe(true)
		expect(holds({ field: 'title', op: 'is', text: 'river' })).toBe(false)
		expect(holds({ field: 'title', op: 'is', text: 'the RIVER' })).toBe(true)
		expect(holds({ field: 'album', op: 'isNot', text: 'anything' })).toBe(true)
	})

	test('compares numbers, and none where the row says none', () => {
		expect(holds({ field: 'year', op: 'atLeast', number: 1990 }, { date: '1999-04' })).toBe(true)
		expect(holds({ field: 'year', op: 'atMost', number: 1990 }, { date: '1999-04' })).toBe(false)
		expect(holds({ field: 'year', op: 'atMost', number: 1990 })).toBe(false)
		expect(holds({ field: 'bitrate', op: 'atLeast', number: 256_000 }, { bitrate: 320_000 })).toBe(true)
	})

	test('knows what this device knows', () => {
		expect(holds({ field: 'kept', op: 'is', yes: true }, {}, { kept: true })).toBe(true)
		expect(holds({ field: 'favourite', op: 'is', yes: false })).toBe(true)
		const yesterday = NOW_MS - 24 * 60 * 60_000
		expect(holds({ field: 'played', op: 'within', days: 2 }, {}, { playedMs: yesterday })).toBe(true)
		expect(holds({ field: 'played', op: 'notWithin', days: 2 })).toBe(true)
		expect(holds({ field: 'added', op: 'within', days: 7 }, { added: NOW_MS / 1000 - 8 * DAY_S })).toBe(false)
	})

	test('without a value wants everything', () => {
		expect(holds({ field: 'title', op: 'has', text: '  ' })).toBe(true)
		expect(wants(rules([], { match: 'any' }), row(), nothing, NOW_MS)).toBe(true)
	})
})

test('rules are joined by all or any', () => {
	const list: SmartRule[] = [
		{ field: 'kind', op: 'is', kind: 'audio' },
		{ field: 'genre', op: 'has', text: 'jazz' }
	]
	expect(wants(rules(list), row(), nothing, NOW_MS)).toBe(false)
	expect(wants(rules(list, { match: 'any' }), row(), nothing, NOW_MS)).toBe(true)
})

describe('arranging', () => {
	const rows = [
		row({ title: 'B', added: 1 }),
		row({ title: 'A', added: 3 }),
		row({ title: 'B', added: 1, publisher: 'other' }),
		row({ title: 'C', added: 2 })
	]
	const titles = (more: Partial<SmartRules>, random?: () => number) =>
		arrange(rules([], more), rows, random).map(({ title }) => title)

	test('sorts, cuts, and has each file once', () => {
		expect(titles({ order: 'title' })).toEqual(['A', 'B', 'C'])
		expect(titles({ order: 'newest', limit: 2 })).toEqual(['A', 'C'])
	})

	test('shuffles without losing any', () => {
		expect(titles({ order: 'random' }, () => 0)).not.toEqual(['A', 'B', 'C'])
		expect(titles({ order: 'random' }).toSorted()).toEqual(['A', 'B', 'C'])
	})
})

test('words for the index come only from rules that every row must meet', () => {
	const artist: SmartRule = { field: 'artist', op: 'has', text: 'ros' }
	const year: SmartRule = { field: 'year', op: 'atLeast', number: 1990 }
	expect(wordsToSearch(rules([artist, year]))).toBe('ros')
	expect(wordsToSearch(rules([artist, year], { match: 'any' }))).toBeUndefined()
	expect(wordsToSearch(rules([artist], { match: 'any' }))).toBe('ros')
	expect(wordsToSearch(rules([{ ...artist, op: 'hasNot' }]))).toBeUndefined()
})

test('tells when this device alone can answer', () => {
	const kept: SmartRule = { field: 'kept', op: 'is', yes: true }
	const audio: SmartRule = { field: 'kind', op: 'is', kind: 'audio' }
	expect(asksOnlyShelves(rules([kept, audio]))).toBe(true)
	expect(asksOnlyShelves(rules([kept, audio], { match: 'any' }))).toBe(false)
	expect(asksOnlyShelves(rules([{ ...kept, yes: false }]))).toBe(false)
})

test('stored rules are read with care', () => {
	const stored = rules([{ field: 'artist', op: 'has', text: 'ros' }], { order: 'random', limit: 7 })
	expect(readSmartRules(JSON.parse(JSON.stringify(stored)))).toEqual(stored)
	expect(
		readSmartRules({
			match: 'no',
			rules: [{ field: 'artist', op: 'eats', text: 'x' }, { field: 'year', op: 'atLeast', number: '1' }, 4, null],
			limit: 1e9
		})
	).toEqual({ match: 'all', rules: [], order: 'newest', limit: 100 })
	expect(readSmartRules('x')).toBeUndefined()
})
