import { exporter, type UnixFSDirectoryEntry } from 'ipfs-unixfs-exporter'
import { AppError } from '../src/lib/errors'
import type { ContentRequest } from './content-request'
import type { ContentNode } from './node'
import { asAppError } from './path'
import { carrying, type Read } from './read'

const MAX_NAMES = 1_000
/** Part of the entity tag: raised when the page changes. */
const VERSION = 2

/**
 * Answers with a plain page that lists a folder: links and names, nothing else. The folder's own index.html is a file like
 * any other. As gateways do, the page is at the path with a slash at its end, and the path without leads there.
 * @param base - path of the app's scope, ends with `/`
 */
export async function listingAnswer(
	content: ContentRequest,
	node: ContentNode,
	base: string,
	read: Read
): Promise<Response> {
	const { cid, url, request } = content
	if (!url.pathname.endsWith('/')) {
		const headers = { Location: `${url.pathname}/${url.search}`, 'Cache-Control': 'no-store' }
		return new Response(null, { status: 301, headers })
	}
	const head = {
		served: { type: 'text/html; charset=utf-8', inline: true },
		etag: `"DirIndex-${String(VERSION)}_CID-${cid.toString()}"`,
		lasts: 'week',
		filename: undefined
	} as const
	const notModified = content.notModified(head.etag, head.lasts)
	if (notModified !== undefined) return notModified
	try {
		const options = carrying(read, { signal: request.signal })
		const directory = await exporter(cid, node.blocks, options)
		if (directory.type !== 'directory') throw new AppError('content-unsupported', 'this is no folder')
		const page = await listingPage(directory.entries(options), content, base)
		const bytes = new TextEncoder().encode(page)
		return content.ranged({ status: 200 }, bytes.byteLength, content.head(head), bytes)
	} catch (error) {
		throw asAppError(error, request.signal)
	}
}

async function listingPage(
	entries: AsyncIterable<UnixFSDirectoryEntry>,
	{ path }: ContentRequest,
	base: string
): Promise<string> {
	const root = path.namespace === 'ipfs' ? path.root.toString() : path.name
	const here = [path.namespace, root, ...path.segments]
	const link = (parts: readonly string[], text: string, query = '') =>
		`<a href="${escape(base + parts.map(encodeURIComponent).join('/') + query)}">${escape(text)}</a>`
	const rows: string[] = []
	let more = false
	for await (const { name, cid } of entries) {
		if (rows.length === MAX_NAMES) {
			more = true
			break
		}
		const id = cid.toString()
		const byCid = link(['ipfs', id], id, `?filename=${encodeURIComponent(name.toWellFormed())}`)
		rows.push(`<tr><td>${link([...here, name.toWellFormed()], name)}<td><code>${byCid}</code>`)
	}
	const crumbs = here.slice(1).map((name, index) => link(here.slice(0, index + 2), name))
	const title = escape(here.slice(1).join('/'))
	return [
		'<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">',
		`<title>${title}</title>`,
		'<style>:root{color-scheme:light dark}body{font:15px/1.6 system-ui;margin:2rem;overflow-wrap:anywhere}td{padding-right:2rem}code{font-size:12px}</style>',
		`<h1>${path.namespace} / ${crumbs.join(' / ')}</h1><table>`,
		...(path.segments.length > 0 ? [`<tr><td>${link(here.slice(0, -1), '..')}`] : []),
		...rows,
		`</table>${more ? `<p>${String(MAX_NAMES)} +</p>` : ''}`
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
