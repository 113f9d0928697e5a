import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ParsedQuery } from './query'
import { readQuery } from './read-query'

const none: ParsedQuery = { words: [], phrases: [], notWords: [], notPhrases: [], filters: {}, notFilters: {}, problems: [] } // prettier-ignore
const read = (text: string) => readQuery(text)
/** What differs from a query of nothing. */
const said = (text: string) =>
	Object.fromEntries(
		Object.entries(read(text)).filter(
			([key, value]) => JSON.stringify(value) !== JSON.stringify(none[key as never])
		)
	)
/** Words in short: `*` for open, `?` for optional, the field before. */
const words = (text: string) =>
	read(text).words.map(
		({ word, open, field, optional }) =>
			`${field ? `${field}:` : ''}${word}${open ? '*' : ''}${optional ? '?' : ''}`
	)

describe('words', () => {
	test.each([
		['nadia orio', ['nadia', 'orio*']],
		['nadia orio ', ['nadia', 'orio']],
		['Nadia  ÓRIO\tneap', ['nadia', 'orio', 'neap*']],
		['tide tide', ['tide*']],
		['Nadia Ório - Neap', ['nadia', 'orio', 'neap*']],
		['Title: the rest', ['title', 'the?', 'rest*']],
		['foo:bar', ['foo', 'bar*']],
		['12" single', ['12', 'single*']],
		['artist:Ório neap', ['artists:orio', 'neap*']],
		['neap artist:or', ['neap', 'artists:or*']],
		['artist:or ', ['artists:or']],
		['tide title:tide', ['tide', 'title:tide*']],
		['ARTIST：Nadia', ['artists:nadia*']],
		['künstler:Nadia ', ['artists:nadia']],
		['genre:rock ', ['genres:rock']],
		['publisher:Tidewater ', ['publisher:tidewater']],
		['!!!', ['!!!']],
		['!!! louden', ['louden*']],
		['海の歌', ['海の', 'の歌*']],
		['海', ['海*']],
		['海 ', ['海*']],
		['1984', ['1984*']],
		['', []],
		['   ', []]
	])('%j', (text, expected) => {
		expect(words(text)).toEqual(expected)
	})

	test('articles before a name and what joins two need not be there', () => {
		expect(words('the beatles ')).toEqual(['the?', 'beatles'])
		expect(words('beatles, the')).toEqual(['beatles', 'the?'])
		expect(words('the the ')).toEqual(['the'])
		expect(words('the')).toEqual(['the*'])
		expect(words('Die Ärzte ')).toEqual(['die?', 'arzte'])
		expect(words('simon & garfunkel')).toEqual(['simon', 'and?', 'garfunkel*'])
		expect(words('simon und garfunkel ')).toEqual(['simon', 'und?', 'garfunkel'])
		expect(words('simon and')).toEqual(['simon', 'and*'])
		expect(words('guns n roses ')).toEqual(['guns', 'and?', 'roses'])
		expect(words('live and ')).toEqual(['live', 'and'])
		expect(words('song feat. somebody ')).toEqual(['song', 'somebody'])
	})

	test('nor do words that only hold a title together, where enough is said without them', () => {
		expect(words('sweet child of mine ')).toEqual(['sweet', 'child', 'of?', 'mine'])
		expect(words('kind of blue')).toEqual(['kind', 'of?', 'blue*'])
		expect(words('kind of')).toEqual(['kind', 'of*'])
		expect(words('in time ')).toEqual(['in', 'time'])
		expect(words('artist:of the ')).toEqual(['artists:of', 'the'])
	})
})

describe('phrases', () => {
	test.each([
		['"Low Tide"', { phrases: [{ words: ['low', 'tide'] }] }],
		['„Low Tide“', { phrases: [{ words: ['low', 'tide'] }] }],
		['«low tide»', { phrases: [{ words: ['low', 'tide'] }] }],
		['album:"Low Tide"', { phrases: [{ words: ['low', 'tide'], field: 'album' }] }],
		['-"low tide"', { notPhrases: [{ words: ['low', 'tide'] }] }],
		['-album:"low tide"', { notPhrases: [{ words: ['low', 'tide'], field: 'album' }] }],
		['"海の歌"', { phrases: [{ words: ['海の', 'の歌'] }] }],
		['""', {}]
	])('%j', (text, expected) => {
		expect(said(text)).toEqual(expected)
	})

	test('one that is still being typed is words so far', () => {
		expect(words('"low ti')).toEqual(['low', 'ti*'])
		expect(words('artist:"low ti')).toEqual(['artists:low', 'ti*'])
	})
})

describe('not', () => {
	test('words and fields', () => {
		expect(said('-live -artist:nadia')).toEqual({
			notWords: [
				{ word: 'live', open: false },
				{ word: 'nadia', open: false, field: 'artists' }
			]
		})
	})
	test('only before a word', () => {
		expect(said('well-tempered').notWords).toBeUndefined()
		expect(said('- live').notWords).toBeUndefined()
		expect(said('--live').notWords).toBeUndefined()
	})
	test('filters', () => {
		expect(said('-kind:video -year:1990..1999 -lossless:yes -format:mp3 -kept:yes')).toEqual({
			notFilters: { kinds: ['video'], years: { from: 1990, to: 1999 }, formats: ['mp3'], kept: true },
			filters: { lossless: false }
		})
		expect(said('available:no')).toEqual({ notFilters: { available: true } })
		expect(said('-genre:="Hip-Hop"')).toEqual({ notFilters: { genres: ['hip hop'] } })
	})
})

