import { expect, test } from 'vitest'
import { formatFilters } from '$lib/catalog/query/format-filters'
import { readQuery } from '$lib/catalog/query/read-query'
import {
	isChosen,
	isDecade,
	qualityOfFilters,
	toggleDecade,
	toggleFlag,
	toggleQuality,
	toggleValue
} from './search-filters'
import { hasFilters } from './search.svelte'

test('values of one facet add up, and pressing one again takes it away', () => {
	const two = toggleValue(toggleValue({}, 'genres', 'rock'), 'genres', 'jazz')
	expect(two).toEqual({ genres: ['rock', 'jazz'] })
	expect(isChosen(two, 'genres', 'jazz')).toBe(true)
	const one = toggleValue(two, 'genres', 'rock')
	expect(toggleValue(one, 'genres', 'jazz')).toEqual({})
	expect(hasFilters(two)).toBe(true)
	expect(hasFilters({})).toBe(false)
})

test('of decades and qualities one is chosen at a time', () => {
	const nineties = toggleDecade({ kept: true }, 1990)
	expect(isDecade(nineties, 1990)).toBe(true)
	expect(toggleDecade(nineties, 1980)).toEqual({ kept: true, years: { from: 1980, to: 1989 } })
	expect(toggleDecade(nineties, 1990)).toEqual({ kept: true })
	for (const quality of ['lossless', 'high', 'medium', 'low'] as const) {
		const chosen = toggleQuality({ bitrate: { to: 5 } }, quality)
		expect(qualityOfFilters(chosen)).toBe(quality)
		expect(toggleQuality(chosen, quality)).toEqual({})
	}
	expect(qualityOfFilters({ bitrate: { from: 256_000 } })).toBeUndefined()
})

test('what was chosen can stand in an address', () => {
	const chosen = toggleQuality(
		toggleFlag(toggleDecade(toggleValue({}, 'genres', 'drum and bass'), 1990), 'kept'),
		'high'
	)
	expect(readQuery(`${formatFilters(chosen)} `).filters).toEqual(chosen)
})
