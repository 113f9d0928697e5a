import { foldWords } from '../index/text-folding'
import { tagsOfPath } from '../path-tags'
import type { FileItem } from '../playlist-files'
import type { EntryRow } from '../row'

/** What is known of a track that a list names without saying where it is. */
export interface WantedTrack {
	readonly title: string
	readonly artists: readonly string[]
	readonly album?: string
	readonly durationMs?: number
}

export type TrackMatch =
	| { readonly state: 'found'; readonly row: EntryRow }
	/** Best first, at most {@link MAX_CHOICES}. */
	| { readonly state: 'ambiguous'; readonly rows: readonly EntryRow[] }
	| { readonly state: 'missing' }

export const MAX_CHOICES = 10
/** Two rips of one track differ by no more than this. */
const SAME_DURATION_MS = 4000
/** Another version (live, extended) differs by more than this. */
const OTHER_DURATION_MS = 20_000
/** From this score on a row may be the track, and is it when no other comes near. */
const MAYBE = 0.6
const SURE = 0.8
const CLEARLY = 0.1

/** Words that tell a version of the same recording, which lists and tags seldom agree on. */
const ASIDE =
	/\s*[([](?:feat|ft|featuring|with|remaster|explicit|mono|stereo|album version|single version|\d{4} remaster)[^)\]]*[)\]]|\s+-\s+(?:\d{4}\s+)?remaster(?:ed)?(?:\s+\d{4})?.*$|\s+(?:feat|ft|featuring)\.?\s.*$/giu

/** What an item of a list says of its track; its file's name stands in for what it leaves out. */
export function wantedTrack(item: FileItem): WantedTrack | undefined {
	const path = item.location === '' ? undefined : tagsOfPath(decodedPath(item.location))
	const title = item.title ?? path?.title
	if (title === undefined || title.trim() === '') return undefined
	const artists = item.artists ?? (path?.artist === undefined || item.title !== undefined ? [] : [path.artist])
	const album = item.album ?? (item.title === undefined ? path?.album : undefined)
	return {
		title,
		artists,
		...(album !== undefined && { album }),
		...(item.durationMs !== undefined && { durationMs: item.durationMs })
	}
}

/** What to ask the index for, most telling words first. */
export function wordsOf({ title, artists }: WantedTrack): string {
	return [plain(title), ...artists.slice(0, 1).map(plain)].join(' ').slice(0, 300)
}

/**
 * Which of the rows found is the track.
 * @param rows - what the index found for {@link wordsOf}
 */
export function matchTrack(wanted: WantedTrack, rows: readonly EntryRow[]): TrackMatch {
	const scored = rows
		.map((row) => ({ row, score: likeness(wanted, row) }))
		.filter(({ score }) => score >= MAYBE)
		.sort((a, b) => b.score - a.score)
	const [best] = scored
	if (best === undefined) return { state: 'missing' }
	const others = scored.filter(({ row }) => row.file !== best.row.file)
	const isClear = others.every(({ row, score }) => score <= best.score - CLEARLY || isSameTrack(best.row, row))
	if (best.score >= SURE && isClear) return { state: 'found', row: best.row }
	const choices = new Map(scored.toReversed().map(({ row }) => [row.file, row]))
	return { state: 'ambiguous', rows: [...choices.values()].toReversed().slice(0, MAX_CHOICES) }
}

/** 0 to 1: title and artist count most, album and length confirm or belie them. */
function likeness(wanted: WantedTrack, row: EntryRow): number {
	const title = overlap(wordsIn(wanted.title), wordsIn(row.title))
	if (title < 0.5) return 0
	const credited = [...row.artists, ...row.albumArtists]
	const artist =
		wanted.artists.length === 0
			? 0.7
			: Math.max(0, ...wanted.artists.flatMap((one) => credited.map((two) => overlap(wordsIn(one), wordsIn(two)))))
	if (wanted.artists.length > 0 && artist < 0.5) return 0
	let score = 0.6 * title + 0.4 * artist
	if (wanted.album !== undefined && row.album !== undefined)
		score += 0.1 * (overlap(wordsIn(wanted.album), wordsIn(row.album)) - 0.5)
	if (wanted.durationMs !== undefined && row.durationMs !== undefined) {
		const offMs = Math.abs(wanted.durationMs - row.durationMs)
		if (offMs <= SAME_DURATION_MS) score += 0.05
		else if (offMs > OTHER_DURATION_MS) score -= 0.25
	}
	return Math.max(0, Math.min(1, score))
}

/** Two publishers' rips of one track: either will do. */
function isSameTrack(a: EntryRow, b: EntryRow): boolean {
	const offMs = Math.abs((a.durationMs ?? 0) - (b.durationMs ?? 0))
	return (
		offMs <= SAME_DURATION_MS &&
		overlap(wordsIn(a.title), wordsIn(b.title)) === 1 &&
		overlap(wordsIn(a.album ?? ''), wordsIn(b.album ?? '')) === 1 &&
		a.artists.some((one) => b.artists.some((two) => overlap(wordsIn(one), wordsIn(two)) === 1))
	)
}

const plain = (text: string) => {
	const shorter = text.replace(ASIDE, '').trim()
	return shorter === '' ? text : shorter
}
const wordsIn = (text: string): ReadonlySet<string> => new Set(foldWords(plain(text)))

/** Words in common over all words: 1 for the same, also when neither has any. */
function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
	let common = 0
	for (const word of a) if (b.has(word)) common++
	const all = a.size + b.size - common
	return all === 0 ? 1 : common / all
}

function decodedPath(location: string): string {
	const path = location.replaceAll('\\', '/').replace(/^[a-z]:\/|^[a-z][a-z0-9+.-]*:\/\/[^/]*\/?|[?#].*$/gi, '')
	try {
		return decodeURIComponent(path)
	} catch {
		return path
	}
}
