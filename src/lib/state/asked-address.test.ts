import { expect, test } from 'vitest'
import type { Wish } from '$lib/catalog/catalog'
import { askedHref, askedOf, wishFor } from './asked-address'
import type { Asked } from './search.svelte'

const asked: Asked[] = [
	{ text: 'tide', filters: {}, sort: 'relevance' },
	{ text: 'AC/DC & 100 % “Müller” + a=b #1?', filters: {}, sort: 'newest' },
	{ text: '', filters: { kinds: ['video'], kept: true }, sort: 'title' },
	{
		text: 'artist:nadia "low tide"',
		filters: { genres: ['drum and bass'], years: { from: 1990, to: 1999 } },
		sort: 'duration'
	}
]

test.each(asked)('what stands in the address is read as what was asked: $text', (one) => {
	const hash = askedHref(one)
	expect(askedOf(hash)).toEqual(one)
	// The router decodes the hash when the page is opened.
	expect(askedOf(decodeURI(hash))).toEqual(one)
})

test('an address of another hand is read for what makes sense', () => {
	expect(askedOf('#/search?s=upwards&f=kind:nothing+year:soon+lossless:yes')).toEqual({
		text: '',
		filters: { lossless: true },
		sort: 'relevance'
	})
})

test('a standing search is found again by its words and filters, in whatever order', () => {
	const wish: Wish = {
		id: 'a',
		text: 'tide',
		filters: { genres: ['choral'], kept: true },
		createdMs: 1,
		newHits: 0,
		seenMs: 1
	}
	expect(wishFor([wish], { text: 'tide ', filters: { kept: true, genres: ['choral'] } })).toBe(wish)
	expect(wishFor([wish], { text: 'tide', filters: {} })).toBeUndefined()
})
