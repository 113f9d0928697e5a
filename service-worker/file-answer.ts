import {
	namedMediaType,
	servedType,
	sniff,
	SNIFF_BYTES,
	UNKNOWN_TYPE,
	type ServedType,
	type Sniffed
} from '../src/lib/gateway/content-type'
import type { FileReader, OpenedFile, ReadContext } from '../src/lib/gateway/file-reader'
import { answerRange, wantedRange } from '../src/lib/gateway/range'
import { HEADERS_WITHIN_MS, within } from './answer-body'
import type { ContentRequest } from './content-request'

export interface FileAnswer {
	readonly response: Response
	/** Resolves when nothing more is read for it. */
	readonly ended: Promise<void>
}

const MAX_SNIFFED = 256

/** Answers requests for files, of any size, with what the reader streams. */
export class FileAnswers {
	/** What the first bytes of files said, so that their many ranges find it again. */
	readonly #sniffed = new Map<string, Sniffed>()

	/**
	 * Answers with a file; gives what was opened when it is none.
	 * @param onbroken - told why a body broke off after its headers had gone
	 */
	async answer(
		content: ContentRequest,
		reader: FileReader,
		read: ReadContext,
		onbroken: (error: unknown) => void
	): Promise<FileAnswer | OpenedFile> {
		const etag = `"${content.cid.toString()}"`
		const asked = content.range(etag)
		const stop = new AbortController()
		const file = await reader.open(
			content.cid,
			content.isHead ? { from: 0, to: SNIFF_BYTES - 1 } : wantedRange(asked),
			{ ...read, signal: AbortSignal.any([read.signal, stop.signal]) }
		)
		if (file.kind !== 'file') return file
		const { sizeBytes } = file
		const ahead = read.purpose !== 'play'
		const range = answerRange(asked, sizeBytes, ahead ? Infinity : undefined)
		const { from, to } = range.status === 206 ? range : { from: 0, to: sizeBytes - 1 }
		if (range.status === 416) return done(content.pastTheEnd(etag, sizeBytes))
		if (ahead) return keeping(file.keep(from, to), stop)
		const notModified = content.notModified(etag)
		if (notModified !== undefined) return done(notModified)
		if (content.isHead || sizeBytes === 0) {
			const headers = content.head({ served: await this.#served(content, file, from), etag })
			return done(content.ranged(range, sizeBytes, headers, null))
		}
		const { body, began, ended } = file.stream(from, to, onbroken)
		try {
			// An answer without headers cannot be cancelled: where Chromium hops on a seek, it would go on for nobody.
			const isSure = file.isFlowing && this.#sniffed.has(content.cid.toString())
			const first = isSure ? undefined : within(HEADERS_WITHIN_MS, began)
			const [served] = await Promise.all([this.#served(content, file, from), first])
			return { response: content.ranged(range, sizeBytes, content.head({ served, etag }), body), ended }
		} catch (error) {
			// A body whose headers cannot be made is given up.
			body.cancel().catch(() => undefined)
			throw error
		}
	}

	/**
	 * The type of a file. Its first bytes tell, which come with what is asked for unless that lies further in: then a name
	 * that says `media` suffices, so that a seek in a file which was never seen costs no second block. See
	 * `docs/decisions/0008-types-by-a-library.md`.
	 */
	async #served(content: ContentRequest, file: OpenedFile, from: number): Promise<ServedType> {
		const key = content.cid.toString()
		const known = this.#sniffed.get(key)
		if (known !== undefined) return servedType(known, content.name)
		const named = namedMediaType(content.name)
		const isInside = from >= SNIFF_BYTES
		if (isInside && named !== undefined) return named
		const sniffing = this.#sniff(key, file).then((sniffed) => servedType(sniffed, content.name))
		if (isInside) return (await within(HEADERS_WITHIN_MS, sniffing).catch(() => undefined)) ?? UNKNOWN_TYPE
		return (named && ((await within(HEADERS_WITHIN_MS, sniffing)) ?? named)) ?? (await sniffing)
	}

	async #sniff(key: string, file: OpenedFile): Promise<Sniffed> {
		const sniffed = await sniff(file.sizeBytes === 0 ? new Uint8Array() : await file.head())
		this.#sniffed.set(key, sniffed)
		const [oldest] = this.#sniffed.keys()
		if (this.#sniffed.size > MAX_SNIFFED && oldest !== undefined) this.#sniffed.delete(oldest)
		return sniffed
	}
}

const done = (response: Response): FileAnswer => ({ response, ended: Promise.resolve() })

/**
 * Answers a request to read ahead with an empty body that ends when all is kept, and breaks when it cannot be had. The body
 * is there to be cancelled: in Chromium `FetchEvent.request.signal` never aborts, and a request that has no answer yet cannot
 * be taken back (https://github.com/w3c/ServiceWorker/issues/1544).
 */
function keeping(kept: Promise<void>, stop: AbortController): FileAnswer {
	const body = new ReadableStream({
		start: (controller) => {
			kept.then(
				() => {
					controller.close()
				},
				(error: unknown) => {
					controller.error(error)
				}
			)
		},
		cancel: () => {
			stop.abort()
		}
	})
	const response = new Response(body, { status: 202, headers: { 'Cache-Control': 'no-store' } })
	return { response, ended: kept.catch(() => undefined) }
}
