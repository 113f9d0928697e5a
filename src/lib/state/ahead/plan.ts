import type { EntryRow } from '$lib/catalog/row'
import type { Ahead } from '$lib/gateway/block-port'
import type { ByteRange, ByteRanges } from './byte-ranges'
import { bitrateOf, firstRanges } from './media-bytes'

/**
 * Why something is fetched ahead: a place under the pointer, minutes ahead of the play head, the start of what is next,
 * all of what is next, the start of what is on the screen.
 */
export type AheadReason = 'pointed' | 'keep' | 'next' | 'whole' | 'seen'

export interface Wish extends ByteRange {
	readonly row: EntryRow
	readonly why: AheadReason
	readonly ahead: Ahead
}

/** What the plan is made of: the moment as the player and the screen tell it. */
export interface Moment {
	/** What sounds. */
	readonly playing:
		| {
				readonly row: EntryRow
				/** End of what the element holds around the playhead. */
				readonly heldTo: number
				/** It has enough to go on for a while. */
				readonly calm: boolean
		  }
		| undefined
	/** A place in what is in the player. */
	readonly pointed: (ByteRange & { readonly row: EntryRow }) | undefined
	/** What sounds after this, or at the press of Play. */
	readonly next: EntryRow | undefined
	/** What matters most comes first. */
	readonly seen: readonly EntryRow[]
	/** bit/s, as far as it was seen. */
	readonly lineBitsPerS: number | undefined
	/** Bytes that may be kept ahead of the playhead, and of what is next. */
	readonly roomBytes: number
	/** Parts that are here. */
	readonly here: (file: string) => ByteRanges
}

/** Minutes are kept in pieces of this size, so that what is stopped loses little. */
export const PIECE_BYTES = 1024 * 1024
/** The line must carry so many times the bitrate before more is kept than the element keeps by itself. */
const SPARE_FROM = 1.5
const WHOLE_NEXT_FROM = 3
const MOST_KEPT_MS = 10 * 60_000
export const MOST_KEPT_BYTES = 128 * 1024 * 1024
const MOST_NEXT_BYTES = 48 * 1024 * 1024
/** Pieces under way for one reason; the plan need not look further. */
const PIECES_AT_ONCE = 2

/** How much to keep ahead of the play head, ms: a minute where the line has little to spare, ten where it has much. */
export function keptMs(lineBitsPerS: number | undefined, bitrate: number): number {
	const ratio = (lineBitsPerS ?? 0) / bitrate
	return ratio < SPARE_FROM ? 0 : Math.min(MOST_KEPT_MS, (ratio - 0.5) * 60_000)
}

/** What to fetch ahead now, most wanted first. What is not in it any more is to be stopped. */
export function plan(moment: Moment): readonly Wish[] {
	const { playing, pointed, next, seen, lineBitsPerS, roomBytes, here } = moment
	const wishes: Wish[] = []
	if (pointed && !here(pointed.row.file).has(pointed)) {
		wishes.push({ row: pointed.row, from: pointed.from, to: pointed.to, why: 'pointed', ahead: 'soon' })
	}
	// Nothing beside what sounds before it has enough to go on.
	if (playing?.calm === false) return wishes

	if (next) wishes.push(...starts(next, 'next', 'soon', here))
	if (playing) {
		const bitrate = bitrateOf(playing.row)
		const kept = (keptMs(lineBitsPerS, bitrate) * bitrate) / 8000
		const keep = pieces(playing.row, playing.heldTo, playing.heldTo + Math.min(kept, roomBytes), here)
		wishes.push(
			...keep.map((range) => ({ row: playing.row, ...range, why: 'keep' as const, ahead: 'soon' as const }))
		)
		const spare = (lineBitsPerS ?? 0) >= WHOLE_NEXT_FROM * bitrate
		if (next && spare && keep.length === 0 && next.file !== playing.row.file) {
			const rest = pieces(next, 0, Math.min(MOST_NEXT_BYTES, roomBytes), here)
			wishes.push(
				...rest.map((range) => ({ row: next, ...range, why: 'whole' as const, ahead: 'later' as const }))
			)
		}
	}
	for (const row of seen) wishes.push(...starts(row, 'seen', 'later', here))
	return wishes
}

const starts = (row: EntryRow, why: AheadReason, ahead: Ahead, here: Moment['here']): readonly Wish[] =>
	firstRanges(row)
		.filter((range) => !here(row.file).has(range))
		.map((range) => ({ row, ...range, why, ahead }))

/** The first pieces that are not here, from one place to another. */
function pieces(row: EntryRow, from: number, to: number, here: Moment['here']): readonly ByteRange[] {
	const held = here(row.file)
	const end = Math.min(to, row.sizeBytes) - 1
	if (end <= from) return []
	const found: ByteRange[] = []
	for (let at = Math.floor(from / PIECE_BYTES) * PIECE_BYTES; at <= end; at += PIECE_BYTES) {
		const piece = { from: at, to: Math.min(at + PIECE_BYTES, row.sizeBytes) - 1 }
		if (!held.has(piece)) found.push(piece)
		if (found.length >= PIECES_AT_ONCE) break
	}
	return found
}
