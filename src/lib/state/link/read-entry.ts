import type { EntryKind } from '$lib/catalog/entry'
import type { EntryRow } from '$lib/catalog/row'
import { AppError } from '$lib/errors'
import { contentUrl } from '$lib/gateway/content-path'
import { shorten } from '$lib/format'
import { readFileWords } from './file-words'

const ASK_TIMEOUT_MS = 45_000
/** The first block of nearly every file. */
const FIRST_BYTES = 256 * 1024
const MORE_BYTES = 1024 * 1024

/** What has no type is given to the player all the same: it looks at the bytes. */
const kindOf = (mime: string): EntryKind =>
	mime.startsWith('video/')
		? 'video'
		: mime.startsWith('audio/') || mime === 'application/octet-stream'
			? 'audio'
			: 'other'

/**
 * Makes a row of what a file says of itself, for one that no catalog names.
 * @throws AppError `content-unavailable`
 */
export async function readBareEntry(file: string, base: string, signal: AbortSignal): Promise<EntryRow> {
	const url = contentUrl(base, file)
	const { mime, sizeBytes, bytes } = await readFirst(url, FIRST_BYTES, signal)
	let said = await readFileWords(bytes, mime, sizeBytes)
	if (said.title === undefined && /^(audio|video)\//.test(mime) && sizeBytes > bytes.byteLength) {
		// A large cover may stand before the title.
		const more = await readFirst(url, MORE_BYTES, signal).catch(() => undefined)
		if (more) said = await readFileWords(more.bytes, mime, sizeBytes)
	}
	signal.throwIfAborted()
	return {
		id: 0,
		publisher: '',
		publisherName: '',
		root: '',
		k: '',
		kind: kindOf(mime),
		file,
		sizeBytes,
		mime,
		title: shorten(file),
		artists: [],
		albumArtists: [],
		genres: [],
		...said
	}
}

async function readFirst(url: string, most: number, signal: AbortSignal) {
	const response = await fetch(url, {
		headers: { range: `bytes=0-${most - 1}` },
		signal: AbortSignal.any([signal, AbortSignal.timeout(ASK_TIMEOUT_MS)])
	})
	if (!response.ok) {
		await response.body?.cancel()
		throw new AppError('content-unavailable', `status ${response.status}`)
	}
	return {
		mime: response.headers.get('content-type')?.split(';', 1)[0] ?? 'application/octet-stream',
		sizeBytes: Number(/\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1] ?? 0),
		bytes: new Uint8Array(await response.arrayBuffer())
	}
}
