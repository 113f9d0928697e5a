import { expect, test } from 'vitest'
import { markWords } from './marked'

const shown = (text: string, words: readonly string[]) =>
	markWords(text, words)
		.map((part) => (part.hit ? `[${part.text}]` : part.text))
		.join('')

test('marks words that start with what matched, whatever their case and accents', () => {
	expect(shown('The Far Hills', ['hill'])).toBe('The Far [Hills]')
	expect(shown('Björk, Études', ['bjork', 'etudes'])).toBe('[Björk], [Études]')
	expect(shown('Uphill', ['hill'])).toBe('Uphill')
})

test('the parts joined are the text, markup and all', () => {
	const text = '<img src=x onerror=alert(1)> & Hills'
	expect(
		markWords(text, ['hills', ''])
			.map((part) => part.text)
			.join('')
	).toBe(text)
})

test.each([
	['Øresund Straße', ['oresund', 'strasse'], '[Øresund] [Straße]'],
	["Schindler's List", ['schindler'], "[Schindler's] List"],
	['Don’t go', ['dont'], '[Don’t] go'],
	['海の歌', ['の歌'], '[海の歌]'],
	['10,000 things', ['things'], '10,000 [things]']
])('folded as the index folds: %j', (text, words, marked) => {
	const parts = markWords(text, words)
	expect(parts.map((part) => (part.hit ? `[${part.text}]` : part.text)).join('')).toBe(marked)
})
