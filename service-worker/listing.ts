import type { UnixFSDirectory } from 'ipfs-unixfs-exporter'
import type { ContentPath } from '../src/lib/gateway/content-path'
import { carrying, type Read } from './read'

const MAX_NAMES = 1_000

/**
 * A plain page that lists a folder: links and names, nothing else. The folder's own index.html is a file like any other.
 * @param base - path of the app's scope, ends with `/`
 */
export async function listingPage(
	directory: UnixFSDirectory,
	path: ContentPath,
	base: string,
	read: Read,
	signal: AbortSignal
): Promise<string> {
	const root = path.namespace === 'ipfs' ? path.root.toString() : path.name
	const here = [path.namespace, root, ...path.segments]
	const names: string[] = []
	let more = false
	for await (const { name } of directory.entries(carrying(read, { signal }))) {
		if (names.length === MAX_NAMES) {
			more = true
			break
		}
		names.push(name)
	}
	const link = (parts: readonly string[], text: string) =>
		`<li><a href="${escape(base + parts.map(encodeURIComponent).join('/'))}">${escape(text)}</a></li>`
	const title = escape(here.slice(1).join('/'))
	return [
		'<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
		`<title>${title}</title>`,
		'<style>:root{color-scheme:light dark}body{font:15px/1.6 system-ui;margin:2rem;overflow-wrap:anywhere}ul{padding:0;list-style:none}</style>',
		`<h1>${title}</h1><ul>`,
		...(path.segments.length > 0 ? [link(here.slice(0, -1), '..')] : []),
		...names.map((name) => link([...here, name], name)),
		`</ul>${more ? `<p>${String(MAX_NAMES)} +</p>` : ''}`
	].join('\n')
}

const ENTITIES: Readonly<Record<string, string>> = {
	'&': '&amp;',
	'<': '&lt;',
	'>': '&gt;',
	'"': '&quot;',
	"'": '&#39;'
}

const escape = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '')
