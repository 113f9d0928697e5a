import { expect, test } from 'vitest'
import { aDraftEntry } from './publish.fixture'
import { fieldText, isDate, withField } from './draft-fields'

test.each(['2026', '2026-02', '2024-02-29'])('%s is a date', (text) => {
	expect(isDate(text)).toBe(true)
})

test.each(['', '26', '2026-13', '2026-02-30', '2025-02-29', '1.2.2026'])('%s is none', (text) => {
	expect(isDate(text)).toBe(false)
})

test('several artists are typed with a semicolon, and a comma stays in a name', () => {
	const changed = withField(aDraftEntry(), 'artists', ' Mira Sól ;Earth, Wind & Fire; ')
	if (!('entry' in changed)) throw new Error(changed.problem)
	expect(changed.entry.artists).toEqual(['Mira Sól', 'Earth, Wind & Fire'])
	expect(fieldText(changed.entry, 'artists')).toBe('Mira Sól; Earth, Wind & Fire')
})

test('a number that is none is said, an empty one is taken away', () => {
	expect(withField(aDraftEntry({ track: 3 }), 'track', 'three')).toEqual({ problem: 'not-a-number' })
	expect(withField(aDraftEntry({ track: 3 }), 'track', '0')).toEqual({ problem: 'not-a-number' })
	expect(withField(aDraftEntry({ track: 3 }), 'track', '')).not.toHaveProperty('entry.track')
	expect(withField(aDraftEntry(), 'track', '07')).toHaveProperty('entry.track', 7)
})

test('a text that is too long is said', () => {
	expect(withField(aDraftEntry(), 'title', 'a'.repeat(501))).toEqual({ problem: 'too-long' })
})
