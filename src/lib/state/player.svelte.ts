import type { EntryRow } from '$lib/catalog/row'
import { errorCode, type AppErrorCode } from '$lib/errors'
import type { MediaElement } from './media-element'
import { PlayQueue, type QueueItem, type Repeat } from './play-queue.svelte'

export type { QueueItem, Repeat } from './play-queue.svelte'

/** `waiting`: it will sound as soon as bytes are here. */
export type PlayerStatus = 'idle' | 'waiting' | 'playing' | 'paused' | 'failed'

export interface PlayFailure {
	readonly row: EntryRow
	readonly code: AppErrorCode
	/** Who was asked, in words. */
	readonly tried: readonly string[]
	/** False when it was the last one. */
	readonly goesOn: boolean
}

/** A part of the file that is here, in ms from the start of the row. */
export interface BufferedRange {
	readonly startMs: number
	readonly endMs: number
}

/** What outlives a reload. */
export interface SavedPlayer {
	readonly rows: readonly EntryRow[]
	readonly at: number
	readonly positionMs: number
	readonly volume: number
	readonly muted: boolean
	readonly repeat: Repeat
}

export interface PlayerPorts {
	readonly audio: MediaElement
	readonly video: MediaElement
	/** Where the element reads a row from. */
	url(row: EntryRow): string
	/**
	 * Feeds a row to its element that the element cannot read by itself; undefined for all others. Resolves when it has its
	 * source.
	 * @param onbroken - told the URL of what could not be had, after which nothing more comes
	 * @returns what ends it
	 * @throws AppError
	 */
	feed?(element: MediaElement, row: EntryRow, onbroken: (url: string) => void): Promise<() => void> | undefined
	/** Resolves once `url` is answered. @throws AppError `no-worker` */
	ready(): Promise<void>
	/** Why a URL does not play. Gives up by itself. */
	diagnose(url: string): Promise<{ readonly code: AppErrorCode; readonly tried: readonly string[] }>
	read(): Promise<SavedPlayer | undefined>
	write(saved: SavedPlayer): Promise<void>
	/** Called once a row has sounded for 5 s, then every 10 s, and when it is left; `ended` when it ran to its end. */
	heard(row: EntryRow, positionMs: number, ended: boolean): void
	readonly session?: MediaSession
	/** Cover of a row as a URL for the lock screen. */
	artwork?(row: EntryRow): string | undefined
}

export interface PlayOptions {
	/** Where to begin, ms from the start of the row. */
	readonly atMs?: number
	/** Where to stop, ms from the start of the row; for links to a part. */
	readonly untilMs?: number
	readonly shuffle?: boolean
}

const RESTART_AFTER_MS = 3000
const FAILURE_SHOWN_MS = 5000
const SAVE_EVERY_MS = 5000
const HEARD_AFTER_MS = 5000
const HEARD_EVERY_MS = 10_000

/**
 * The one player of a tab: a queue, and two media elements of which one sounds. Everything it reads comes through the
 * service worker, so nothing unchecked is played.
 */
export class PlayerState {
	readonly queue = new PlayQueue()
	#status = $state.raw<PlayerStatus>('idle')
	#positionMs = $state(0)
	#mediaDurationMs = $state<number>()
	#buffered = $state.raw<readonly BufferedRange[]>([])
	#volume = $state(1)
	#muted = $state(false)
	#rate = $state(1)
	#failure = $state.raw<PlayFailure>()
	#sleepUntilMs = $state<number>()
	#sleepAtEnd = $state(false)

	readonly #ports: PlayerPorts
	#element: MediaElement
	/** The item that the element holds. */
	#loaded: QueueItem | undefined
	#wants = false
	#untilMs: number | undefined
	#seekOnMetadataMs: number | undefined
	#failuresInARow = 0
	#goOn: ReturnType<typeof setTimeout> | undefined
	#savedMs = 0
	#heardMs = 0
	#soundedMs = 0
	#lastTickMs: number | undefined
	#ended = new AbortController()
	#attempt = 0
	#endFeed: (() => void) | undefined

	constructor(ports: PlayerPorts) {
		this.#ports = ports
		this.#element = ports.audio
	}

