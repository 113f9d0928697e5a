import type { CID } from 'multiformats/cid'
import { AppError, errorCode } from '../src/lib/errors'
import type { BytesTally } from '../src/lib/gateway/bytes-tally'
import type { BlockSource } from '../src/lib/gateway/block-source'
import type { VisitEndpoints } from '../src/lib/gateway/block-port'
import { parseContentPath, type ContentPath } from '../src/lib/gateway/content-path'
import { servedType, SNIFF_BYTES } from '../src/lib/gateway/content-type'
import { errorResponse, triedOf } from '../src/lib/gateway/http-error'
import { answerRange, ifNoneMatchHolds, ifRangeHolds } from '../src/lib/gateway/range'
import { responseHead, type ResponseHeadOptions } from '../src/lib/gateway/response-head'
import { openBody } from './body'
import { asAppError, resolveFile, resolvePath } from './file'
import type { RequestHandler } from './handlers'
import type { Names } from './ipns-name'
import { listingPage } from './listing'
import type { ContentNode } from './node'
import { carrying, type Read } from './read'

export interface ContentOptions {
	/** The worker's scope. */
	readonly scope: URL
	readonly node: () => Promise<ContentNode>
	readonly names: Names
	readonly endpoints: (clientId: string) => Promise<VisitEndpoints>
	readonly sources: (endpoints: VisitEndpoints) => BlockSource
	readonly tally: BytesTally
	/** Resolves when the blocks read so far are stored. */
	readonly settled: () => Promise<void>
}

/** A file's size and first bytes, so that the many ranges of one file find them again. */
interface FileFacts {
	readonly sizeBytes: number
	readonly head: Uint8Array
}

const MAX_FACTS = 256

/** `/ipfs/<cid>[/path]` and `/ipns/<name>[/path]` below the scope: verified, ranged, and never a page of this origin. */
export function contentHandler(options: ContentOptions): RequestHandler {
	const facts = new Map<string, FileFacts>()
	return {
		name: 'content',
		canHandle: (_event, url) => {
			try {
				return parseContentPath(url, options.scope) !== undefined
			} catch {
				return true
			}
		},
		async handle(event, url) {
			const { request } = event
			try {
				if (request.method !== 'GET' && request.method !== 'HEAD') {
					return new Response(null, { status: 405, headers: { Allow: 'GET, HEAD' } })
				}
				const path = parseContentPath(url, options.scope)
				if (path === undefined) throw new AppError('bad-path', 'no content is named')
				const reader = new ContentReader(request, url, path, options, facts)
				// A page that is only being opened cannot be asked, nor even looked up, before it has its answer.
				const response = await reader.answer(request.mode === 'navigate' ? '' : event.clientId)
				event.waitUntil(options.settled())
				return request.method === 'HEAD' ? new Response(null, response) : response
			} catch (error) {
				return errorResponse(asAppError(error))
			}
		}
	}
}

class ContentReader {
	readonly #request: Request
	readonly #url: URL
	readonly #path: ContentPath
	readonly #options: ContentOptions
	readonly #facts: Map<string, FileFacts>

	constructor(
		request: Request,
		url: URL,
		path: ContentPath,
		options: ContentOptions,
		facts: Map<string, FileFacts>
	) {
		this.#request = request
		this.#url = url
		this.#path = path
		this.#options = options
		this.#facts = facts
	}

