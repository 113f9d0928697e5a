import type { EntryRow } from '$lib/catalog/row'
import type { BytesReport } from '$lib/gateway/block-port'
import { SvelteMap } from 'svelte/reactivity'
import { isPlayable, type BufferedRange, type PlayerState } from '../player.svelte'
import { ByteRanges, type ByteRange } from './byte-ranges'
import type { Wish } from './plan'

export interface AheadPorts {
	readonly player: Pick<
		PlayerState,
		'current' | 'status' | 'positionMs' | 'fileDurationMs' | 'buffered' | 'bufferedToMs' | 'durationMs'
	> & {
		readonly queue: Pick<PlayerState['queue'], 'peek'>
	}
	/** Reads a part of a file into the block store. Rejects when it could not be had. */
	fetch(wish: Wish, signal: AbortSignal): Promise<void>
	/** False on a line that costs, where Settings say so, offline, and where no worker answers. */
	allowed(): boolean
	/** True for what lies here whole. */
	isHere(row: EntryRow): boolean
	/** Bytes that the browser has room for; undefined where it does not say. */
	roomBytes(): Promise<number | undefined>
	onreport(listener: (report: BytesReport) => void): () => void
	readonly nowMs?: () => number
}

/** A row must have been seen for this long. */
const SEEN_AFTER_MS = 800
/** The pointer must have rested for this long. */
const POINTED_AFTER_MS = 120
const MOST_FILES = 200
/** Bytes become times by proportion alone: ends that are this near are one. */
const GAP_MS = 1500
const NOTHING = new ByteRanges()

/**
 * What may be played soon: what is on the screen, what the pointer is on; and what of it was fetched. The fetching itself
 * is loaded after the first page.
 */
export class AheadState {
	readonly #here = new SvelteMap<string, ByteRanges>()
	readonly #seen = new SvelteMap<string, { readonly row: EntryRow; readonly times: number }>()
	#hovered = $state.raw<EntryRow>()
	#pointedMs = $state.raw<number>()
	readonly #ports: AheadPorts
	#reading: { readonly otherLine: () => void; readonly dispose: () => void } | undefined
	#disposed = false
	#pointing: ReturnType<typeof setTimeout> | undefined

	constructor(ports: AheadPorts) {
		this.#ports = ports
	}

	/** Begins to fetch; resolves when its code is here. */
	async open(): Promise<void> {
		const { ReadAhead } = await import('./read-ahead.svelte')
		if (!this.#disposed) this.#reading = new ReadAhead(this.#ports, this)
	}

	/** A row has come on the screen. @returns what to call when it leaves */
	readonly see = (row: EntryRow): (() => void) => {
		if (!isPlayable(row)) return () => undefined
		let counted = false
		const timer = setTimeout(() => {
			counted = true
			this.#seen.set(row.file, { row, times: (this.#seen.get(row.file)?.times ?? 0) + 1 })
		}, SEEN_AFTER_MS)
		return () => {
			clearTimeout(timer)
			if (!counted) return
			const times = (this.#seen.get(row.file)?.times ?? 1) - 1
			if (times > 0) this.#seen.set(row.file, { row, times })
			else this.#seen.delete(row.file)
		}
	}

	/** The pointer is on a row: it comes first of those on the screen. */
	readonly hover = (row: EntryRow | undefined): void => {
		this.#hovered = row !== undefined && isPlayable(row) ? row : undefined
	}

	/** The pointer is on the seek bar. @param ms - from the start of the row; undefined when it has left */
	readonly point = (ms: number | undefined): void => {
		clearTimeout(this.#pointing)
		if (ms === undefined) this.#pointedMs = undefined
		else this.#pointing = setTimeout(() => (this.#pointedMs = ms), POINTED_AFTER_MS)
	}

	/** Rows that have been on the screen for a while, the one under the pointer first. */
	get seen(): readonly EntryRow[] {
		const rows = [...this.#seen.values()].map(({ row }) => row)
		const hovered = this.#hovered
		return hovered ? [hovered, ...rows.filter(({ file }) => file !== hovered.file)] : rows
	}

	/** Where the pointer rests on the seek bar, ms from the start of the row. */
	get pointedMs(): number | undefined {
		return this.#pointedMs
	}

	/** What was fetched of a file. */
	hereOf(file: string): ByteRanges {
		return this.#here.get(file) ?? NOTHING
	}

	/** A part of a file has come. */
	keep(file: string, range: ByteRange): void {
		this.#here.set(file, this.hereOf(file).with(range))
		const [oldest] = this.#here.keys()
		if (this.#here.size > MOST_FILES && oldest !== undefined) this.#here.delete(oldest)
	}

	/** Parts of what is in the player that are here: what its element holds, and what was fetched ahead of that. */
	get present(): readonly BufferedRange[] {
		const { current, fileDurationMs, buffered } = this.#ports.player
		if (current === undefined || fileDurationMs === undefined) return buffered
		const start = current.clip?.start ?? 0
		if (this.#ports.isHere(current)) return [{ startMs: 0, endMs: fileDurationMs - start }]
		const at = (byte: number) => (byte / Math.max(1, current.sizeBytes)) * fileDurationMs - start
		const fetched = this.hereOf(current.file)
			.all.map(({ from, to }) => ({ startMs: Math.max(0, at(from)), endMs: at(to + 1) }))
			.filter(({ endMs }) => endMs > 0)
		return fetched.length === 0 ? buffered : joined([...buffered, ...fetched])
	}

	/** End of the part that is here around the playhead, ms from the start of the row. */
	get presentToMs(): number {
		const { positionMs, bufferedToMs } = this.#ports.player
		const around = this.present.find(({ startMs, endMs }) => startMs <= positionMs + 500 && endMs >= positionMs)
		return Math.max(bufferedToMs, around?.endMs ?? 0)
	}

	/** Another line, or blocks were thrown away. */
	forget(what: 'line' | 'here'): void {
		if (what === 'here') this.#here.clear()
		else this.#reading?.otherLine()
	}

	dispose(): void {
		this.#disposed = true
		this.#reading?.dispose()
		clearTimeout(this.#pointing)
	}
}

function joined(ranges: readonly BufferedRange[]): readonly BufferedRange[] {
	const whole: BufferedRange[] = []
	for (const { startMs, endMs } of ranges.toSorted((one, other) => one.startMs - other.startMs)) {
		const last = whole.at(-1)
		if (last === undefined || startMs > last.endMs + GAP_MS) whole.push({ startMs, endMs })
		else whole[whole.length - 1] = { startMs: last.startMs, endMs: Math.max(last.endMs, endMs) }
	}
	return whole
}
