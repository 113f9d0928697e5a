/** A piece of a query as it was typed. */
export interface Token {
	readonly kind: 'word' | 'phrase' | 'field'
	/** Of a phrase what stands between the marks, of a field its value without them. */
	readonly text: string
	/** As typed, to be shown. */
	readonly typed: string
	/** Places in the query. */
	readonly start: number
	readonly end: number
	/** A minus stands before it. */
	readonly not: boolean
	/** In lower case; of `kind` field only. */
	readonly field?: string
	/** The value stands between quotation marks. */
	readonly quoted?: boolean
	/** `=` stands before the value. */
	readonly exact?: boolean
}

const MINUS = /[-\u2212]/u
const OPENING = /["\u201c\u201d\u201e\u00ab\u00bb\uff02]/u
const PIECE =
	/(?<not>[-\u2212](?=[^\s-]))?(?:(?<field>\p{L}{2,20})[:\uff1a](?=\S)(?<exact>=(?=\S))?)?(?:["\u201c\u201d\u201e\u00ab\u00bb\uff02](?<quoted>[^"\u201c\u201d\u201e\u00ab\u00bb\uff02]*)["\u201c\u201d\u201e\u00ab\u00bb\uff02]|(?<bare>\S+))/gu

/**
 * Cuts a query into words, phrases and fields. A quotation mark that is not closed (as while a phrase is being typed) and a
 * field that is not among `fields` are words like others.
 */
export function tokens(query: string, fields: ReadonlySet<string>): Token[] {
	const found: Token[] = []
	for (const match of query.matchAll(PIECE)) {
		const [typed] = match
		const { not, field, exact, quoted, bare = '' } = match.groups ?? {}
		const place = { typed, start: match.index, end: match.index + typed.length }
		const name = field?.toLowerCase()
		if (name !== undefined && fields.has(name)) {
			const text = quoted ?? bare.replace(OPENING, '')
			found.push({
				kind: 'field',
				...place,
				not: not !== undefined,
				field: name,
				text,
				quoted: quoted !== undefined,
				exact: exact !== undefined
			})
		} else if (quoted !== undefined && name === undefined) {
			found.push({ kind: 'phrase', ...place, not: not !== undefined, text: quoted })
		} else {
			const text = not === undefined ? typed : typed.replace(MINUS, '')
			found.push({ kind: 'word', ...place, not: not !== undefined, text })
		}
	}
	return found
}
