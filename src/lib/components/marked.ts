/** Lower case, without marks above and below letters: as the index folds words. */
const fold = (word: string): string => word.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

/** Cuts a text into what matched and what did not; a word that starts with a matching one counts. Joined, the parts are the text. */
export function markWords(
	text: string,
	words: readonly string[]
): readonly { readonly text: string; readonly hit: boolean }[] {
	const wanted = words.filter((word) => word !== '')
	const parts: { text: string; hit: boolean }[] = []
	for (const piece of text.split(/([\p{L}\p{N}\p{M}]+)/u)) {
		if (piece === '') continue
		const folded = fold(piece)
		const hit = wanted.some((word) => folded === word || folded.startsWith(word))
		const last = parts.at(-1)
		if (last?.hit === hit) last.text += piece
		else parts.push({ text: piece, hit })
	}
	return parts
}
