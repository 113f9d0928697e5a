import { AppError } from '$lib/errors'
import { holdInUse } from '$lib/storage/in-use'
import { fetchAhead } from '../ahead/fetch-ahead'

/** Asked for at a time. */
const PART_BYTES = 4 * 1024 * 1024
const SIZE_TIMEOUT_MS = 45_000

export interface FetchFile {
	readonly file: string
	/** Where the worker answers with it. */
	readonly url: string
	/** 0 where it is not known. */
	readonly sizeBytes: number
	readonly signal: AbortSignal
	readonly onprogress: (bytesDone: number, sizeBytes: number) => void
	readonly fetchPart?: typeof fetchAhead
}

/**
 * Has the worker read a whole file into the block store, each block checked, and wait until it is written. What is here
 * already is not fetched again.
 * @returns its size in bytes
 * @throws AppError `content-unavailable` when not all of it could be had, or kept
 */
export async function fetchFile({
	file,
	url,
	sizeBytes: known,
	signal,
	onprogress,
	fetchPart = fetchAhead
}: FetchFile): Promise<number> {
	const release = holdInUse(file)
	try {
		const sizeBytes = known > 0 ? known : await sizeOf(url, signal)
		onprogress(0, sizeBytes)
		for (let from = 0; from < sizeBytes; from += PART_BYTES) {
			const to = Math.min(sizeBytes, from + PART_BYTES) - 1
			await fetchPart(url, { from, to, ahead: 'soon' }, signal)
			onprogress(to + 1, sizeBytes)
		}
		return sizeBytes
	} finally {
		release()
	}
}

/** For a row that does not say. */
export async function sizeOf(url: string, signal: AbortSignal): Promise<number> {
	const deadline = AbortSignal.any([signal, AbortSignal.timeout(SIZE_TIMEOUT_MS)])
	const { ok, headers } = await fetch(url, { method: 'HEAD', signal: deadline })
	const sizeBytes = Number(headers.get('content-length') ?? 0)
	if (!ok || !(sizeBytes > 0)) throw new AppError('content-unavailable', 'how long the file is could not be had')
	return sizeBytes
}
