/** NFC, and every lone surrogate (JSON can bring them) replaced. */
export function normalText(text: string): string {
	return text.toWellFormed().normalize('NFC')
}

/** True when text has at most `max` code points. Looks at no more than it must of giant text. */
export function fits(text: string, max: number): boolean {
	if (text.length <= max) return true
	if (text.length > 2 * max) return false
	return Array.from(text).length <= max
}

/** The first `max` code points. */
export function cut(text: string, max: number): string {
	if (text.length <= max) return text
	return Array.from(text.slice(0, 2 * max))
		.slice(0, max)
		.join('')
}

// Bidi marks, embeddings, overrides and isolates let a title reorder what stands beside it, or hide an extension.
const unseen = /[\p{Cc}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu
const unseenButLines = /[^\P{Cc}\n]|[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu

/** Words of printable ASCII with single spaces: most texts, which nothing below would change. */
const plain = /^(?:[!-~]+(?: [!-~]+)*)?$/

/** One line that is safe to show: no control characters, no characters that turn or hide others, single spaces. */
export function displayText(text: string): string {
	if (plain.test(text)) return text
	return text
		.replace(/[\s\u2028\u2029]+/gu, ' ')
		.replace(unseen, '')
		.replace(/ {2,}/g, ' ')
		.trim()
}

/** As {@link displayText}, lines kept. */
export function displayLines(text: string): string {
	if (plain.test(text)) return text
	return text
		.replace(/\r\n?|[\u2028\u2029]/g, '\n')
		.replace(/\t/g, ' ')
		.replace(unseenButLines, '')
		.trim()
}

/** Order of the UTF-8 bytes of two texts, which is that of their code points and not that of `<`. */
export function compareBytes(one: string, other: string): number {
	const shared = Math.min(one.length, other.length)
	for (let i = 0; i < shared; i++) {
		const a = one.charCodeAt(i)
		const b = other.charCodeAt(i)
		if (a !== b) return rank(a) - rank(b)
	}
	return one.length - other.length
}

/** Surrogates stand for code points past U+FFFF, so they come after U+E000 to U+FFFF. */
function rank(unit: number): number {
	if (unit < 0xd800) return unit
	return unit >= 0xe000 ? unit - 0x800 : unit + 0x2000
}

const MIME = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;.*)?$/

/** True for the shape `type/subtype`, with or without parameters. */
export function isMediaType(text: string): boolean {
	return MIME.test(text)
}

/** The text when it is an https or http URL; a link of any other scheme could run code where it is clicked. */
export function webUrl(text: string | undefined): string | undefined {
	const url = text !== undefined && URL.canParse(text) ? new URL(text) : undefined
	return url?.protocol === 'https:' || url?.protocol === 'http:' ? text : undefined
}
