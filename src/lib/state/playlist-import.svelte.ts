import type { Catalog } from '$lib/catalog/catalog'
import { parseLocation } from '$lib/catalog/content-location'
import { matchTrack, wantedTrack, wordsOf, type WantedTrack } from '$lib/catalog/playlists/match-item'
import { parseTrackList } from '$lib/catalog/playlists/track-list'
import { parsePlaylistFile, type FileItem, type PlaylistFile } from '$lib/catalog/playlist-files'
import type { EntryRow } from '$lib/catalog/row'

/** One line of an imported list, and what it was matched with. */
export interface ImportedItem {
	readonly wanted: WantedTrack
	/** `chosen`: by hand, among several. */
	readonly state: 'found' | 'ambiguous' | 'missing' | 'chosen'
	/** What it is taken for; undefined while several may be meant, and when nothing was found. */
	readonly row: EntryRow | undefined
	readonly choices: readonly EntryRow[]
}

/** Lines that are matched; each asks the index. */
const MAX_ITEMS = 10_000
const AT_ONCE = 4
const MAX_HITS = 20

/**
 * Reads a playlist file or a list of tracks and finds each line in the index: by its CID where it names one, else by
 * title and artist.
 */
export class PlaylistImportState {
	readonly #catalog: Catalog
	#title = $state('')
	#items = $state.raw<readonly ImportedItem[]>([])
	#total = $state(0)
	#done = $state(0)
	#dropped = $state(0)
	#failure = $state.raw<unknown>()
	#stop: AbortController | undefined

	constructor(catalog: Catalog) {
		this.#catalog = catalog
	}

	get title(): string {
		return this.#title
	}
	/** In the order of the file; those not matched yet are missing from its end. */
	get items(): readonly ImportedItem[] {
		return this.#items
	}
	get total(): number {
		return this.#total
	}
	get done(): number {
		return this.#done
	}
	/** Lines that say neither a title nor a place. */
	get dropped(): number {
		return this.#dropped
	}
	get failure(): unknown {
		return this.#failure
	}
	get isMatching(): boolean {
		return this.#done < this.#total
	}
	/** What a playlist can be made of now. */
	get rows(): readonly EntryRow[] {
		return this.#items.flatMap(({ row }) => row ?? [])
	}

	/** Reads and matches a file; what was there before is left. Never rejects. */
	async read(file: File): Promise<void> {
		this.cancel()
		const stop = new AbortController()
		this.#stop = stop
		this.#items = []
		this.#total = this.#done = this.#dropped = 0
		this.#failure = undefined
		try {
			const bytes = new Uint8Array(await file.arrayBuffer())
			const list = parseList(bytes, file.name)
			this.#title = list.title ?? file.name.replace(/\.[^.]{1,8}$/, '')
			await this.#match(list, stop.signal)
		} catch (error) {
			if (!stop.signal.aborted) this.#failure = error
		}
	}

	choose(at: number, row: EntryRow | undefined): void {
		const item = this.#items[at]
		if (item === undefined) return
		const chosen: ImportedItem = { ...item, row, state: row === undefined ? 'ambiguous' : 'chosen' }
		this.#items = this.#items.with(at, chosen)
	}

	cancel(): void {
		this.#stop?.abort()
	}

	async #match(list: PlaylistFile, signal: AbortSignal): Promise<void> {
		const items = list.items.slice(0, MAX_ITEMS)
		this.#dropped = list.dropped + list.items.length - items.length
		this.#total = items.length
		for (let from = 0; from < items.length; from += AT_ONCE) {
			const matched = await Promise.all(items.slice(from, from + AT_ONCE).map((item) => this.#one(item, signal)))
			signal.throwIfAborted()
			this.#items = [...this.#items, ...matched.filter((one) => one !== undefined)]
			this.#dropped += matched.filter((one) => one === undefined).length
			this.#done += matched.length
		}
	}

	async #one(item: FileItem, signal: AbortSignal): Promise<ImportedItem | undefined> {
		const place = item.location === '' ? undefined : parseLocation(item.location)
		const file = place !== undefined && 'cid' in place && place.segments.length === 0 ? place.cid : undefined
		const wanted = wantedTrack(item) ?? (file && { title: file.toString(), artists: [] })
		if (wanted === undefined) return undefined
		if (file !== undefined) {
			const [row] = await this.#catalog.entriesByFile(file.toV1().toString())
			if (row !== undefined) return { wanted, state: 'found', row, choices: [] }
		}
		const { hits } = await this.#catalog.search({ text: `${wordsOf(wanted)} `, limit: MAX_HITS }, signal)
		const match = matchTrack(
			wanted,
			hits.map(({ row }) => row)
		)
		if (match.state === 'found') return { wanted, state: 'found', row: match.row, choices: [] }
		if (match.state === 'missing') return { wanted, state: 'missing', row: undefined, choices: [] }
		return { wanted, state: 'ambiguous', row: undefined, choices: match.rows }
	}
}

/** @throws AppError `too-large`, `content-unsupported` */
function parseList(bytes: Uint8Array, name: string): PlaylistFile {
	const isPlaylist = /\.(m3u8?|xspf|jspf|json|xml)$/i.test(name)
	return isPlaylist ? parsePlaylistFile(bytes) : parseTrackList(bytes)
}