	async answer(clientId: string): Promise<Response> {
		const { signal } = this.#request
		const [endpoints, node] = await Promise.all([this.#options.endpoints(clientId), this.#options.node()])
		const sources = this.#options.sources(endpoints)
		const { root, segments } =
			this.#path.namespace === 'ipfs'
				? this.#path
				: await this.#resolveName(this.#path.name, this.#path.segments, endpoints, signal)
		let file = root
		try {
			file = await resolvePath(
				node,
				root,
				segments,
				{ sources, watch: this.#options.tally.watch(root.toString()) },
				signal
			)
			return await this.#file(
				node,
				file,
				{ sources, watch: this.#options.tally.watch(file.toString()) },
				segments.at(-1)
			)
		} catch (error) {
			const ours = asAppError(error, signal)
			const code = errorCode(ours)
			if (code === 'content-unavailable' || code === 'content-unverified') {
				this.#options.tally.failed(file.toString(), code, triedOf(ours))
			}
			throw ours
		}
	}

	async #resolveName(name: string, segments: readonly string[], endpoints: VisitEndpoints, signal: AbortSignal) {
		const named = await this.#options.names.resolve(name, endpoints, signal)
		return { root: named.root, segments: [...named.segments, ...segments] }
	}

	async #file(node: ContentNode, cid: CID, read: Read, lastSegment: string | undefined): Promise<Response> {
		const { signal } = this.#request
		const { searchParams } = this.#url
		const format = searchParams.get('format')
		if (format === 'raw') return this.#raw(node, cid, read)
		if (format !== null) throw new AppError('content-unsupported', 'only ?format=raw is answered here')
		const key = cid.toString()
		const etag = `"${key}"`
		const filename = searchParams.get('filename') ?? lastSegment
		let facts = this.#facts.get(key)
		if (facts === undefined) {
			const resolved = await resolveFile(node, cid, read, signal)
			if (resolved.kind === 'node')
				throw new AppError('content-unsupported', 'this is neither a file nor a folder')
			if (resolved.kind === 'directory') {
				const page = await listingPage(resolved.directory, this.#path, this.#options.scope.pathname, read, signal)
				const listed = { type: 'text/html; charset=utf-8', inline: true }
				return this.#whole(new TextEncoder().encode(page), { served: listed, etag: `"${key}.dir"` })
			}
			facts = await readFacts(node, cid, resolved.sizeBytes, read)
			this.#remember(key, facts)
		}
		const served = servedType(facts.head, filename)
		const headers = this.#head({ served, etag, filename })
		if (ifNoneMatchHolds(this.#request.headers.get('if-none-match'), etag))
			return new Response(null, { status: 304, headers })
		const { sizeBytes } = facts
		const wanted = this.#request.method === 'GET' && ifRangeHolds(this.#request.headers.get('if-range'), etag)
		const range = answerRange(wanted ? this.#request.headers.get('range') : null, sizeBytes)
		if (range.status === 416) {
			headers.set('Content-Range', `bytes */${String(sizeBytes)}`)
			headers.set('Content-Length', '0')
			return new Response(null, { status: 416, headers })
		}
		const { from, to } = range.status === 206 ? range : { from: 0, to: sizeBytes - 1 }
		headers.set('Content-Length', String(to - from + 1))
		if (range.status === 206)
			headers.set('Content-Range', `bytes ${String(from)}-${String(to)}/${String(sizeBytes)}`)
		const bodiless = this.#request.method === 'HEAD' || sizeBytes === 0
		return new Response(bodiless ? null : await openBody(node, cid, from, to, read), {
			status: range.status,
			headers
		})
	}

	/** The block itself, checked like all others, so that any IPFS tool can take the app for a trustless gateway. */
	async #raw(node: ContentNode, cid: CID, read: Read): Promise<Response> {
		const filename = this.#url.searchParams.get('filename') ?? `${cid.toString()}.bin`
		for await (const block of node.blocks.get(cid, carrying(read, { signal: this.#request.signal }))) {
			const served = { type: 'application/vnd.ipld.raw', inline: false }
			return this.#whole(new Uint8Array(block), { served, etag: `"${cid.toString()}.raw"`, filename })
		}
		throw new AppError('content-unavailable', 'the block could not be read')
	}

	#whole(
		bytes: Uint8Array<ArrayBuffer>,
		head: Pick<ResponseHeadOptions, 'served' | 'etag' | 'filename'>
	): Response {
		const headers = this.#head(head)
		if (ifNoneMatchHolds(this.#request.headers.get('if-none-match'), head.etag)) {
			return new Response(null, { status: 304, headers })
		}
		headers.delete('Accept-Ranges')
		headers.set('Content-Length', String(bytes.byteLength))
		return new Response(bytes, { headers })
	}

	#head(head: Pick<ResponseHeadOptions, 'served' | 'etag' | 'filename'>): Headers {
		const download = this.#url.searchParams.get('download')
		return responseHead({
			...head,
			immutable: this.#path.namespace === 'ipfs',
			download: download !== null && download !== '0' && download !== 'false'
		})
	}

	#remember(key: string, facts: FileFacts): void {
		this.#facts.set(key, facts)
		const [oldest] = this.#facts.keys()
		if (this.#facts.size > MAX_FACTS && oldest !== undefined) this.#facts.delete(oldest)
	}
}

async function readFacts(node: ContentNode, cid: CID, sizeBytes: number, read: Read): Promise<FileFacts> {
	if (sizeBytes === 0) return { sizeBytes, head: new Uint8Array() }
	const body = await openBody(node, cid, 0, Math.min(sizeBytes, SNIFF_BYTES) - 1, read)
	return { sizeBytes, head: new Uint8Array(await new Response(body).arrayBuffer()) }
}
