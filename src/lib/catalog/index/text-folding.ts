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
	ς: 'σ',
	// As written on other keyboards, or where one form stands for another at the end of a word.
	ى: 'ي',
	ی: 'ي',
	ک: 'ك',
	ة: 'ه',
	ـ: ''
}
const UNDECOMPOSED_LETTERS = new RegExp(`[${Object.keys(UNDECOMPOSED).join('')}]`, 'gu')

/** "Rock 'n' Roll", "Guns N' Roses", "Salt n Pepa": said as "and". */
const AND_SHORT =
	/(?<=\p{L})(?:\s*['\u2018\u2019\u201b]n['\u2018\u2019\u201b]?\s*|\s+n['\u2018\u2019\u201b]?\s+)(?=\p{L}{2})/giu

/** "Ke$ha", "P!nk": signs that stand for letters. */
const SIGN_LETTERS: Readonly<Record<string, string>> = { $: 's', '!': 'i' }
const SIGN_LETTER = /(?<=\p{L})[$!](?=\p{L})/gu

/** "10,000 Maniacs": commas, points and apostrophes between thousands. */
const THOUSANDS = /(?<![\p{N}.,])\p{N}{1,3}(?:[.,'\u2019]\p{N}{3})+(?![.,]?\p{N})/gu

/** "R.E.M.", "U.S.A": single letters with full stops are one word. */
const ACRONYM = /(?<![\p{L}\p{N}])(?:\p{L}\.){2,}(?:\p{L}(?![\p{L}\p{N}]))?/gu

/** Cheap looks that spare most texts the costly ones. */
const AND_HINT = /[\s'\u2018\u2019\u201b]n[\s'\u2018\u2019\u201b]/iu
const AND_PIECE = /^['\u2018\u2019\u201b]?n['\u2018\u2019\u201b]?$/iu
const THOUSANDS_HINT = /\p{N}[.,'\u2019]\p{N}{3}/u

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
 * Splits text into the words of the index: diacritics, case and width are folded, apostrophes joined, `&` and `'n'` are
 * "and", "feat." is left out, numbers stay whole. Text in a script without spaces gives overlapping pairs of letters, each run's last letter also alone, so that
 * any part of it can be found. The same text always gives the same words, in reading order, repeated where repeated.
 * @returns no words only for blank text; text of signs alone ("!!!") is one word
 */
export function foldWords(text: string): string[] {
	return foldPieces(text) ?? fold(text, true)
}

/**
 * As {@link foldWords}, for what is typed into the search box: a run of unspaced letters gives its pairs only, as its
 * last letter alone says nothing more.
 */
export function foldQuery(text: string): string[] {
	return fold(text, false)
}

/** Words before a name that people leave out, or say though it is not there. */
const ARTICLES: ReadonlySet<string> = new Set(
	'the a an der die das le la les el los las il lo gli de het os as'.split(' ')
)

/** True for "the" and its like, folded. What they are in one language may be a word in another: they only count less. */
export function isArticle(word: string): boolean {
	return ARTICLES.has(word)
}

/** True for what joins two names, folded; `&` folds to one of them. */
export function isConjunction(word: string): boolean {
	return word === 'and' || word === 'und' || word === 'et' || word === 'y' || word === 'og' || word === 'och'
}

/** Words that hold a title together, and that people leave out or get wrong: "Child o' Mine". */
const LINKING: ReadonlySet<string> = new Set(
	'of in on at to for from by with von vom zu zum zur im am mit fur aus du des en dans pour avec del da do di con per por para'.split(
		' '
	)
)

/** True for articles, conjunctions and prepositions, folded. */
export function isLinking(word: string): boolean {
	return LINKING.has(word) || ARTICLES.has(word) || isConjunction(word)
}

const ALTERNATES_HINT =
	/['\u2018\u2019\u201b\u02bc]|\p{L}[-/\u2010\u2011]\p{L}|[äöüåøÄÖÜÅØ]|[aouAOU][\u0308\u030a]|ال/u
const ELIDED =
	/(?<![\p{L}\p{N}])(?:qu|dell|all|nell|sull|[ldjmnstc])['\u2018\u2019\u201b\u02bc](?<rest>\p{L}{2,})/giu
const POSSESSIVE = /(?<base>\p{L}{2,})['\u2018\u2019\u201b\u02bc]s(?![\p{L}\p{N}])/giu
const JOINED = /(?<![\p{L}\p{N}])\p{L}[\p{L}\p{N}]*[-/\u2010\u2011][\p{L}\p{N}]+(?![\p{L}\p{N}/-])/gu
const UMLAUTS: Readonly<Record<string, string>> = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'aa', ø: 'oe' }
const WITH_UMLAUT = /[\p{L}\p{N}\p{M}]*[äöüåø][\p{L}\p{N}\p{M}]*/gu
const ARABIC_ARTICLE = /(?<![\p{L}\p{M}])ال(?<rest>[\p{L}\p{M}]{3,})/gu

const NONE: readonly string[] = []

function mayHaveAlternates(text: string): boolean {
	for (let at = 0; at < text.length; at++) {
		const code = text.charCodeAt(at)
		if (code >= 127 || code === 39 || code === 45 || code === 47) return true
	}
	return false
}

/**
 * Further words by which people look for a text, for the index only: what follows an elided article ("L'Amour" as
 * "amour"), what is possessed ("Schindler's" as "schindler"), what a hyphen joins ("AC/DC" as "acdc"), German and
 * Scandinavian letters as two ("Müller" as "mueller"), Arabic words without their article. Empty for most texts.
 */
export function alternateWords(text: string): readonly string[] {
	if (!mayHaveAlternates(text)) return NONE
	let all: string[] | undefined
	for (const piece of text.split(' ')) {
		if (!mayHaveAlternates(piece)) continue
		const words = alternatesOfPiece(piece)
		if (words.length > 0) (all ??= []).push(...words)
	}
	return all ?? NONE
}

const alternatePieces = new Map<string, readonly string[]>()

function alternatesOfPiece(piece: string): readonly string[] {
	let words = alternatePieces.get(piece)
	if (words === undefined) {
		words = ALTERNATES_HINT.test(piece) ? alternatesIn(piece.normalize('NFC')) : NONE
		if (piece.length <= MAX_PIECE_LENGTH) {
			if (alternatePieces.size >= MAX_PIECES) alternatePieces.clear()
			alternatePieces.set(piece, words)
		}
	}
	return words
}

function alternatesIn(composed: string): string[] {
	const more: string[] = []
	for (const { groups } of composed.matchAll(ELIDED)) more.push(groups?.['rest'] ?? '')
	for (const { groups } of composed.matchAll(POSSESSIVE)) more.push(groups?.['base'] ?? '')
	for (const { groups } of composed.matchAll(ARABIC_ARTICLE)) more.push(groups?.['rest'] ?? '')
	for (const [compound] of composed.matchAll(JOINED)) more.push(compound.replace(/[-/\u2010\u2011]/gu, ''))
	for (const [word] of composed.toLowerCase().matchAll(WITH_UMLAUT))
		more.push(word.replace(/[äöüåø]/gu, (letter) => UMLAUTS[letter] ?? letter))
	return more.flatMap(foldWords).filter((word) => word.length > 1)
}

/** Splits off the last word where typing may go on: "beeth" yes, "beeth " no. */
export function endsInsideWord(text: string): boolean {
	return /[^\s]$/u.test(text)
}

/** True for a word of {@link foldWords} that came from a script without spaces. */
export function isUnspaced(word: string): boolean {
	return UNSPACED.test(word)
}

const isDigit = (code: number) => code >= 48 && code <= 57
const isSmall = (code: number) => code >= 97 && code <= 122
const isCapital = (code: number) => code >= 65 && code <= 90

/** What pieces between spaces fold to: in one language the same ones come again and again. */
const foldedPieces = new Map<string, readonly string[]>()
const MAX_PIECES = 8192
const MAX_PIECE_LENGTH = 32

/**
 * As {@link fold} with the last letters alone, piece by piece: most are letters and figures of ASCII between plain signs
 * and need one look at each character, the others are folded once. Folding is what indexing would otherwise spend
 * most of its time on.
 * @returns undefined where what stands beside a piece says what it means, and where there are signs alone
 */
function foldPieces(text: string): string[] | undefined {
	const words: string[] = []
	const { length } = text
	for (let from = 0; from < length;) {
		let to = text.indexOf(' ', from)
		if (to === -1) to = length
		const before = words.length
		if (to > from && !appendPlain(words, text, from, to)) {
			words.length = before
			const piece = text.slice(from, to)
			if (piece.length <= 3 && AND_PIECE.test(piece)) return undefined
			for (const word of foldPiece(piece)) words.push(word)
		}
		from = to + 1
	}
	return words.length === 0 ? undefined : withoutUnsaid(words)
}

function foldPiece(piece: string): readonly string[] {
	let words = foldedPieces.get(piece)
	if (words === undefined) {
		words = wordsIn(piece, true)
		if (piece.length <= MAX_PIECE_LENGTH) {
			if (foldedPieces.size >= MAX_PIECES) foldedPieces.clear()
			foldedPieces.set(piece, words)
		}
	}
	return words
}

/** Adds the words of a part of the text; false when anything in it might have to be folded. */
function appendPlain(words: string[], text: string, from: number, to: number): boolean {
	let start = -1
	let capitals = false
	for (let at = from; at <= to; at++) {
		const code = at < to ? text.charCodeAt(at) : 32
		if (isSmall(code) || isDigit(code) || isCapital(code)) {
			if (start === -1) start = at
			if (code < 97 && code > 57) capitals = true
			continue
		}
		if (code >= 127 || code === 39 || code === 96 || code === 38 || code === 36 || code === 33) return false
		if (start === -1) continue
		const size = at - start
		if (code === 46 || code === 44) {
			// A letter alone before a full stop may begin an acronym, figures on both sides may be thousands.
			if (size === 1 && !isDigit(text.charCodeAt(start))) return false
			if (isDigit(text.charCodeAt(at - 1)) && isDigit(text.charCodeAt(at + 1))) return false
		}
		// Alone it may be short for "and".
		if (size === 1 && to - from === 1 && (text.charCodeAt(start) | 32) === 110) return false
		const word = text.slice(start, size > MAX_WORD_LENGTH ? start + MAX_WORD_LENGTH : at)
		words.push(capitals ? word.toLowerCase() : word)
		start = -1
		capitals = false
	}
	return true
}

function fold(text: string, lastAlone: boolean): string[] {
	const words = wordsIn(text, lastAlone)
	return words.length === 0 ? signsOnly(text) : withoutUnsaid(words)
}

function wordsIn(text: string, lastAlone: boolean): string[] {
	const folded = foldLetters(text)
	const found = folded.match(WORD)
	if (found === null) return []
	const words =
		!ASCII.test(folded) && UNSPACED.test(folded)
			? found.flatMap((word) => (UNSPACED.test(word) ? splitUnspaced(word, lastAlone) : [word]))
			: [...found]
	return words.map((word) => (word.length > MAX_WORD_LENGTH ? word.slice(0, MAX_WORD_LENGTH) : word))
}

function withoutUnsaid(words: string[]): string[] {
	if (words.length < 2 || !words.some((word) => UNSAID.has(word))) return words
	const said = words.filter((word) => !UNSAID.has(word))
	return said.length > 0 ? said : words
}

function foldLetters(text: string): string {
	let folded = THOUSANDS_HINT.test(text)
		? text.replace(THOUSANDS, (number) => number.replace(/\P{N}/gu, ''))
		: text
	if (AND_HINT.test(folded)) folded = folded.replace(AND_SHORT, ' and ')
	folded = folded.replace(APOSTROPHES, '').replaceAll('&', ' and ')
	if (folded.includes('$') || folded.includes('!'))
		folded = folded.replace(SIGN_LETTER, (sign) => SIGN_LETTERS[sign] ?? sign)
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
