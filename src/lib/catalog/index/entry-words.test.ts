import { expect, test } from 'vitest'
import { TEXT_FIELDS } from '../query/query'
import type { EntryRow } from '../row'
import { fieldWords, nameWords, rememberingFold, wordsToSay } from './entry-words'

const row: EntryRow = {
	id: 1,
	publisher: 'k',
	publisherName: 'Tidewater',
	root: 'r',
	k: 'The Hills/Disc 1/01 Two Valleys.flac',
	kind: 'audio',
	file: 'f',
	sizeBytes: 1,
	mime: 'audio/flac',
	title: 'Two Valleys',
	artists: ['Nadia Ório', 'AC/DC'],
	albumArtists: ['Nadia Ório', 'Various'],
	genres: ['Hip-Hop', 'Choral'],
	album: "Schindler's Hills",
	composers: ['J. S. Bach'],
	label: 'Müller',
	comment: 'Recorded at low tide, 1987.'
}

test('words by field, in reading order, with gaps between texts and other spellings at the end', () => {
	const said: Record<string, string> = Object.fromEntries(
		fieldWords(row).map((words, at) => [TEXT_FIELDS[at] ?? '', words.join(' ')])
	)
	expect(said).toEqual({
		title: 'two valleys',
		artists: 'nadia orio  ac dc  various  acdc',
		album: 'schindlers hills  schindler',
		composers: 'j s bach',
		genres: 'hip hop  choral  hiphop',
		label: 'muller  mueller',
		publisher: '',
		path: 'the hills  disc 1  01 two valleys',
		description: 'recorded at low tide 1987'
	})
})

test('a fold that remembers gives the same', () => {
	const fold = rememberingFold()
	for (let round = 0; round < 2; round++) expect(fieldWords(row, fold)).toEqual(fieldWords(row))
})

test('what would be noise is cut off', () => {
	const words = Array.from({ length: 300 }, (_, at) => `w${at}`).join(' ')
	const fields = fieldWords({ ...row, title: words, artists: [words, words], comment: words, k: words })
	expect(fields.map(({ length }) => length)).toEqual([64, 64, 4, 3, 6, 3, 0, 64, 128])
})

test.each([
	['The Wall', 1],
	['Tide, Low Tide', 2],
	['The', 1],
	['The The', 1],
	["Guns N' Roses", 2],
	['Simon & Garfunkel', 2],
	["Schindler's List", 2],
	['Live and', 2],
	['!!!', 1],
	['', 0]
])('%j is said by %i words', (name, words) => {
	expect(wordsToSay(nameWords(name))).toBe(words)
})
