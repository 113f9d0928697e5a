/** Longest word kept; the rest of a longer one is cut off. */
const MAX_WORD_LENGTH = 64

/**
 * Marks above and below letters of Latin, Greek, Cyrillic, Hebrew and Arabic script. Marks of other scripts stay: in
 * Devanagari or Thai they are vowels, and the voicing marks of kana make other letters.
 */
const MARKS =
	// eslint-disable-next-line no-misleading-character-class -- each mark stands for itself
	/[\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20f0\ufe00-\ufe0f\ufe20-\ufe2f]/gu

const INVISIBLE = /[\u00ad\u200b-\u200f\u2060\ufeff]/gu

/** As typed and as typographers set them; some of them decompose to a space and a mark, so they go first. */
const APOSTROPHES = /['\u2018\u2019\u201b\u02b9\u02bb\u02bc\u00b4\u0060\u2032\uff07]/gu

/** Letters that Unicode does not decompose, though people type them without the stroke or as two letters. */
const UNDECOMPOSED: Readonly<Record<string, string>> = {
	ß: 'ss',
	æ: 'ae',
	œ: 'oe',
	ø: 'o',
	ł: 'l',
	đ: 'd',
	ð: 'd',
	þ: 'th',
	ħ: 'h',
	ŧ: 't',
	ı: 'i',
	ŋ: 'n',
	ς: 'σ'
}
const UNDECOMPOSED_LETTERS = new RegExp(`[${Object.keys(UNDECOMPOSED).join('')}]`, 'gu')

/** "R.E.M.", "U.S.A": single letters with full stops are one word. */
const ACRONYM = /(?<![\p{L}\p{N}])(?:\p{L}\.){2,}(?:\p{L}(?![\p{L}\p{N}]))?/gu

const WORD = /[\p{L}\p{N}\p{M}]+/gu
const ASCII = /^[\u0020-\u007e]*$/u

/** Scripts written without spaces between words (and Hangul, whose words take endings). */
const UNSPACED =
	/[\p{Script_Extensions=Han}\p{Script_Extensions=Hiragana}\p{Script_Extensions=Katakana}\p{Script_Extensions=Bopomofo}\p{Script_Extensions=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const RUNS =
	/(?<unspaced>[\p{Script_Extensions=Han}\p{Script_Extensions=Hiragana}\p{Script_Extensions=Katakana}\p{Script_Extensions=Bopomofo}\p{Script_Extensions=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+)|[\p{L}\p{N}\p{M}]/gu

/** Said between the names of a credit, and left out by most who type it. */
const UNSAID: ReadonlySet<string> = new Set(['feat', 'ft', 'featuring'])

/**
 * Splits text into the words of the index: diacritics, case and width are folded, apostrophes joined, `&` is "and", numbers stay
 * whole. Text in a script without spaces gives overlapping pairs of letters, each run's last letter also alone, so that
 * any part of it can be found. The same text always gives the same words, in reading order, repeated where repeated.
 * @returns no words only for blank text; text of signs alone ("!!!") is one word
 */
export function foldWords(text: string): string[] {
	return fold(text, true)
}

/**
 * As {@link foldWords}, for what is typed into the search box: a run of unspaced letters gives its pairs only, as its
 * last letter alone says nothing more.
 */
export function foldQuery(text: string): string[] {
	return fold(text, false)
}

/** Splits off the last word where typing may go on: "beeth" yes, "beeth " no. */
export function endsInsideWord(text: string): boolean {
	return /[^\s]$/u.test(text)
}

/** True for a word of {@link foldWords} that came from a script without spaces. */
export function isUnspaced(word: string): boolean {
	return UNSPACED.test(word)
}

function fold(text: string, lastAlone: boolean): string[] {
	const folded = foldLetters(text)
	const found = folded.match(WORD)
	if (found === null) return signsOnly(text)
	let words: string[] = found
	if (!ASCII.test(folded) && UNSPACED.test(folded)) {
		words = found.flatMap((word) => (UNSPACED.test(word) ? splitUnspaced(word, lastAlone) : [word]))
	}
	if (words.length > 1 && words.some((word) => UNSAID.has(word))) {
		const said = words.filter((word) => !UNSAID.has(word))
		if (said.length > 0) words = said
	}
	return words.map((word) => (word.length > MAX_WORD_LENGTH ? word.slice(0, MAX_WORD_LENGTH) : word))
}

function foldLetters(text: string): string {
	let folded = text.replace(APOSTROPHES, '').replaceAll('&', ' and ')
	if (!ASCII.test(folded)) {
		folded = folded
			.replace(INVISIBLE, '')
			.normalize('NFKD')
			.replace(MARKS, '')
			.normalize('NFC')
			.toLowerCase()
			.replace(MARKS, '')
			.replace(UNDECOMPOSED_LETTERS, (letter) => UNDECOMPOSED[letter] ?? letter)
	} else {
		folded = folded.toLowerCase()
	}
	return folded.includes('.') ? folded.replace(ACRONYM, (letters) => `${letters.replaceAll('.', '')} `) : folded
}

function splitUnspaced(word: string, lastAlone: boolean): string[] {
	const words: string[] = []
	let spaced = ''
	for (const run of word.matchAll(RUNS)) {
		const unspaced = run.groups?.['unspaced']
		if (unspaced === undefined) {
			spaced += run[0]
			continue
		}
		if (spaced !== '') words.push(spaced)
		spaced = ''
		const letters = Array.from(unspaced)
		for (let at = 0; at + 1 < letters.length; at++) words.push(`${letters[at] ?? ''}${letters[at + 1] ?? ''}`)
		if (lastAlone || letters.length === 1) words.push(letters.at(-1) ?? '')
	}
	if (spaced !== '') words.push(spaced)
	return words
}

function signsOnly(text: string): string[] {
	const signs = text.normalize('NFKC').replace(/[\s\p{C}]+/gu, '')
	return signs === '' ? [] : [Array.from(signs).slice(0, 16).join('')]
}
