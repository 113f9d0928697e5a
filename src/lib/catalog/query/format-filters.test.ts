import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatFilters } from './format-filters'
import type { QueryFilters } from './query'
import { readQuery } from './read-query'

const span = (max: number) =>
	fc
		.tuple(fc.option(fc.nat(max), { nil: undefined }), fc.option(fc.nat(max), { nil: undefined }))
		.filter(([from, to]) => (from ?? to) !== undefined && (from ?? 0) <= (to ?? Infinity))
		.map(([from, to]) => ({ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }))
const some = <T>(...values: T[]) => fc.uniqueArray(fc.constantFrom(...values), { minLength: 1 })

const filters = fc.record(
	{
		kinds: some('audio', 'video', 'other'),
		genres: some('rock', 'drum and bass', '!!!'),
		years: span(8999).map(({ from, to }) => ({
			...(from === undefined ? {} : { from: from + 1000 }),
			...(to === undefined ? {} : { to: to + 1000 })
		})),
		bitrate: span(2_000_000),
		durationMs: span(9_000_000),
		lossless: fc.boolean(),
		formats: some('flac', 'mp3', 'jpg'),
		licences: some('cc', 'free', 'other', 'none'),
		publishers: some('k51qzi5uqu5dh9ihj4p2v5sl3hxvv27ryx2w0xrsv6jmmqi91t9xp8p9kaipc2'),
		available: fc.constant(true),
		kept: fc.constant(true),
		mbids: some('b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d'),
		cids: some('bafybeie5nqv6kd3qnfjupgvz34woh3oksc3iau6abmyajn7qvtf6d2ho34')
	},
	{ requiredKeys: [] }
)

test('filters that were written are read as the same', () => {
	fc.assert(
		fc.property(filters, (given) => {
			expect(readQuery(`${formatFilters(given as QueryFilters)} `)).toMatchObject({
				filters: given,
				problems: [],
				words: []
			})
		})
	)
})
