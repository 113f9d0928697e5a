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
