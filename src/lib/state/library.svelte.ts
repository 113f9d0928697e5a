import type { SmartRules } from '$lib/catalog/playlists/smart-rules'
import type { EntryRow } from '$lib/catalog/row'
import type { AntiphonDatabase } from '$lib/storage/database'
import type { Keep } from './keep/keep'
import { sameRow } from './player.svelte'

export interface FavouriteRow {
	readonly row: EntryRow
	readonly addedMs: number
}

export interface HistoryRow {
	readonly row: EntryRow
	readonly playedMs: number
	/** Where it was left; 0 when it ran to its end. */
	readonly positionMs: number
	/** How often it ran to its end. */
	readonly plays?: number
}

/** A playlist made on this device. */
export interface OwnPlaylist {
	readonly id: string
	readonly title: string
	/** Names of folders, joined by `/`; absent at the top. */
	readonly folder?: string
	/** Set for a smart playlist: its rows are worked out from them, and `rows` is empty. */
	readonly smart?: SmartRules
	readonly createdMs: number
	readonly changedMs: number
	readonly rows: readonly EntryRow[]
}

export interface KeptRow {
	readonly row: EntryRow
	readonly keptMs: number
}

/** A publisher that is not heard here; the name is what they called themselves then. */
export interface BlockedPublisher {
	/** IPNS name. */
	readonly name: string
	readonly displayName: string
}

/** Where a publisher's pieces come in results, by the person's own choice. */
export interface PublisherStanding {
	/** IPNS name. */
	readonly name: string
	/** -10 to 10, added to each score. */
	readonly points?: number
	/** After all others. */
	readonly last?: boolean
}

interface Shelves {
	favourites: readonly FavouriteRow[]
	history: readonly HistoryRow[]
	playlists: readonly OwnPlaylist[]
	kept: readonly KeptRow[]
	keeps: readonly Keep[]
	/** IPNS names. */
	followed: readonly string[]
	blocked: readonly BlockedPublisher[]
	standings: readonly PublisherStanding[]
}

const EMPTY: Shelves = {
	favourites: [],
	history: [],
	playlists: [],
	kept: [],
	keeps: [],
	followed: [],
	blocked: [],
	standings: []
}
const MOST_HISTORY = 500
/** Where the tabs of one browser tell each other which shelf has changed. */
const CHANNEL = 'antiphon-library'

/**
 * What a person keeps: favourites, history, own playlists, what is kept offline, whom they follow. It lies in this
 * browser's database alone. Other tabs follow each change.
 */
export class LibraryState {
	#shelves = $state.raw<Shelves>(EMPTY)
	readonly #keptFiles = $derived(new Set(this.#shelves.kept.map(({ row }) => row.file)))
	#opened = $state(false)
	#failure = $state.raw<unknown>()
	readonly #database: AntiphonDatabase
	readonly #nowMs: () => number
	#channel: BroadcastChannel | undefined
	#writes: Promise<void> = Promise.resolve()

	constructor(database: AntiphonDatabase, nowMs: () => number = Date.now) {
		this.#database = database
		this.#nowMs = nowMs
	}

	/** Reads the shelves, and from then on follows other tabs. */
	async open(): Promise<void> {
		this.#channel = new BroadcastChannel(CHANNEL)
		this.#channel.onmessage = () => void this.#read()
		await this.#read()
		this.#opened = true
	}

	/** False until the shelves were read. */
	get opened(): boolean {
		return this.#opened
	}
	/** Newest first. */
	get favourites(): readonly FavouriteRow[] {
		return this.#shelves.favourites
	}
	/** Newest first, each row once. */
	get history(): readonly HistoryRow[] {
		return this.#shelves.history
	}
	/** Changed last first. */
	get playlists(): readonly OwnPlaylist[] {
		return this.#shelves.playlists
	}
	/** Every file that is here whole and stays, newest first. */
	get kept(): readonly KeptRow[] {
		return this.#shelves.kept
	}
	/** What the person asked to keep, here or at places, newest first. Its work is done by `KeepsState`. */
	get keeps(): readonly Keep[] {
		return this.#shelves.keeps
	}
	get followed(): readonly string[] {
		return this.#shelves.followed
	}
	get blocked(): readonly BlockedPublisher[] {
		return this.#shelves.blocked
	}
	/** Publishers that do not stand where they would by themselves. */
	get standings(): readonly PublisherStanding[] {
		return this.#shelves.standings
	}
	/** Why the last change could not be stored; it holds until the page is closed. */
	get failure(): unknown {
		return this.#failure
	}
	/** Begun and not finished, newest first: what Home offers to go on with. */
	get begun(): readonly HistoryRow[] {
		return this.history.filter(({ row, positionMs }) => {
			const length = row.durationMs ?? 0
			return positionMs > 10_000 && (length === 0 || positionMs < length - 15_000)
		})
	}

	isFavourite(row: EntryRow): boolean {
		return this.favourites.some((favourite) => sameRow(favourite.row, row))
	}
	isKept(file: string): boolean {
		return this.#keptFiles.has(file)
	}
	follows(name: string): boolean {
		return this.followed.includes(name)
	}
	isBlocked(name: string): boolean {
		return this.blocked.some((publisher) => publisher.name === name)
	}
	playlist(id: string): OwnPlaylist | undefined {
		return this.playlists.find((playlist) => playlist.id === id)
	}

