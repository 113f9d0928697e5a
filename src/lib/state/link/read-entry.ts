import type { EntryKind } from '$lib/catalog/entry'
import type { EntryRow } from '$lib/catalog/row'
import { AppError } from '$lib/errors'
import { contentUrl } from '$lib/gateway/content-path'
import { shorten } from '$lib/format'
import { readFileWords } from './file-words'

const ASK_TIMEOUT_MS = 45_000
const WORDS_TIMEOUT_MS = 20_000

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
	const response = await fetch(url, {
		headers: { range: 'bytes=0-1' },
		signal: AbortSignal.any([signal, AbortSignal.timeout(ASK_TIMEOUT_MS)])
	})
	await response.body?.cancel()
	if (!response.ok) throw new AppError('content-unavailable', `status ${response.status}`)
	const mime = response.headers.get('content-type')?.split(';', 1)[0] ?? 'application/octet-stream'
	const total = Number(/\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1] ?? 0)
	const within = AbortSignal.any([signal, AbortSignal.timeout(WORDS_TIMEOUT_MS)])
	const said = await readFileWords(url, mime, within).catch(() => ({}))
	signal.throwIfAborted()
	return {
		id: 0,
		publisher: '',
		publisherName: '',
		root: '',
		k: '',
		kind: kindOf(mime),
		file,
		sizeBytes: total,
		mime,
		title: shorten(file),
		artists: [],
		albumArtists: [],
		genres: [],
		...said
	}
}
