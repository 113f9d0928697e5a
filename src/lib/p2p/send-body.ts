import { AppError } from '../errors'
import { readBounded } from './bounded-fetch'

/** Far more than any answer to an upload; a listing is read in pages. */
const MAX_ANSWER_BYTES = 4 * 1024 * 1024

export interface UploadRequest {
	readonly method?: string
	readonly headers?: Readonly<Record<string, string>>
	readonly body?: FormData | Blob
	readonly signal: AbortSignal
	readonly onprogress?: (bytesSent: number, bytes: number) => void
	/** The most that an answer may have; 4 MiB by default. */
	readonly maxBytes?: number
}

export interface UploadAnswer {
	readonly status: number
	/** One header of the answer; null also where the other side does not expose it to this page. */
	header(name: string): string | null
	readonly bytes: Uint8Array
}

/**
 * Sends a body and tells how much of it has gone: `fetch` cannot tell, XMLHttpRequest can. Without a listener, and where
 * there is no XMLHttpRequest, it is a fetch.
 * @throws TypeError when there was no answer, AppError `too-large`, or the reason of `signal`
 */
export async function upload(
	url: URL,
	request: UploadRequest,
	fetch: typeof globalThis.fetch = globalThis.fetch.bind(globalThis)
): Promise<UploadAnswer> {
	const { method = 'POST', headers = {}, body, signal, onprogress, maxBytes = MAX_ANSWER_BYTES } = request
	if (onprogress !== undefined && body !== undefined && 'XMLHttpRequest' in globalThis) {
		return await byXhr(url, method, headers, body, onprogress, signal)
	}
	const response = await fetch(url, {
		method,
		headers: { ...headers },
		signal,
		credentials: 'omit',
		redirect: 'error',
		...(body && { body })
	})
	return {
		status: response.status,
		header: (name) => response.headers.get(name),
		bytes: await readBounded(response, maxBytes, signal)
	}
}

function byXhr(
	url: URL,
	method: string,
	headers: Readonly<Record<string, string>>,
	body: FormData | Blob,
	onprogress: (bytesSent: number, bytes: number) => void,
	signal: AbortSignal
): Promise<UploadAnswer> {
	return new Promise((resolve, reject) => {
		const request = new XMLHttpRequest()
		const abort = () => {
			request.abort()
			reject(signal.reason as Error)
		}
		if (signal.aborted) {
			abort()
			return
		}
		signal.addEventListener('abort', abort, { once: true })
		request.open(method, url)
		request.responseType = 'arraybuffer'
		for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value)
		request.upload.onprogress = ({ loaded, total }) => {
			onprogress(loaded, total)
		}
		request.onload = () => {
			const bytes = new Uint8Array(request.response as ArrayBuffer)
			if (bytes.byteLength > MAX_ANSWER_BYTES) reject(new AppError('too-large', 'the answer is too large'))
			else resolve({ status: request.status, header: (name) => request.getResponseHeader(name), bytes })
		}
		request.onerror = () => {
			reject(new TypeError('network error'))
		}
		request.onloadend = () => {
			signal.removeEventListener('abort', abort)
		}
		request.send(body)
	})
}