describe('filters', () => {
	test.each([
		['year:1994', { years: { from: 1994, to: 1994 } }],
		['year:1990..1999', { years: { from: 1990, to: 1999 } }],
		['year:1990-1999', { years: { from: 1990, to: 1999 } }],
		['year:1990…', { years: { from: 1990 } }],
		['year:..1999', { years: { to: 1999 } }],
		['year:>=1990', { years: { from: 1990 } }],
		['year:<2000', { years: { to: 1999 } }],
		['year:>1999', { years: { from: 2000 } }],
		['year:1990s', { years: { from: 1990, to: 1999 } }],
		['year:90s', { years: { from: 1990, to: 1999 } }],
		['year:00s', { years: { from: 2000, to: 2009 } }],
		['year:199', { years: { from: 1990, to: 1999 } }],
		['year:>=1990 year:<2000', { years: { from: 1990, to: 1999 } }],
		['bitrate:>=256k', { bitrate: { from: 256_000 } }],
		['bitrate:320', { bitrate: { from: 320_000, to: 320_999 } }],
		['bitrate:<1.4M', { bitrate: { to: 1_399_999 } }],
		['bitrate:128kbps..192kbps', { bitrate: { from: 128_000, to: 192_999 } }],
		['duration:<5m', { durationMs: { to: 299_999 } }],
		['duration:5m', { durationMs: { from: 300_000, to: 359_999 } }],
		['duration:4:30..1h', { durationMs: { from: 270_000, to: 3_600_999 } }],
		['duration:<=5m', { durationMs: { to: 300_999 } }],
		['duration:>=1h30m', { durationMs: { from: 5_400_000 } }],
		['duration:<90s', { durationMs: { to: 89_999 } }],
		['dauer:>10', { durationMs: { from: 600_001 } }],
		['kind:video', { kinds: ['video'] }],
		['kind:video,audio kind:image', { kinds: ['video', 'audio', 'image'] }],
		['type:music', { kinds: ['audio'] }],
		['lossless:yes', { lossless: true }],
		['lossless:nein', { lossless: false }],
		['format:FLAC,jpeg', { formats: ['flac', 'jpg'] }],
		['licence:cc', { licences: ['cc'] }],
		['license:PD', { licences: ['free'] }],
		['available:yes kept:ja', { available: true, kept: true }],
		['genre:="Drum & Bass"', { genres: ['drum and bass'] }],
		['genre:=rock genre:=Jazz', { genres: ['rock', 'jazz'] }],
		[
			'publisher:k51qzi5uqu5dh9ihj4p2v5sl3hxvv27ryx2w0xrsv6jmmqi91t9xp8p9kaipc2',
			{ publishers: ['k51qzi5uqu5dh9ihj4p2v5sl3hxvv27ryx2w0xrsv6jmmqi91t9xp8p9kaipc2'] }
		],
		[
			'mbid:https://musicbrainz.org/recording/B10BBBFC-CF9E-42E0-BE17-E2C3E1D2600D',
			{ mbids: ['b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d'] }
		],
		[
			'cid:QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG',
			{ cids: ['bafybeie5nqv6kd3qnfjupgvz34woh3oksc3iau6abmyajn7qvtf6d2ho34'] }
		],
		[
			'cid:ipfs://bafybeie5nqv6kd3qnfjupgvz34woh3oksc3iau6abmyajn7qvtf6d2ho34/a.flac',
			{ cids: ['bafybeie5nqv6kd3qnfjupgvz34woh3oksc3iau6abmyajn7qvtf6d2ho34'] }
		]
	])('%j', (text, filters) => {
		expect(said(`${text} `)).toEqual({ filters })
	})

	test('beside words', () => {
		expect(read('tide kind:video low')).toMatchObject({
			words: [
				{ word: 'tide', open: false },
				{ word: 'low', open: true }
			],
			filters: { kinds: ['video'] }
		})
	})
})

describe('what is not understood is told', () => {
	test.each([
		['year:soon ', 'year:soon', 'bad-number'],
		['year:1999..1990 ', 'year:1999..1990', 'bad-range'],
		['year:1990 year:2000 ', 'year:2000', 'bad-range'],
		['bitrate:12x ', 'bitrate:12x', 'bad-number'],
		['duration:5m5h ', 'duration:5m5h', 'bad-number'],
		['kind:sculpture ', 'kind:sculpture', 'unknown-value'],
		['lossless:perhaps ', 'lossless:perhaps', 'unknown-value'],
		['mbid:123 ', 'mbid:123', 'unknown-value'],
		['cid:Qm ', 'cid:Qm', 'unknown-value']
	])('%j', (text, part, reason) => {
		expect(read(text).problems).toEqual([{ text: part, reason }])
	})

	test('not while it is being typed', () => {
		for (const text of ['year:', 'year:>=', 'kind:vid', 'duration:<', 'mbid:b10b', 'cid:bafy', 'bitrate:2x'])
			expect(read(`tide ${text}`).problems).toEqual([])
	})

	test('more than anyone types', () => {
		const many = Array.from({ length: 20 }, (_, at) => `w${at}`).join(' ')
		expect(read(many).words).toHaveLength(16)
		expect(read(many).problems).toEqual([{ text: 'w16 w17 w18 w19', reason: 'too-long' }])
		expect(read('x'.repeat(1001)).problems[0]?.reason).toBe('too-long')
	})
})

test('never fails, whatever is typed', () => {
	const piece = fc.constantFrom(
		...Array.from('"“-−:：=<>.…, \t\u0000\ud800\u0301\u200fa1Ä海ガ한ก!$&\''),
		'year',
		'bitrate',
		'cid',
		'n',
		'..',
		'>=',
		'😀'
	)
	fc.assert(
		fc.property(
			fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join('')),
			(text) => {
				const { words } = readQuery(text)
				expect(words.every(({ word }) => word !== '')).toBe(true)
			}
		)
	)
})
