/** One code per cause. `src/lib/i18n` holds one message for each; `gateway/http-error.ts` one status for each. */
export type AppErrorCode =
	| 'bad-path' // a content path or CID that does not parse
	| 'not-found' // the path names nothing below a root that was read
	| 'range-not-satisfiable' // a range that starts past the end
	| 'content-unavailable' // no source answered in time
	| 'content-unverified' // bytes that do not hash to their CID
	| 'content-unsupported' // a codec or layout that is not read here
	| 'invalid-entry'
	| 'invalid-page'
	| 'invalid-head'
	| 'invalid-playlist'
	| 'invalid-announcement'
	| 'invalid-link'
	| 'invalid-record' // an IPNS record that is malformed, badly signed or past its end
	| 'publisher-mismatch' // a head that names another publisher than the record that led to it
	| 'invalid-key' // a key file that cannot be read
	| 'invalid-setting' // a multiaddr, origin or number in Settings
	| 'too-large' // something from the network over its bound
	| 'too-many'
	| 'unreachable' // a host, node or hub that does not answer
	| 'refused' // a service that answered no
	| 'rate-limited'
	| 'storage-full'
	| 'storage-failed'
	| 'over-budget' // more than the user lets be kept offline
	| 'no-leader' // no tab holds the peer right now
	| 'no-worker' // the service worker cannot run here
	| 'unplayable' // a format that this browser cannot decode
	| 'wrong-root' // a place that took a CAR in under another root than ours
	| 'key-refused' // a service that does not know the key
	| 'key-scope' // a service whose key may not do this
	| 'quota' // an account whose plan takes no more
	| 'locked' // secrets that wait for their passphrase
	| 'wrong-passphrase'
	| 'shared-origin' // secrets on a page whose storage other sites can read

/**
 * Base of every failure this app raises on purpose. `code` survives `postMessage`, `instanceof` does not.
 * Cancellation is never an AppError: it stays a DOMException named `AbortError` or `TimeoutError`.
 */
export class AppError extends Error {
	override readonly name = 'AppError'
	readonly code: AppErrorCode
	/** What a person can be told besides the code: who was asked, what was wrong. Plain text, never HTML. */
	readonly detail: string | undefined

	constructor(code: AppErrorCode, message: string, options?: ErrorOptions & { detail?: string }) {
		super(message, options)
		this.code = code
		this.detail = options?.detail
	}
}

/** The code of anything thrown, also of an AppError that crossed a port; `undefined` for foreign errors. */
export function errorCode(error: unknown): AppErrorCode | undefined {
	if (typeof error !== 'object' || error === null || !('code' in error) || !('name' in error)) return undefined
	return error.name === 'AppError' ? (error.code as AppErrorCode) : undefined
}

/** True for cancellation and for a deadline that passed. */
export function isAbort(error: unknown): boolean {
	return error instanceof Error && (error.name === 'AbortError' || error.name === 'TimeoutError')
}

/** What a promise gives, unless the signal aborts first; the promise itself goes on. @throws the signal's reason */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
	signal.throwIfAborted()
	const { promise: aborted, reject } = Promise.withResolvers<never>()
	const abort = () => {
		reject(signal.reason as Error)
	}
	signal.addEventListener('abort', abort)
	try {
		return await Promise.race([promise, aborted])
	} finally {
		signal.removeEventListener('abort', abort)
	}
}
