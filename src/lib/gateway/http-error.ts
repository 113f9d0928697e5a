import { errorCode, isAbort, type AppErrorCode } from '../errors'

const STATUS: Partial<Record<AppErrorCode, number>> = {
	'bad-path': 400,
	'not-found': 404,
	'range-not-satisfiable': 416,
	'rate-limited': 429,
	'content-unsupported': 501,
	'content-unverified': 502,
	'invalid-record': 502,
	'too-large': 502,
	'too-many': 502,
	refused: 502,
	'no-leader': 503,
	'no-worker': 503,
	'content-unavailable': 504,
	unreachable: 504,
	'storage-full': 507
}

/** Body of an error answer. `tried`: who was asked for the content and what each said, in words. */
export interface HttpErrorBody {
	readonly code: AppErrorCode | 'timeout' | 'internal'
	readonly message: string
	readonly tried?: readonly string[]
}

/** Status and body for anything thrown. Errors that are not ours keep their words to themselves. */
export function httpError(error: unknown): { readonly status: number; readonly body: HttpErrorBody } {
	const code = errorCode(error)
	if (code !== undefined) {
		const tried = triedOf(error)
		const message = (error as Error).message
		return { status: STATUS[code] ?? 500, body: { code, message, ...(tried.length > 0 ? { tried } : {}) } }
	}
	if (isAbort(error)) return { status: 504, body: { code: 'timeout', message: 'no answer in time' } }
	return { status: 500, body: { code: 'internal', message: 'something went wrong while reading' } }
}

/** What an error says was tried, one source a line of its `detail`. */
export function triedOf(error: unknown): readonly string[] {
	if (typeof error !== 'object' || error === null || !('detail' in error) || typeof error.detail !== 'string')
		return []
	return error.detail.split('\n').filter((line) => line !== '')
}

/** The answer for anything thrown. @param statusOf - where the request itself makes it another one than the error's own */
export function errorResponse(error: unknown, statusOf?: number): Response {
	const { status, body } = httpError(error)
	return Response.json(body, {
		status: statusOf ?? status,
		headers: {
			'Cache-Control': 'no-store',
			'X-Content-Type-Options': 'nosniff',
			'Content-Security-Policy': "default-src 'none'; sandbox",
			'Cross-Origin-Resource-Policy': 'same-origin'
		}
	})
}