	/** Returns whether it is a favourite now. */
	toggleFavourite(row: EntryRow): boolean {
		const has = this.isFavourite(row)
		const favourites = has
			? this.favourites.filter((favourite) => !sameRow(favourite.row, row))
			: [{ row, addedMs: this.#nowMs() }, ...this.favourites]
		this.#put('favourites', favourites)
		return !has
	}

	/** Writes into the history that a row was heard up to a position. @param ended - it ran to its end */
	note(row: EntryRow, positionMs: number, ended = false): void {
		const before = this.history.find((heard) => sameRow(heard.row, row))
		const plays = (before?.plays ?? 0) + (ended ? 1 : 0)
		const others = this.history.filter((heard) => heard !== before)
		const now = { row, playedMs: this.#nowMs(), positionMs, ...(plays > 0 ? { plays } : {}) }
		this.#put('history', [now, ...others].slice(0, MOST_HISTORY))
	}

	/** Returns what was there, for {@link restoreHistory}. */
	clearHistory(): readonly HistoryRow[] {
		const { history } = this
		this.#put('history', [])
		return history
	}
	restoreHistory(history: readonly HistoryRow[]): void {
		this.#put('history', history)
	}

	createPlaylist(title: string, rows: readonly EntryRow[] = []): OwnPlaylist {
		const now = this.#nowMs()
		const playlist = { id: crypto.randomUUID(), title: title.trim(), createdMs: now, changedMs: now, rows }
		this.#put('playlists', [playlist, ...this.playlists])
		return playlist
	}
	addToPlaylist(id: string, rows: readonly EntryRow[]): void {
		this.#change(id, (playlist) => ({ rows: [...playlist.rows, ...rows] }))
	}
	/** Returns it, for {@link restorePlaylist}. */
	deletePlaylist(id: string): OwnPlaylist | undefined {
		const playlist = this.playlist(id)
		this.#put(
			'playlists',
			this.playlists.filter((other) => other.id !== id)
		)
		return playlist
	}
	restorePlaylist(playlist: OwnPlaylist): void {
		this.#put('playlists', [playlist, ...this.playlists])
	}
	/** Puts a playlist in the place of the one with its id. */
	replacePlaylist(playlist: OwnPlaylist): void {
		this.#put(
			'playlists',
			this.playlists.map((other) => (other.id === playlist.id ? playlist : other))
		)
	}

	/** Returns whether they are followed now. */
	toggleFollow(name: string): boolean {
		const has = this.follows(name)
		this.#put('followed', has ? this.followed.filter((other) => other !== name) : [...this.followed, name])
		return !has
	}

	/** Where a publisher's pieces come in results; without points and not last: where they come by themselves. */
	place(standing: PublisherStanding): void {
		const others = this.standings.filter(({ name }) => name !== standing.name)
		const plain = standing.last !== true && (standing.points ?? 0) === 0
		this.#put('standings', plain ? others : [standing, ...others])
	}

	block(publisher: BlockedPublisher): void {
		if (!this.isBlocked(publisher.name)) this.#put('blocked', [publisher, ...this.blocked])
	}
	unblock(name: string): void {
		this.#put(
			'blocked',
			this.blocked.filter((publisher) => publisher.name !== name)
		)
	}

	/** Notes that these files are here whole. */
	addKept(rows: readonly EntryRow[]): void {
		const fresh = rows.filter(({ file }, at) => {
			return !this.isKept(file) && rows.findIndex((row) => row.file === file) === at
		})
		if (fresh.length === 0) return
		this.#put('kept', [...fresh.map((row) => ({ row, keptMs: this.#nowMs() })), ...this.kept])
	}
	/** Their blocks may go when room is needed. */
	unkeep(files: ReadonlySet<string>): void {
		this.#put(
			'kept',
			this.kept.filter(({ row }) => !files.has(row.file))
		)
	}
	/** Puts it in the place of the one with its id, or first. */
	putKeep(keep: Keep): void {
		const has = this.keeps.some(({ id }) => id === keep.id)
		this.#put(
			'keeps',
			has ? this.keeps.map((other) => (other.id === keep.id ? keep : other)) : [keep, ...this.keeps]
		)
	}
	deleteKeep(id: string): void {
		this.#put(
			'keeps',
			this.keeps.filter((keep) => keep.id !== id)
		)
	}

	/** Resolves when all changes so far are stored, or failed to be. */
	settled(): Promise<void> {
		return this.#writes
	}

	dispose(): void {
		this.#channel?.close()
	}

	#change(id: string, change: (playlist: OwnPlaylist) => Partial<OwnPlaylist>): void {
		this.#put(
			'playlists',
			this.playlists.map((playlist) =>
				playlist.id === id ? { ...playlist, ...change(playlist), changedMs: this.#nowMs() } : playlist
			)
		)
	}

	#put<Name extends keyof Shelves>(name: Name, value: Shelves[Name]): void {
		this.#shelves = { ...this.#shelves, [name]: value }
		this.#writes = this.#writes.then(async () => {
			try {
				await this.#database.put('library', value, name)
				this.#failure = undefined
				this.#channel?.postMessage(name)
			} catch (error) {
				this.#failure = error
			}
		})
	}

	async #read(): Promise<void> {
		try {
			const names = Object.keys(EMPTY) as (keyof Shelves)[]
			const stored = await Promise.all(names.map((name) => this.#database.get('library', name)))
			this.#shelves = Object.fromEntries(
				names.map((name, at) => [name, Array.isArray(stored[at]) ? (stored[at] as unknown) : EMPTY[name]])
			) as unknown as Shelves
		} catch (error) {
			this.#failure = error
		}
	}
}
