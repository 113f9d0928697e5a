import { AppError, isAbort } from '../errors'
import { refusal } from './refusal'
import { upload, type UploadAnswer, type UploadRequest } from './send-body'

const VERSION = '1.0.0'
const ASK_MS = 30_000
/** For one piece. On a line of 1 Mbit/s a piece of 16 MiB takes 134 s. */
const PIECE_MS = 15 * 60_000
/** Failures in a row, none of which brought a byte further. */
const MAX_FAILURES = 6
const FIRST_WAIT_MS = 1_000
const MAX_WAIT_MS = 60_000

export interface TusOptions {
	/** Where uploads are created. */
	readonly endpoint: URL
	/** Sent with every request: the authorization. */
	readonly headers: Readonly<Record<string, string>>
	readonly lengthBytes: number
	/** See {@link tusMetadata}. */
	readonly metadata: Readonly<Record<string, string>>
	/** The bytes from `from`, of which the server takes the first as it likes; called again for a piece that broke off. */
	readonly piece: (from: number, to: number) => Promise<Blob>
	readonly pieceBytes: number
	/** URL of an upload that was begun before. */
	readonly begun?: string
	/** Called once the upload has an URL: what a later visit needs to go on. */
	readonly onbegun: (url: string) => void
	readonly onprogress?: (bytesSent: number) => void
	readonly signal: AbortSignal
	/** For messages. */
	readonly service: string
	/** Taken out of what the service says. */
	readonly token?: string
	readonly fetch?: typeof globalThis.fetch
	/** Waits before a try is repeated; for tests. */
	readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** `Upload-Metadata`: values are base64 of UTF-8, so that names in any script can be told. */
export function tusMetadata(values: Readonly<Record<string, string>>): string {
	const encoder = new TextEncoder()
	return Object.entries(values)
		.map(([key, value]) => `${key} ${btoa(String.fromCharCode(...encoder.encode(value)))}`)
		.join(',')
}

/**
 * Uploads by the tus protocol, core and creation extension. After a break it asks the server how far it got and goes on
 * from there: also after a reload, with the URL that {@link TusOptions.onbegun} gave.
 * @returns the last answer, whose headers say what became of the file; undefined when an earlier visit had sent it all
 * @see https://tus.io/protocols/resumable-upload
 * @throws AppError `unreachable`, `refused`, `quota`, `too-large`, `rate-limited`, `key-refused`, `key-scope`
 */
export async function tusUpload(options: TusOptions): Promise<UploadAnswer | undefined> {
	return await new Tus(options).run()
}

class Tus {
	readonly #options: TusOptions
	readonly #wait: (ms: number, signal: AbortSignal) => Promise<void>
	#failures = 0

	constructor(options: TusOptions) {
		this.#options = options
		this.#wait = options.wait ?? pause
	}

