const STROKED: Readonly<Record<string, string>> = {
	ß: 'ss',
	æ: 'ae',
	œ: 'oe',
	ø: 'o',
	ł: 'l',
	đ: 'd',
	ð: 'd',
	þ: 'th'
}
const PAIRS = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u

/** Lower case, without marks above and below letters, apostrophes joined: about as the index folds words. */
const fold = (word: string): string =>
	word
		.replace(/['\u2019]/gu, '')
		.normalize('NFKD')
		.replace(/\p{M}/gu, '')
		.toLowerCase()
		.replace(/[ßæœøłđðþ]/gu, (letter) => STROKED[letter] ?? letter)

/** Cuts a text into what matched and what did not; a word that starts with a matching one counts. Joined, the parts are the text. */
export function markWords(
	text: string,
	words: readonly string[]
): readonly { readonly text: string; readonly hit: boolean }[] {
	const wanted = words
		.filter((word) => word !== '')
		.map((word) => ({ word: fold(word), inside: PAIRS.test(word) }))
	const parts: { text: string; hit: boolean }[] = []
	for (const piece of text.split(/([\p{L}\p{N}\p{M}][\p{L}\p{N}\p{M}'\u2019]*)/u)) {
		if (piece === '') continue
		const folded = fold(piece)
		// Of scripts without spaces the index has pairs of letters.
		const hit = wanted.some(({ word, inside }) => (inside ? folded.includes(word) : folded.startsWith(word)))
		const last = parts.at(-1)
		if (last?.hit === hit) last.text += piece
		else parts.push({ text: piece, hit })
	}
	return parts
}
