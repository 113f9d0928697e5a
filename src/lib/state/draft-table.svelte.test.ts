import { expect, test } from 'vitest'
import { DraftTable } from './draft-table.svelte'
import { aDraftEntry } from './publish.fixture'
import { parsePattern } from './path-pattern'

function aTable(...paths: string[]) {
	let changes = 0
	const table = new DraftTable(() => changes++)
	table.add(
		paths.map((path) => aDraftEntry({ path, title: path, album: 'Old' })),
		new Set(paths)
	)
	return { table, changes: () => changes }
}
const albums = (table: DraftTable) => table.entries.map(({ album }) => album)

test('what is done to many rows is done to those that are chosen, or to all', () => {
	const { table, changes } = aTable('a', 'b', 'c')
	table.choose(['a', 'c'], true)
	table.apply('album', 'New')
	expect(albums(table)).toEqual(['New', 'Old', 'New'])
	table.choose(['a', 'c'], false)
	table.apply('album', 'All')
	expect(albums(table)).toEqual(['All', 'All', 'All'])
	expect(changes()).toBe(2)
})

test('each step is undone and done again, removal and a problem in a cell included', () => {
	const { table } = aTable('a', 'b')
	table.edit('a', 'date', 'soon')
	table.apply('album', 'New')
	table.remove('a')
	expect(table.toMend).toBe(0)
	table.undo()
	expect(albums(table)).toEqual(['New', 'New'])
	expect(table.toMend).toBe(1)
	table.undo()
	table.undo()
	expect(albums(table)).toEqual(['Old', 'Old'])
	expect(table.toMend).toBe(0)
	expect(table.canUndo).toBe(false)
	for (let n = 0; n < 3; n++) table.redo()
	expect(table.entries.map(({ path }) => path)).toEqual(['b'])
	table.undo()
	table.edit('b', 'album', 'Other')
	expect(table.canRedo).toBe(false)
})

test('what the machine found is not undone', () => {
	const { table } = aTable('a')
	table.edit('a', 'album', 'New')
	table.enrich('a', { gain: { track: -3 } })
	table.undo()
	expect(table.entries[0]).toMatchObject({ album: 'Old', gain: { track: -3 } })
})

test('rows are numbered folder by folder', () => {
	const { table } = aTable('A/x', 'A/y', 'B/x')
	table.number()
	expect(table.entries.map(({ track }) => track)).toEqual([1, 2, 1])
})

test('a pattern fills the rows whose paths it fits', () => {
	const { table } = aTable('Music/Nadia Ório/Tides (2023)/03 - Neap_Tide.flac', 'loose.flac')
	const pattern = parsePattern('{artist}/{album} ({year})/{track} - {title}')
	if ('problem' in pattern) throw new Error(pattern.problem)
	expect(table.fill(pattern)).toBe(1)
	expect(table.entries[0]).toMatchObject({
		artists: ['Nadia Ório'],
		album: 'Tides',
		date: '2023',
		track: 3,
		title: 'Neap Tide'
	})
	expect(table.entries[1]?.title).toBe('loose.flac')
})

test.each([
	['{artist}/{name}', { problem: 'unknown-name', name: 'name' }],
	['{artist} - {artist}', { problem: 'named-twice', name: 'artist' }],
	['01 - title', { problem: 'names-nothing' }],
	['{any}/x', { problem: 'names-nothing' }]
])('the pattern %s says what is wrong with it', (text, problem) => {
	expect(parsePattern(text)).toEqual(problem)
})

test('a pattern is no regular expression', () => {
	const pattern = parsePattern('{title} (.*)+ [x]')
	if ('problem' in pattern) throw new Error(pattern.problem)
	expect(pattern.read('a/Song (.*)+ [x].mp3')).toEqual(new Map([['title', 'Song']]))
	expect(pattern.read('a/Song anything x.mp3')).toBeUndefined()
})

test.each([
	['CC-BY-4.0', undefined],
	['GPL-2.0-or-later WITH Classpath-exception-2.0', undefined],
	['https://example.org/terms', undefined],
	['', undefined],
	['all rights reserved, ask me', 'not-a-licence'],
	['javascript:alert(1)', 'not-a-licence']
])('the licence %j', (text, problem) => {
	expect(aTable('a').table.apply('licence', text)).toBe(problem)
})

test('a language is written as it should be, or refused', () => {
	const { table } = aTable('a')
	table.edit('a', 'lang', 'PT-br')
	expect(table.entries[0]?.lang).toBe('pt-BR')
	expect(table.apply('lang', 'not a language')).toBe('not-a-language')
})
