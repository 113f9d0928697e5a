import { AppError } from '$lib/errors'
import { AHEAD_HEADER } from '$lib/gateway/block-port'
import type { Wish } from './plan'

const TIMEOUT_MS = 90_000

/**
 * Has the worker read a part of a file into the block store. Aborting stops it.
 * @throws AppError `content-unavailable` when it could not be had
 */
export async function fetchAhead(
	url: string,
	{ from, to, ahead }: Pick<Wish, 'from' | 'to' | 'ahead'>,
	signal: AbortSignal,
	ask: typeof fetch = fetch
): Promise<void> {
	const response = await ask(url, {
		headers: { range: `bytes=${from}-${to}`, [AHEAD_HEADER]: ahead },
		signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
	})
	if (response.status === 202) {
		await response.arrayBuffer().catch((cause: unknown) => {
			signal.throwIfAborted()
			throw new AppError('content-unavailable', 'not all of it was fetched ahead', { cause })
		})
		return
	}
	await response.body?.cancel()
	throw new AppError('content-unavailable', `not fetched ahead: ${response.status}`)
}
