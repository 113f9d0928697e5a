import type { CID } from 'multiformats/cid'
import { contentPathText, type ContentPath } from '../src/lib/gateway/content-path'
import { UNKNOWN_TYPE } from '../src/lib/gateway/content-type'
import {
	answerRange,
	ifNoneMatchHolds,
	ifRangeHolds,
	parseRange,
	type AskedRange,
	type RangeAnswer
} from '../src/lib/gateway/range'
import { responseHead, type ResponseHeadOptions } from '../src/lib/gateway/response-head'

export type ContentHead = Pick<ResponseHeadOptions, 'served' | 'etag'> &
	Partial<Pick<ResponseHeadOptions, 'lasts' | 'filename'>>

/** A request whose path was resolved, and the parts of HTTP that all its answers share. */
export class ContentRequest {
	readonly request: Request
	readonly url: URL
	readonly path: ContentPath
	/** What the path leads to. */
	readonly cid: CID
	/** The CIDs along the path; the last one is `cid`. */
	readonly roots: readonly CID[]
	/** What the request calls the content: `?filename=`, else the last name of the path. */
	readonly name: string | undefined

	/** @param lastName - of the path, once names and links in it are resolved */
	constructor(
		request: Request,
		url: URL,
		path: ContentPath,
		roots: readonly [CID, ...CID[]],
		lastName: string | undefined
	) {
		this.request = request
		this.url = url
		this.path = path
		this.roots = roots
		this.cid = roots.at(-1) ?? roots[0]
		this.name = url.searchParams.get('filename') ?? lastName
	}

	get isHead(): boolean {
		return this.request.method === 'HEAD'
	}

	/** The range that is to be answered; undefined for the whole. A HEAD has none (RFC 9110, section 14.2). */
	range(etag: string): AskedRange | undefined {
		const { headers } = this.request
		if (this.isHead || !ifRangeHolds(headers.get('if-range'), etag)) return undefined
		return parseRange(headers.get('range'))
	}

	head({ lasts = 'ever', filename = this.name, ...head }: ContentHead): Headers {
		const download = this.url.searchParams.get('download')
		return responseHead({
			...head,
			filename,
			lasts: this.path.namespace === 'ipfs' ? lasts : 'minute',
			download: download !== null && download !== '0' && download !== 'false',
			path: { text: contentPathText(this.path), roots: this.roots }
		})
	}

	/** 304 when the client says that it holds this version, whatever range it asks for. */
	notModified(etag: string, lasts?: ContentHead['lasts']): Response | undefined {
		if (!ifNoneMatchHolds(this.request.headers.get('if-none-match'), etag)) return undefined
		return new Response(null, { status: 304, headers: this.#bare(etag, lasts) })
	}

	/** 416: the file ends before the range begins. */
	pastTheEnd(etag: string, sizeBytes: number): Response {
		const headers = this.#bare(etag)
		headers.set('Accept-Ranges', 'bytes')
		headers.set('Content-Range', `bytes */${String(sizeBytes)}`)
		headers.set('Content-Length', '0')
		return new Response(null, { status: 416, headers })
	}

	/** 200 with all of what has `sizeBytes`, or 206 with a range of it. */
	ranged(
		range: Exclude<RangeAnswer, { status: 416 }>,
		sizeBytes: number,
		headers: Headers,
		body: BodyInit | null
	): Response {
		headers.set('Accept-Ranges', 'bytes')
		if (range.status === 200) headers.set('Content-Length', String(sizeBytes))
		else {
			headers.set('Content-Length', String(range.to - range.from + 1))
			headers.set('Content-Range', `bytes ${String(range.from)}-${String(range.to)}/${String(sizeBytes)}`)
		}
		return new Response(this.isHead ? null : body, { status: range.status, headers })
	}

	/** Answers with bytes that are all here, or the range of them that was asked for. */
	whole(bytes: Uint8Array<ArrayBuffer>, head: ContentHead): Response {
		const notModified = this.notModified(head.etag, head.lasts)
		if (notModified !== undefined) return notModified
		const range = answerRange(this.range(head.etag), bytes.byteLength)
		if (range.status === 416) return this.pastTheEnd(head.etag, bytes.byteLength)
		const part = range.status === 200 ? bytes : bytes.subarray(range.from, range.to + 1)
		return this.ranged(range, bytes.byteLength, this.head(head), part)
	}

	/** Headers of an answer without content, which says nothing of its type. */
	#bare(etag: string, lasts?: ContentHead['lasts']): Headers {
		const headers = this.head({ served: UNKNOWN_TYPE, etag, ...(lasts === undefined ? {} : { lasts }) })
		headers.delete('Content-Type')
		headers.delete('Content-Disposition')
		return headers
	}
}
