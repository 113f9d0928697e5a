/**
 * The address for others of what a hash opens here. The query of the visit is for this browser and is left out.
 * @param hash - with or without `#`
 */
export function sharedUrl(base: string, hash: string): string {
	const url = new URL(base)
	url.search = ''
	url.hash = hash
	return url.href
}

/** HTML for other people's pages: the compact player of the same link. */
export function embedSnippet(base: string, hash: string, title: string): string {
	const url = sharedUrl(base, hash.replace(/^#?\//, '#/embed/'))
	const attributes = {
		src: url,
		title,
		width: '100%',
		height: '220',
		loading: 'lazy',
		allow: 'autoplay; clipboard-write; encrypted-media; fullscreen',
		style: 'border: 0; border-radius: 8px'
	}
	const written = Object.entries(attributes).map(([name, value]) => `${name}="${escape(value)}"`)
	return `<iframe ${written.join(' ')}></iframe>`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escape = (text: string) => text.replace(/[&<>"]/g, (letter) => ENTITIES[letter] ?? '')
