import { expect, test } from 'vitest'
import { fingerprint } from './fingerprint'
import { bothFilters, filterNumbers } from './query-filters'

test('what the text and the facets say must hold together', () => {
	expect(bothFilters({ kinds: ['audio', 'video'] }, { kinds: ['video'] })).toEqual({ kinds: ['video'] })
	expect(bothFilters({ kinds: ['audio'] }, { kinds: ['video'] })).toBeUndefined()
	expect(bothFilters({ kinds: [] }, { kinds: ['video'] })).toEqual({ kinds: ['video'] })
	expect(bothFilters({ years: { from: 1990 } }, { years: { to: 1999 } })).toEqual({
		years: { from: 1990, to: 1999 }
	})
	expect(bothFilters({ years: { from: 2000 } }, { years: { to: 1999 } })).toBeUndefined()
	expect(bothFilters({ lossless: true }, { lossless: false })).toBeUndefined()
	expect(bothFilters({ lossless: true }, { available: true })).toEqual({ lossless: true, available: true })
})

test('names become the numbers of the index', () => {
	const numbers = { seed: 7, publisher: (name: string) => (name === 'k51a' ? 3 : undefined) }
	expect(
		filterNumbers(
			{ kinds: ['video', 'no such'], publishers: ['k51a', 'k51b'], cids: ['bafy'], genres: [] },
			numbers
		)
	).toEqual({ kinds: [1], publishers: [3], files: [fingerprint('bafy', 7)] })
	expect(filterNumbers({ publishers: ['k51b'] }, numbers)).toBeUndefined()
	expect(filterNumbers({ kinds: ['no such'] }, numbers)).toBeUndefined()
	expect(filterNumbers({ publishers: [] }, numbers)).toEqual({})
})