	/** Listens to the elements and takes up the queue of the last visit, without playing. */
	async open(): Promise<void> {
		for (const element of [this.#ports.audio, this.#ports.video]) this.#listen(element)
		this.#bindSession()
		const saved = await this.#ports.read().catch(() => undefined)
		if (saved === undefined || this.queue.items.length > 0) return
		this.#volume = saved.volume
		this.#muted = saved.muted
		this.queue.replace(saved.rows, saved.at)
		this.queue.repeat = saved.repeat
		const current = this.queue.current
		if (current === undefined) return
		this.#positionMs = saved.positionMs
		this.#status = 'paused'
		this.#describe(current.row)
	}

	get status(): PlayerStatus {
		return this.#status
	}
	get current(): EntryRow | undefined {
		return this.queue.current?.row
	}
	/** True from the wish to hear something until it is paused, also while bytes are awaited. */
	get playing(): boolean {
		return this.#status === 'playing' || this.#status === 'waiting'
	}
	/** From the start of the row. */
	get positionMs(): number {
		return this.#positionMs
	}
	/** Undefined until it is known. */
	get durationMs(): number | undefined {
		const row = this.current
		if (row === undefined) return undefined
		if (row.clip !== undefined) {
			const end = row.clip.end ?? this.#mediaDurationMs
			if (end !== undefined) return end - row.clip.start
		}
		return this.#mediaDurationMs ?? row.durationMs
	}
	/** Of the whole file, of which the row may be a part; undefined until it is known. */
	get fileDurationMs(): number | undefined {
		const row = this.current
		return this.#mediaDurationMs ?? (row?.clip === undefined ? row?.durationMs : undefined)
	}
	get buffered(): readonly BufferedRange[] {
		return this.#buffered
	}
	/** End of the part that is here around the playhead. */
	get bufferedToMs(): number {
		const here = this.#buffered.find(
			(range) => range.startMs <= this.#positionMs + 500 && range.endMs >= this.#positionMs
		)
		return here?.endMs ?? this.#positionMs
	}
	/** 0 to 1. */
	get volume(): number {
		return this.#volume
	}
	get muted(): boolean {
		return this.#muted
	}
	get rate(): number {
		return this.#rate
	}
	/** What does not play, until something else does. */
	get failure(): PlayFailure | undefined {
		return this.#failure
	}
	/** Unix ms; undefined when no timer runs. */
	get sleepUntilMs(): number | undefined {
		return this.#sleepUntilMs
	}
	get sleepAtEnd(): boolean {
		return this.#sleepAtEnd
	}
	/** True when the row in the player is this one; also when it came from another list. */
	holds(row: EntryRow): boolean {
		return this.current !== undefined && sameRow(this.current, row)
	}

	/** Replaces the queue and plays from `start`. */
	async play(rows: readonly EntryRow[], start = 0, options: PlayOptions = {}): Promise<void> {
		const playable = rows.filter(isPlayable)
		if (playable.length === 0) return
		const first = rows[start]
		this.#leave()
		this.queue.replace(playable, Math.max(0, first === undefined ? 0 : playable.indexOf(first)))
		if (options.shuffle === true) this.queue.shuffleFrom(start > 0)
		await this.#load(options.atMs ?? 0, true, options.untilMs)
	}

	/** Plays or pauses what is in the player; takes up again what failed. */
	async toggle(): Promise<void> {
		if (this.playing) this.pause()
		else await this.resume()
	}

	async resume(): Promise<void> {
		const current = this.queue.current
		if (current === undefined) return
		if (this.#loaded?.id !== current.id || this.#status === 'failed') {
			await this.#load(this.#positionMs, true)
			return
		}
		this.#wants = true
		await this.#start()
	}

	pause(): void {
		this.#wants = false
		clearTimeout(this.#goOn)
		this.#element.pause()
		if (this.#status !== 'idle' && this.#status !== 'failed') this.#status = 'paused'
		this.#report(false)
		void this.#save()
	}

	/** @param ms - from the start of the row */
	seek(ms: number): void {
		const current = this.queue.current
		if (current === undefined) return
		const to = Math.max(0, Math.min(ms, (this.durationMs ?? Infinity) - 250))
		this.#untilMs = undefined
		this.#positionMs = to
		if (this.#loaded?.id === current.id) {
			this.#element.currentTime = (offset(current.row) + to) / 1000
			if (this.#seekOnMetadataMs !== undefined) this.#seekOnMetadataMs = to
		}
		this.#tellPosition()
		void this.#save()
	}

	seekBy(ms: number): void {
		this.seek(this.#positionMs + ms)
	}

	/** The next of the queue; from the last one on only where the queue repeats. */
	async next(): Promise<void> {
		this.#leave()
		if (this.queue.advance('asked')) await this.#load(0, true)
		else if (this.queue.current !== undefined) this.#stopAtEnd()
	}

	/** To the start of the row, or to the one before it within its first 3 seconds. */
	async previous(): Promise<void> {
		if (this.#positionMs > RESTART_AFTER_MS || !this.queue.canGoBack) {
			this.seek(0)
			if (this.#status === 'failed') await this.resume()
			return
		}
		this.#leave()
		this.queue.goBack()
		await this.#load(0, true)
	}

	/** Plays another place of the queue. */
	async jump(id: number): Promise<void> {
		this.#leave()
		if (this.queue.select(id)) await this.#load(0, true)
	}

	playNext(rows: readonly EntryRow[]): void {
		this.#enqueue(rows, 'next')
	}

	add(rows: readonly EntryRow[]): void {
		this.#enqueue(rows, 'last')
	}

	/** Takes one out. When it is the one that plays, the next one plays. */
	async remove(id: number): Promise<void> {
		const wasCurrent = this.queue.current?.id === id
		this.queue.remove(id)
		if (!wasCurrent) {
			void this.#save()
			return
		}
		this.#leave()
		if (this.queue.current === undefined) this.#halt()
		else await this.#load(0, this.playing)
	}

	move(id: number, to: number): void {
		this.queue.move(id, to)
		void this.#save()
	}

	/** Empties the queue. Returns what was in it, for taking it back. */
	clear(): SavedPlayer {
		const saved = this.#snapshot()
		this.#leave()
		this.queue.replace([], 0)
		this.#halt()
		return saved
	}

	/** Takes back what {@link clear} took away. */
	restore(saved: SavedPlayer): void {
		this.queue.replace(saved.rows, saved.at)
		this.#positionMs = saved.positionMs
		this.#status = this.queue.current === undefined ? 'idle' : 'paused'
		void this.#save()
	}

	toggleShuffle(): void {
		if (this.queue.shuffled) this.queue.unshuffle()
		else this.queue.shuffleFrom(true)
		void this.#save()
	}

	cycleRepeat(): void {
		this.queue.repeat = ({ off: 'all', all: 'one', one: 'off' } as const)[this.queue.repeat]
		void this.#save()
	}

	/** @param volume - 0 to 1 */
	setVolume(volume: number): void {
		this.#volume = Math.max(0, Math.min(1, volume))
		this.#muted = false
		this.#applySound()
		void this.#save()
	}

	toggleMute(): void {
		this.#muted = !this.#muted
		this.#applySound()
		void this.#save()
	}

	setRate(rate: number): void {
		this.#rate = rate
		this.#applySound()
		this.#tellPosition()
	}

	/** Pauses after so many minutes, or at the end of the row; undefined ends the timer. */
	sleep(after: number | 'end' | undefined, nowMs = Date.now()): void {
		this.#sleepAtEnd = after === 'end'
		this.#sleepUntilMs = typeof after === 'number' ? nowMs + after * 60_000 : undefined
	}

	dispose(): void {
		this.#ended.abort()
		clearTimeout(this.#goOn)
		this.#report(false)
		void this.#save()
		this.#unload(this.#element)
	}

	#enqueue(rows: readonly EntryRow[], where: 'next' | 'last'): void {
		const wasEmpty = this.queue.items.length === 0
		this.queue.insert(rows.filter(isPlayable), where)
		const current = this.queue.current
		if (wasEmpty && current !== undefined) {
			this.#status = 'paused'
			this.#positionMs = 0
			this.#describe(current.row)
		}
		void this.#save()
	}

	/** Puts the current item of the queue into its element. */
	async #load(atMs: number, play: boolean, untilMs?: number): Promise<void> {
		const item = this.queue.current
		if (item === undefined) return
		const attempt = ++this.#attempt
		const { row } = item
		clearTimeout(this.#goOn)
		this.#failure = undefined
		this.#wants = play
		this.#untilMs = untilMs
		this.#heardMs = 0
		this.#soundedMs = 0
		this.#lastTickMs = undefined
		this.#positionMs = atMs
		this.#describe(row)
		this.#status = play ? 'waiting' : 'paused'

		const element = row.kind === 'video' ? this.#ports.video : this.#ports.audio
		const url = this.#ports.url(row)
		const same =
			this.#loaded !== undefined && this.#element === element && this.#ports.url(this.#loaded.row) === url
		if (same && element.error === null) {
			// The next part of the same file: when it follows without a gap the sound is not touched.
			this.#loaded = item
			const wantedS = (offset(row) + atMs) / 1000
			if (Math.abs(element.currentTime - wantedS) > 0.5) element.currentTime = wantedS
			this.#readBuffered()
		} else {
			if (this.#element !== element) this.#unload(this.#element)
			this.#element = element
			this.#mediaDurationMs = undefined
			this.#buffered = []
			this.#loaded = undefined
			try {
				await this.#ports.ready()
			} catch (error) {
				if (attempt === this.#attempt) this.#failed(item, errorCode(error) ?? 'no-worker', [])
				return
			}
			if (attempt !== this.#attempt) return
			this.#loaded = item
			this.#seekOnMetadataMs = atMs
			if (!(await this.#fill(element, item, url))) return
		}
		this.#applySound()
		void this.#save()
		if (play) await this.#start()
	}

	/** Gives the element its source. False when that failed, or something else is to be played by now. */
	async #fill(element: MediaElement, item: QueueItem, url: string): Promise<boolean> {
		const attempt = this.#attempt
		this.#stopFeeding()
		const feeding = this.#ports.feed?.(element, item.row, (broken) => {
			if (attempt === this.#attempt) void this.#broken(broken)
		})
		if (feeding === undefined) {
			element.src = url
			element.load()
			return true
		}
		try {
			const end = await feeding
			if (attempt === this.#attempt) this.#endFeed = end
			else end()
		} catch (error) {
			if (attempt === this.#attempt) this.#failed(item, errorCode(error) ?? 'content-unavailable', [])
			return false
		}
		return attempt === this.#attempt
	}

	#stopFeeding(): void {
		this.#endFeed?.()
		this.#endFeed = undefined
	}

	async #start(): Promise<void> {
		const attempt = this.#attempt
		if (this.#status !== 'playing') this.#status = 'waiting'
		try {
			await this.#element.play()
		} catch (error) {
			if (attempt !== this.#attempt) return
			// The browser wants a touch first, or a later call came between; a broken source has its own event.
			if (error instanceof Error && error.name === 'NotAllowedError') this.pause()
		}
	}

	#unload(element: MediaElement): void {
		this.#stopFeeding()
		element.pause()
		element.removeAttribute('src')
		element.load()
		this.#loaded = undefined
	}

	#halt(): void {
		this.#attempt += 1
		this.#wants = false
		this.#unload(this.#element)
		this.#status = 'idle'
		this.#positionMs = 0
		this.#mediaDurationMs = undefined
		this.#buffered = []
		this.#failure = undefined
		if (this.#ports.session) this.#ports.session.metadata = null
		void this.#save()
	}

	#stopAtEnd(): void {
		this.#wants = false
		this.#element.pause()
		this.#positionMs = 0
		const current = this.queue.current
		if (current !== undefined && this.#loaded?.id === current.id) {
			this.#element.currentTime = offset(current.row) / 1000
		}
		this.#status = 'paused'
		void this.#save()
	}

	#listen(element: MediaElement): void {
		const on = (names: readonly string[], act: () => void) => {
			for (const name of names) {
				element.addEventListener(
					name,
					() => {
						if (element === this.#element && this.#loaded !== undefined) act()
					},
					{ signal: this.#ended.signal }
				)
			}
		}
		on(['timeupdate', 'seeked'], () => {
			this.#tick()
		})
		on(['loadedmetadata', 'durationchange'], () => {
			const { duration } = element
			if (Number.isFinite(duration) && duration > 0) this.#mediaDurationMs = duration * 1000
			this.#placePlayhead()
		})
		on(['progress', 'suspend', 'canplaythrough'], () => {
			this.#readBuffered()
		})
		on(['playing'], () => {
			this.#status = 'playing'
			this.#failuresInARow = 0
			this.#failure = undefined
			this.#lastTickMs = undefined
			if (this.#ports.session) this.#ports.session.playbackState = 'playing'
		})
		on(['waiting'], () => {
			if (this.#wants) this.#status = 'waiting'
		})
		on(['pause'], () => {
			if (this.#ports.session) this.#ports.session.playbackState = 'paused'
			// The system paused it (headphones pulled out, a call); what we paused has its status already.
			if (this.#status === 'playing' && !this.#atEnd()) {
				this.#wants = false
				this.#status = 'paused'
				void this.#save()
			}
		})
		on(['ended'], () => {
			void this.#finished()
		})
		on(['error'], () => {
			void this.#broken()
		})
	}

	#placePlayhead(): void {
		const wantedMs = this.#seekOnMetadataMs
		const row = this.current
		if (wantedMs === undefined || row === undefined) return
		this.#seekOnMetadataMs = undefined
		const wantedS = (offset(row) + wantedMs) / 1000
		if (wantedS > 0 && Math.abs(this.#element.currentTime - wantedS) > 0.3) this.#element.currentTime = wantedS
	}

	#atEnd(): boolean {
		const durationMs = this.durationMs
		return durationMs !== undefined && this.#positionMs >= durationMs - 300
	}

	#tick(): void {
		const row = this.current
		if (row === undefined || this.#seekOnMetadataMs !== undefined) return
		const previousMs = this.#positionMs
		this.#positionMs = Math.max(0, this.#element.currentTime * 1000 - offset(row))
		const sounded = this.#positionMs - (this.#lastTickMs ?? this.#positionMs)
		this.#lastTickMs = this.#positionMs
		if (sounded > 0 && sounded < 2000) this.#soundedMs += sounded
		this.#readBuffered()

		const endMs = this.#untilMs ?? (row.clip?.end === undefined ? undefined : row.clip.end - row.clip.start)
		if (this.#wants && endMs !== undefined && this.#positionMs >= endMs && previousMs <= this.#positionMs) {
			if (this.#untilMs === undefined) void this.#finished()
			else {
				this.#untilMs = undefined
				this.pause()
			}
			return
		}
		if (this.#soundedMs >= HEARD_AFTER_MS && this.#soundedMs - this.#heardMs >= HEARD_EVERY_MS - HEARD_AFTER_MS) {
			this.#report(false)
		}
		if (Date.now() - this.#savedMs > SAVE_EVERY_MS) void this.#save()
		if (this.#sleepUntilMs !== undefined && Date.now() >= this.#sleepUntilMs) {
			this.sleep(undefined)
			this.pause()
		}
		this.#tellPosition()
	}

	async #finished(): Promise<void> {
		const row = this.current
		if (row === undefined) return
		this.#ports.heard(row, 0, true)
		this.#soundedMs = 0
		if (this.#sleepAtEnd) {
			this.sleep(undefined)
			this.queue.advance('ended')
			await this.#load(0, false)
			this.#element.pause()
			return
		}
		if (this.queue.repeat === 'one') {
			await this.#load(0, true)
			return
		}
		if (this.queue.advance('ended')) await this.#load(0, true)
		else this.#stopAtEnd()
	}

	async #broken(url?: string): Promise<void> {
		const item = this.#loaded
		if (item === undefined) return
		const attempt = this.#attempt
		this.#status = 'waiting'
		const { code, tried } = await this.#ports
			.diagnose(url ?? this.#ports.url(item.row))
			.catch(() => ({ code: 'content-unavailable' as const, tried: [] }))
		if (attempt === this.#attempt) this.#failed(item, code, tried)
	}

	/** Says that it does not play, and goes on after that was shown: never silently, and never round and round. */
	#failed(item: QueueItem, code: AppErrorCode, tried: readonly string[]): void {
		this.#failuresInARow += 1
		const goesOn =
			this.#wants &&
			code !== 'no-worker' &&
			this.#failuresInARow < this.queue.items.length &&
			this.queue.hasNext('asked')
		this.#failure = { row: item.row, code, tried, goesOn }
		this.#status = 'failed'
		this.#loaded = undefined
		if (!goesOn) return
		this.#goOn = setTimeout(() => {
			void this.next()
		}, FAILURE_SHOWN_MS)
	}

	#readBuffered(): void {
		const row = this.current
		if (row === undefined) return
		const { buffered } = this.#element
		const start = offset(row)
		const ranges: BufferedRange[] = []
		for (let at = 0; at < buffered.length; at += 1) {
			const endMs = buffered.end(at) * 1000 - start
			if (endMs > 0) ranges.push({ startMs: Math.max(0, buffered.start(at) * 1000 - start), endMs })
		}
		const unchanged =
			ranges.length === this.#buffered.length &&
			ranges.every((range, at) => {
				const before = this.#buffered[at]
				return before?.startMs === range.startMs && before.endMs === range.endMs
			})
		if (!unchanged) this.#buffered = ranges
	}

	/** Before another row takes the element. */
	#leave(): void {
		this.#report(false)
		this.#soundedMs = 0
		this.#lastTickMs = undefined
	}

	#report(ended: boolean): void {
		const row = this.current
		if (row === undefined || this.#soundedMs < HEARD_AFTER_MS) return
		this.#heardMs = this.#soundedMs
		this.#ports.heard(row, this.#positionMs, ended)
	}

	#applySound(): void {
		for (const element of [this.#ports.audio, this.#ports.video]) {
			element.volume = this.#volume
			element.muted = this.#muted
			element.playbackRate = this.#rate
		}
	}

	#snapshot(): SavedPlayer {
		return {
			rows: this.queue.items.map((item) => item.row),
			at: this.queue.at,
			positionMs: Math.round(this.#positionMs),
			volume: this.#volume,
			muted: this.#muted,
			repeat: this.queue.repeat
		}
	}

	async #save(): Promise<void> {
		this.#savedMs = Date.now()
		// A full or refused storage must not stop the music; it is told where something is kept on purpose.
		await this.#ports.write(this.#snapshot()).catch(() => undefined)
	}

	#describe(row: EntryRow): void {
		const { session } = this.#ports
		if (session === undefined || typeof MediaMetadata === 'undefined') return
		const src = this.#ports.artwork?.(row)
		session.metadata = new MediaMetadata({
			title: row.title,
			artist: row.artists.join(', '),
			album: row.album ?? '',
			artwork: src === undefined ? [] : [{ src }]
		})
	}

	#tellPosition(): void {
		const duration = (this.durationMs ?? 0) / 1000
		const { session } = this.#ports
		if (session === undefined || !(duration > 0)) return
		session.setPositionState({
			duration,
			position: Math.min(duration, Math.max(0, this.#positionMs / 1000)),
			playbackRate: this.#rate
		})
	}

	#bindSession(): void {
		const { session } = this.#ports
		if (session === undefined) return
		const acts: Partial<Record<MediaSessionAction, MediaSessionActionHandler>> = {
			play: () => void this.resume(),
			pause: () => {
				this.pause()
			},
			stop: () => {
				this.pause()
			},
			nexttrack: () => void this.next(),
			previoustrack: () => void this.previous(),
			seekbackward: (details) => {
				this.seekBy(-(details.seekOffset ?? 10) * 1000)
			},
			seekforward: (details) => {
				this.seekBy((details.seekOffset ?? 10) * 1000)
			},
			seekto: (details) => {
				if (details.seekTime !== undefined) this.seek(details.seekTime * 1000)
			}
		}
		for (const [action, act] of Object.entries(acts)) {
			try {
				session.setActionHandler(action as MediaSessionAction, act)
			} catch {
				// An action that this browser does not know.
			}
		}
	}
}

/** Start of the row within its file, ms. */
const offset = (row: EntryRow): number => row.clip?.start ?? 0

export const isPlayable = (row: Pick<EntryRow, 'kind'>): boolean => row.kind === 'audio' || row.kind === 'video'

/** The same part of the same file, whoever published it. */
export const sameRow = (one: EntryRow, other: EntryRow): boolean =>
	one.file === other.file && offset(one) === offset(other)
