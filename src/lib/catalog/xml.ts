/** One element; `name` without its namespace prefix. */
export interface XmlElement {
	readonly name: string
	readonly attributes: Readonly<Record<string, string>>
	readonly children: readonly XmlElement[]
	/** Text directly inside. */
	readonly text: string
}

interface Draft {
	name: string
	attributes: Record<string, string>
	children: Draft[]
	text: string
}

const MAX_DEPTH = 16
// Quoted values may hold `>`.
const TAG = /<(\/?)([\w:.-]{1,100})((?:\s+[\w:.-]{1,100}\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/uy
const ATTRIBUTE = /([\w:.-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/gu

/**
 * Reads the little XML that playlists are made of, where no DOMParser is: workers and Node. Declarations are skipped and
 * no entities are defined by the document, so nothing in it can grow or fetch.
 * @returns the root element, `undefined` for what is not well-formed
 */
export function parseXml(source: string): XmlElement | undefined {
	const top: Draft = { name: '', attributes: {}, children: [], text: '' }
	const open: Draft[] = [top]
	let at = 0
	for (let next = source.indexOf('<'); next !== -1; next = source.indexOf('<', at)) {
		const parent = open.at(-1)
		if (parent === undefined) return undefined
		parent.text += unescaped(source.slice(at, next))
		const skipped = skip(source, next)
		if (skipped === undefined) return undefined
		if (skipped.end > next) {
			parent.text += skipped.text
			at = skipped.end
			continue
		}
		TAG.lastIndex = next
		const [token, closing, qualified = '', attributes = '', empty] = TAG.exec(source) ?? []
		if (token === undefined) return undefined
		at = next + token.length
		const name = localName(qualified)
		if (closing === '/') {
			if (parent.name !== name || open.length === 1) return undefined
			open.pop()
			continue
		}
		const element: Draft = { name, attributes: attributesOf(attributes), children: [], text: '' }
		parent.children.push(element)
		if (empty === '/') continue
		if (open.length > MAX_DEPTH) return undefined
		open.push(element)
	}
	return open.length === 1 && top.children.length === 1 ? top.children[0] : undefined
}

/** Where a comment, CDATA, instruction or declaration ends; `at` itself for a tag, `undefined` for one without an end. */
function skip(source: string, at: number): { readonly end: number; readonly text: string } | undefined {
	const close = source.startsWith('<!--', at)
		? '-->'
		: source.startsWith('<![CDATA[', at)
			? ']]>'
			: source.startsWith('<?', at)
				? '?>'
				: source.startsWith('<!', at)
					? '>'
					: undefined
	if (close === undefined) return { end: at, text: '' }
	const found = source.indexOf(close, at)
	if (found === -1) return undefined
	return { end: found + close.length, text: close === ']]>' ? source.slice(at + '<![CDATA['.length, found) : '' }
}

/** Text for between tags or inside quotation marks. */
export function escapeXml(text: string): string {
	return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

const localName = (qualified: string): string => qualified.slice(qualified.indexOf(':') + 1)

function attributesOf(source: string): Record<string, string> {
	const attributes = Object.create(null) as Record<string, string>
	for (const [, name = '', double, single = ''] of source.matchAll(ATTRIBUTE)) {
		attributes[localName(name)] = unescaped(double ?? single)
	}
	return attributes
}

const named: ReadonlyMap<string, string> = new Map([
	['amp', '&'],
	['lt', '<'],
	['gt', '>'],
	['quot', '"'],
	['apos', "'"]
])

function unescaped(text: string): string {
	return text.replace(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(\w{1,10}));/giu, (whole, decimal, hex, name) => {
		if (name !== undefined) return named.get(name as string) ?? whole
		const point = decimal === undefined ? parseInt(hex as string, 16) : Number(decimal)
		return point <= 0x10ffff ? String.fromCodePoint(point) : whole
	})
}
