import * as dagPb from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import type { CID } from 'multiformats/cid'
import { AppError } from '../src/lib/errors'
import { servedType, sniff, SNIFF_BYTES, type ServedType } from '../src/lib/gateway/content-type'
import { errorResponse } from '../src/lib/gateway/http-error'
import { MAX_BLOCK_BYTES } from '../src/lib/gateway/verify-block'
import { startBody } from './answer-body'
import type { ContentRequest } from './content-request'
import type { FileAnswer } from './file-answer'
import type { Format } from './formats'
import type { ContentNode } from './node'
import { asAppError } from './path'
import { carrying, type Read } from './read'

/** Types that verified-fetch may answer with, and none that a browser would show. */
const KNOWN = /^application\/(vnd\.ipld\.(raw|car|dag-json|dag-cbor|dag-pb)|x-tar|json|cbor)(;|$)/

/** The block itself, checked like all others, so that any IPFS tool can take the app for a trustless gateway. */
export async function rawAnswer(content: ContentRequest, node: ContentNode, read: Read): Promise<Response> {
	const id = content.cid.toString()
	return content.whole(await readBlock(content, node, read), {
		served: { type: 'application/vnd.ipld.raw', inline: false },
		etag: `"${id}.raw"`,
		filename: content.url.searchParams.get('filename') ?? `${id}.bin`
	})
}

/** What verified-fetch makes of the content in a format that was asked for; always for saving. */
export async function formatAnswer(
	content: ContentRequest,
	format: Format,
	node: ContentNode,
	read: Read,
	onbroken: (error: unknown) => void
): Promise<FileAnswer> {
	const { cid, roots, url, path } = content
	const parameters = (format.parameters ?? []).flatMap((name) => {
		const value = url.searchParams.get(name)
		return value === null ? [] : [`${name}=${encodeURIComponent(value)}`]
	})
	const tag = [cid.toString(), format.name, ...parameters].join('.')
	// One CAR may have its blocks in another order than the next.
	const etag = format.name === 'car' || format.name === 'tar' ? `W/"${tag}"` : `"${tag}"`
	const done = (response: Response) => ({ response, ended: Promise.resolve() })
	const notModified = content.notModified(etag)
	if (notModified !== undefined) return done(notModified)
	// verified-fetch keeps to itself why it could not read.
	await readBlock(content, node, read)
	// A CAR holds the blocks along the path too; all other formats are of what it leads to.
	const named =
		format.name === 'car' ? [String(roots[0]), ...path.segments.map(encodeURIComponent)] : [String(cid)]
	const query = parameters.length === 0 ? '' : `?${parameters.join('&')}`
	const response = await fetchVerified(content, node, read, `ipfs://${named.join('/')}${query}`, format.accept)
	const type = response.headers.get('content-type') ?? ''
	if (!response.ok || !KNOWN.test(type) || response.body === null) {
		await response.body?.cancel()
		const error = new AppError('content-unsupported', 'this cannot be given in the format that was asked for')
		return done(errorResponse(error, response.status === 406 ? 406 : undefined))
	}
	const headers = content.head({
		served: { type, inline: false },
		etag,
		filename: url.searchParams.get('filename') ?? `${cid.toString()}.${format.extension}`
	})
	headers.set('Accept-Ranges', 'none')
	const length = response.headers.get('content-length')
	if (length !== null) headers.set('Content-Length', length)
	if (content.isHead) {
		await response.body.cancel()
		return done(new Response(null, { headers }))
	}
	const { body, ended } = await startBody(response.body, { onbroken })
	return { response: new Response(body, { headers }), ended }
}

/** Answers with what is neither file nor folder: a symbolic link, or a node of another codec. It is one block. */
export async function nodeAnswer(content: ContentRequest, node: ContentNode, read: Read): Promise<Response> {
	const id = content.cid.toString()
	const target = linkTarget(content.cid, await readBlock(content, node, read))
	if (target !== undefined) {
		const served = servedType(await sniff(target), undefined)
		return content.whole(target, { served, etag: `"${id}"` })
	}
	const response = await fetchVerified(content, node, read, `ipfs://${id}`)
	if (!response.ok) {
		await response.body?.cancel()
		throw new AppError('content-unsupported', 'this is neither a file nor a folder')
	}
	const bytes = await readBounded(response)
	const type = response.headers.get('content-type') ?? ''
	const served: ServedType = KNOWN.test(type)
		? { type, inline: false }
		: servedType(await sniff(bytes.subarray(0, SNIFF_BYTES)), content.name)
	return content.whole(bytes, { served, etag: `"${id}"` })
}

/** Where a symbolic link points, as gateways answer it: nobody follows it. */
function linkTarget(cid: CID, block: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> | undefined {
	if (cid.code !== dagPb.code) return undefined
	try {
		const { Data } = dagPb.decode(block)
		const unixfs = Data === undefined ? undefined : UnixFS.unmarshal(Data)
		return unixfs?.type === 'symlink' ? new Uint8Array(unixfs.data ?? []) : undefined
	} catch {
		return undefined
	}
}

async function readBlock(
	{ cid, request }: ContentRequest,
	node: ContentNode,
	read: Read
): Promise<Uint8Array<ArrayBuffer>> {
	try {
		for await (const block of node.blocks.get(cid, carrying(read, { signal: request.signal })))
			return new Uint8Array(block)
	} catch (error) {
		throw asAppError(error, request.signal)
	}
	throw new AppError('content-unavailable', 'the block could not be read')
}

function fetchVerified(
	{ request }: ContentRequest,
	node: ContentNode,
	read: Read,
	resource: string,
	accept = '*/*'
): Promise<Response> {
	return node.fetch(resource, carrying(read, { signal: request.signal, session: false, headers: { accept } }))
}

async function readBounded(response: Response): Promise<Uint8Array<ArrayBuffer>> {
	const parts: Uint8Array<ArrayBuffer>[] = []
	let sizeBytes = 0
	for await (const part of response.body ?? []) {
		parts.push(part)
		sizeBytes += part.byteLength
		if (sizeBytes > MAX_BLOCK_BYTES) throw new AppError('too-large', 'this is larger than a block')
	}
	return new Uint8Array(await new Blob(parts).arrayBuffer())
}
