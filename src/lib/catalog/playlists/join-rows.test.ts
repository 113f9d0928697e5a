import { expect, test } from 'vitest'
import type { EntryRow } from '../row'
import { joinRows, moveRows } from './join-rows'

const row = (file: string, start?: number) =>
	({ file, title: file, ...(start === undefined ? {} : { clip: { start } }) }) as EntryRow

test('joining has each file once, and clips of one file apart', () => {
	const joined = joinRows([[row('a'), row('b')], [row('b'), row('c', 0), row('c', 9)], [row('a')]])
	expect(joined.map(({ file, clip }) => `${file}${clip?.start ?? ''}`)).toEqual(['a', 'b', 'c0', 'c9'])
})

test('moving keeps the order of what is moved and loses nothing', () => {
	const rows = ['a', 'b', 'c', 'd', 'e']
	expect(moveRows(rows, [1, 3], 0)).toEqual(['b', 'd', 'a', 'c', 'e'])
	expect(moveRows(rows, [0, 1], 5)).toEqual(['c', 'd', 'e', 'a', 'b'])
	expect(moveRows(rows, [3], 2)).toEqual(['a', 'b', 'd', 'c', 'e'])
	expect(moveRows(rows, [], 2)).toEqual(rows)
	expect(moveRows(rows, [0, 9], 3)).toEqual(['b', 'c', 'a', 'd', 'e'])
})