	async run(): Promise<UploadAnswer | undefined> {
		const { begun, lengthBytes, onprogress } = this.#options
		let at: { url: URL; offset: number } | undefined
		if (begun !== undefined) at = await this.#resume(begun)
		at ??= { url: await this.#create(), offset: 0 }
		let last: UploadAnswer | undefined
		while (at.offset < lengthBytes) {
			onprogress?.(at.offset)
			const sent = await this.#piece(at.url, at.offset)
			if (sent === undefined) {
				// The server alone knows how far it got.
				const offset = await this.#offset(at.url)
				if (offset === undefined) at = { url: await this.#create(), offset: 0 }
				else {
					if (offset > at.offset) this.#failures = 0
					at.offset = offset
				}
				continue
			}
			this.#failures = 0
			last = sent.answer
			at.offset = sent.offset
		}
		onprogress?.(lengthBytes)
		return last
	}

	async #resume(begun: string): Promise<{ url: URL; offset: number } | undefined> {
		const url = this.#checked(begun)
		const offset = await this.#offset(url)
		return offset === undefined ? undefined : { url, offset }
	}

	async #create(): Promise<URL> {
		const { endpoint, lengthBytes, metadata, onbegun, service } = this.#options
		const answer = await this.#again(() =>
			this.#send(endpoint, {
				method: 'POST',
				headers: { 'Upload-Length': String(lengthBytes), 'Upload-Metadata': tusMetadata(metadata) }
			})
		)
		if (answer.status !== 201 && answer.status !== 200) throw this.#refusal('begin the upload', answer)
		const location = answer.header('Location')
		if (location === null) {
			throw new AppError('refused', 'no Location in the answer', {
				detail: `${service} does not tell this page where to send the bytes (CORS hides the header “Location”).`
			})
		}
		const url = this.#checked(location)
		onbegun(url.href)
		return url
	}

	/** The token goes along with each piece, so that an answer must not lead it to strangers. */
	#checked(location: string): URL {
		const { endpoint } = this.#options
		const url = URL.parse(location, endpoint)
		const site = (host: string) => host.split('.').slice(-2).join('.')
		const own =
			url !== null &&
			(url.origin === endpoint.origin ||
				(url.protocol === 'https:' &&
					endpoint.protocol === 'https:' &&
					site(url.hostname) === site(endpoint.hostname)))
		if (own) return url
		throw new AppError('refused', 'an upload address on another host', {
			detail: `${this.#options.service} sends the upload to another host, which is not trusted with the key.`
		})
	}

	/** Undefined when the upload is no longer known. */
	async #offset(url: URL): Promise<number | undefined> {
		const answer = await this.#again(() => this.#send(url, { method: 'HEAD' }))
		if (answer.status === 404 || answer.status === 410) return undefined
		if (answer.status < 200 || answer.status > 299) throw this.#refusal('ask how far the upload got', answer)
		const offset = Number(answer.header('Upload-Offset') ?? Number.NaN)
		if (Number.isSafeInteger(offset) && offset >= 0 && offset <= this.#options.lengthBytes) return offset
		throw new AppError('refused', 'no Upload-Offset in the answer', {
			detail: `${this.#options.service} does not tell this page how far it got (CORS hides the header “Upload-Offset”).`
		})
	}

	/** Undefined when it must be asked how far it got. */
	async #piece(url: URL, offset: number): Promise<{ answer: UploadAnswer; offset: number } | undefined> {
		const { lengthBytes, pieceBytes, piece, onprogress, signal } = this.#options
		const to = Math.min(lengthBytes, offset + pieceBytes)
		const body = await piece(offset, to)
		let answer: UploadAnswer
		try {
			answer = await this.#send(url, {
				method: 'PATCH',
				headers: { 'Content-Type': 'application/offset+octet-stream', 'Upload-Offset': String(offset) },
				body,
				...(onprogress && { onprogress: (sent: number) => onprogress(Math.min(to, offset + sent)) })
			})
		} catch (error) {
			signal.throwIfAborted()
			await this.#failed(error)
			return undefined
		}
		if (answer.status === 409 || answer.status === 423 || answer.status === 404 || answer.status === 410) {
			await this.#failed(this.#refusal('send a piece', answer))
			return undefined
		}
		if (answer.status === 429 || answer.status === 408 || answer.status >= 500) {
			const error = this.#refusal('send a piece', answer)
			// A plan that is full says so, also with a status of this kind.
			if (error.code === 'quota') throw error
			await this.#failed(error, retryAfterMs(answer))
			return undefined
		}
		if (answer.status !== 204 && answer.status !== 200) throw this.#refusal('send a piece', answer)
		const now = Number(answer.header('Upload-Offset') ?? to)
		if (!Number.isSafeInteger(now) || now <= offset || now > to) {
			await this.#failed(new AppError('refused', `the offset went from ${offset} to ${String(now)}`))
			return undefined
		}
		return { answer, offset: now }
	}

	async #again(ask: () => Promise<UploadAnswer>): Promise<UploadAnswer> {
		for (;;) {
			let answer: UploadAnswer
			try {
				answer = await ask()
			} catch (error) {
				this.#options.signal.throwIfAborted()
				await this.#failed(error)
				continue
			}
			if (answer.status !== 429 && answer.status !== 408 && answer.status < 500) return answer
			const error = this.#refusal('ask', answer)
			if (error.code === 'quota') throw error
			await this.#failed(error, retryAfterMs(answer))
		}
	}

	/** Waits before the next try; throws when there have been enough. */
	async #failed(error: unknown, afterMs?: number): Promise<void> {
		if (++this.#failures > MAX_FAILURES) {
			if (error instanceof AppError) throw error
			throw new AppError('unreachable', `${this.#options.endpoint.host} did not answer`, {
				cause: error,
				detail: isAbort(error)
					? `${this.#options.service} takes too long to answer.`
					: `${this.#options.service} does not answer. What was sent is kept there for a while.`
			})
		}
		const backOff = FIRST_WAIT_MS * 2 ** (this.#failures - 1) * (0.75 + Math.random() / 2)
		await this.#wait(Math.min(MAX_WAIT_MS, afterMs ?? backOff), this.#options.signal)
	}

	async #send(url: URL, request: Omit<UploadRequest, 'signal'>): Promise<UploadAnswer> {
		const { headers, signal, fetch } = this.#options
		const deadline = AbortSignal.timeout(request.body === undefined ? ASK_MS : PIECE_MS)
		return await upload(
			url,
			{
				...request,
				headers: { ...headers, ...request.headers, 'Tus-Resumable': VERSION },
				signal: AbortSignal.any([signal, deadline])
			},
			fetch
		)
	}

	#refusal(what: string, answer: UploadAnswer): AppError {
		return refusal(this.#options.service, what, answer, this.#options.token)
	}
}

/** `Retry-After` in seconds; the form with a date is not used by services of this kind. */
function retryAfterMs(answer: UploadAnswer): number | undefined {
	const seconds = Number(answer.header('Retry-After') ?? Number.NaN)
	return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined
}

/** @throws the reason of `signal` */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		const end = () => {
			clearTimeout(timer)
			reject(signal.reason as Error)
		}
		const timer = setTimeout(() => {
			signal.removeEventListener('abort', end)
			resolve()
		}, ms)
		if (signal.aborted) end()
		else signal.addEventListener('abort', end, { once: true })
	})
}
