import { AppError, type AppErrorCode } from '../errors'

const MAX_CHARS = 300

/**
 * What a service said in an answer that is no success, for people: its own words, as text, bounded, and without the
 * token, should it have been repeated.
 */
export function wordsOf(bytes: Uint8Array, token = ''): string {
	const text = new TextDecoder().decode(bytes.subarray(0, 16 * 1024)).trim()
	let said = text.startsWith('<') ? 'a page of HTML' : text
	try {
		said = wordsIn(JSON.parse(text)) ?? said
	} catch {
		// Not JSON: the text itself is what was said.
	}
	if (token !== '') said = said.replaceAll(token, '…')
	// eslint-disable-next-line no-control-regex -- control and bidi characters could rearrange what stands around them
	return said.replace(/[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069]+/g, ' ').slice(0, MAX_CHARS)
}

/** `{error: {reason, details}}` of Pinata and of the Pinning Service API, `{error}`, `{message}`, Kubo's `{Message}`. */
function wordsIn(value: unknown): string | undefined {
	if (typeof value === 'string') return value
	if (typeof value !== 'object' || value === null) return undefined
	const { error, details, message, Message, reason, code } = value as Record<string, unknown>
	for (const part of [error, details, message, Message, reason, code]) {
		const words = wordsIn(part)
		if (words !== undefined && words !== '') return words
	}
	return undefined
}

/** Which cause an answer that is no success has. */
export function causeOf(status: number, said: string): AppErrorCode {
	if (status === 429) return 'rate-limited'
	if (status === 413) return 'too-large'
	const full = /quota|storage limit|plan|usage limit|upgrade|funds|no space left|out of space/i
	if (status === 402 || status === 507 || (status >= 400 && full.test(said))) return 'quota'
	if (status === 403 && /scope|permission/i.test(said)) return 'key-scope'
	if (status === 401 || status === 403) return 'key-refused'
	return status >= 500 ? 'unreachable' : 'refused'
}

/**
 * An answer that is no success, as an error that passes the service's own words on.
 * @param what - what was asked, for the log: never holds the token
 */
export function refusal(
	service: string,
	what: string,
	answer: { readonly status: number; readonly bytes: Uint8Array },
	token = ''
): AppError {
	const said = wordsOf(answer.bytes, token)
	return new AppError(causeOf(answer.status, said), `${what}: ${answer.status} ${said}`, {
		detail: said === '' ? `${service}: ${answer.status}` : `${service}: ${said}`
	})
}
