import type { CID } from 'multiformats/cid'
import { AppError, errorCode } from '../src/lib/errors'
import type { BytesTally } from '../src/lib/gateway/bytes-tally'
import { AHEAD_HEADER, type VisitEndpoints } from '../src/lib/gateway/block-port'
import type { BlockSource } from '../src/lib/gateway/block-source'
import { parseContentPath, type ContentPath } from '../src/lib/gateway/content-path'
import type { FileReader, FileSources, Purpose } from '../src/lib/gateway/file-reader'
import { errorResponse, triedOf } from '../src/lib/gateway/http-error'
import { ContentRequest } from './content-request'
import { FileAnswers, type FileAnswer } from './file-answer'
import { formatAnswer, nodeAnswer, rawAnswer } from './format-answer'
import { formatOf, type Format } from './formats'
import type { RequestHandler } from './handlers'
import { parseValue, type Names } from './ipns-name'
import { listingAnswer } from './listing'
import type { ContentNode } from './node'
import { asAppError, resolvePath } from './path'

/** Whom the requests of one visit may ask. */
export interface VisitSources {
	/** For files, by the reader. */
	readonly files: FileSources
	/** For what verified-fetch reads, block by block. */
	readonly blocks: BlockSource
}

export interface ContentOptions {
	/** The worker's scope. */
	readonly scope: URL
	/** For what the reader does not read; made when it is first needed. */
	readonly node: () => Promise<ContentNode>
	readonly reader: () => Promise<FileReader>
	readonly names: Names
	readonly endpoints: (clientId: string) => Promise<VisitEndpoints>
	readonly sources: (endpoints: VisitEndpoints) => VisitSources
	readonly tally: BytesTally
	/** Resolves when the blocks read so far are stored. */
	readonly settled: () => Promise<void>
}

/** `/ipfs/<cid>[/path]` and `/ipns/<name>[/path]` below the scope: verified, ranged, and never a page of this origin. */
export function contentHandler(options: ContentOptions): RequestHandler {
	const files = new FileAnswers()
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
				const format = formatOf(url, request.headers.get('accept'))
				if (format === 'unknown') throw new AppError('content-unsupported', 'this format is not known here')
				// A page that is only being opened cannot be asked, nor even looked up, before it has its answer.
				const clientId = request.mode === 'navigate' ? '' : event.clientId
				const asked = { request, url, path, format, clientId }
				const { response, ended } = await answer(asked, options, files)
				// The browser may stop a worker that it thinks idle, and with it the body that is still being read.
				event.waitUntil(ended.then(() => options.settled()))
				return response
			} catch (error) {
				return errorResponse(asAppError(error))
			}
		}
	}
}

interface Asked {
	readonly request: Request
	readonly url: URL
	readonly path: ContentPath
	readonly format: Format | undefined
	readonly clientId: string
}

async function answer(asked: Asked, options: ContentOptions, files: FileAnswers): Promise<FileAnswer> {
	const { request, url, path, format } = asked
	const { signal } = request
	const [endpoints, reader] = await Promise.all([options.endpoints(asked.clientId), options.reader()])
	if (format?.name === 'ipns-record') return done(await recordAnswer(asked, endpoints, options.names))
	const onlyLocal = request.headers.get('cache-control')?.includes('only-if-cached') === true
	const sources = onlyLocal ? NOBODY : options.sources(endpoints)
	const purpose = purposeOf(request)
	const { root, segments } = await rootOf(path, endpoints, options.names, signal)
	// What lies below a folder counts for the folder, which is what is played when it holds segments.
	const read = { sources: sources.blocks, watch: options.tally.watch(root.toString()) }
	const failed = (error: unknown) => {
		const code = errorCode(error)
		if (purpose !== 'play' || (code !== 'content-unavailable' && code !== 'content-unverified')) return
		options.tally.failed(root.toString(), code, triedOf(error))
	}
	try {
		const roots = await resolvePath(options.node, root, segments, read, signal)
		const content = new ContentRequest(request, url, path, roots, segments.at(-1))
		if (format?.name === 'raw') return done(await rawAnswer(content, await options.node(), read))
		if (format !== undefined) return await formatAnswer(content, format, await options.node(), read, failed)
		const context = { sources: sources.files, watch: read.watch, purpose, signal }
		const file = await files.answer(content, reader, context, failed)
		if ('response' in file) return file
		if (file.kind === 'directory')
			return done(await listingAnswer(content, await options.node(), options.scope.pathname, read))
		return done(await nodeAnswer(content, await options.node(), read))
	} catch (error) {
		const ours = asAppError(error, signal)
		if (onlyLocal && errorCode(ours) === 'content-unavailable') return done(errorResponse(ours, 412))
		failed(ours)
		throw ours
	}
}

const done = (response: Response): FileAnswer => ({ response, ended: Promise.resolve() })

async function rootOf(
	path: ContentPath,
	endpoints: VisitEndpoints,
	names: Names,
	signal: AbortSignal
): Promise<{ readonly root: CID; readonly segments: readonly string[] }> {
	if (path.namespace === 'ipfs') return path
	const named = await names.resolve(path.name, endpoints, signal)
	return { root: named.root, segments: [...named.segments, ...path.segments] }
}

/** What the request is for: to be played, or to be read ahead of the listener. */
function purposeOf({ headers }: Request): Purpose {
	const ahead = headers.get(AHEAD_HEADER)
	return ahead === 'soon' || ahead === 'later' ? ahead : 'play'
}

/** Sources of a request that takes only what is on this device (RFC 9111, section 5.2.1.7). */
const NOBODY: VisitSources = {
	files: { gateways: () => [] },
	blocks: { get: () => Promise.reject(new AppError('content-unavailable', 'this is not on this device')) }
}

/** The signed record that says where a name points. */
async function recordAnswer(
	{ request, url, path }: Asked,
	endpoints: VisitEndpoints,
	names: Names
): Promise<Response> {
	if (path.namespace !== 'ipns' || path.segments.length > 0)
		throw new AppError('bad-path', 'only a name has a record')
	const { bytes, value, sequence } = await names.record(path.name, endpoints, request.signal)
	const content = new ContentRequest(request, url, path, [parseValue(value).root], undefined)
	return content.whole(bytes, {
		served: { type: 'application/vnd.ipfs.ipns-record', inline: false },
		etag: `"${path.name}.${String(sequence)}"`,
		filename: url.searchParams.get('filename') ?? `${path.name}.bin`
	})
}
