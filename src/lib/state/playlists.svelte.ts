import type { Catalog } from '$lib/catalog/catalog'
import { joinRows, moveRows } from '$lib/catalog/playlists/join-rows'
import type { RowFacts, SmartRules } from '$lib/catalog/playlists/smart-rules'
import type { EntryRow } from '$lib/catalog/row'
import type { LibraryState, OwnPlaylist } from './library.svelte'
import { sameRow } from './player.svelte'

/** Comes with the first smart playlist that is opened. */
const smartRules = () => import('$lib/catalog/playlists/smart-rules')

/** Steps that can be taken back, a playlist. */
const MAX_STEPS = 50
const PAGE_ROWS = 1000
/** Rows of the index that a smart playlist without words looks at, newest first. */
const MAX_LOOKED_AT = 50_000

interface Steps {
	readonly past: readonly OwnPlaylist[]
	readonly future: readonly OwnPlaylist[]
}

export interface PlaylistFolder {
	/** Empty at the top. */
	readonly name: string
	readonly playlists: readonly OwnPlaylist[]
}

/**
 * What is done to own playlists as a whole: changes that can be taken back, joining, forking, folders, and the rows of
 * smart ones. The playlists themselves lie in the {@link LibraryState}.
 */
export class PlaylistsState {
	readonly #library: LibraryState
	readonly #catalog: Catalog
	readonly #nowMs: () => number
	#steps = $state.raw<ReadonlyMap<string, Steps>>(new Map())

	constructor(library: LibraryState, catalog: Catalog, nowMs: () => number = Date.now) {
		this.#library = library
		this.#catalog = catalog
		this.#nowMs = nowMs
	}

	/** By folder: those at the top first, then by name. */
	get folders(): readonly PlaylistFolder[] {
		const byName = new Map<string, OwnPlaylist[]>()
		for (const playlist of this.#library.playlists) {
			const name = playlist.folder ?? ''
			byName.set(name, [...(byName.get(name) ?? []), playlist])
		}
		return [...byName]
			.map(([name, playlists]) => ({ name, playlists }))
			.sort((a, b) => a.name.localeCompare(b.name))
	}

	canUndo(id: string): boolean {
		return (this.#steps.get(id)?.past.length ?? 0) > 0
	}
	canRedo(id: string): boolean {
		return (this.#steps.get(id)?.future.length ?? 0) > 0
	}
	undo(id: string): void {
		this.#step(id, ({ past, future }, present) => {
			const before = past.at(-1)
			return before && { present: before, past: past.slice(0, -1), future: [present, ...future] }
		})
	}
	redo(id: string): void {
		this.#step(id, ({ past, future }, present) => {
			const [next, ...rest] = future
			return next && { present: next, past: [...past, present], future: rest }
		})
	}

	rename(id: string, title: string): void {
		if (title.trim() !== '') this.#change(id, (playlist) => ({ ...playlist, title: title.trim() }))
	}
	/** @param folder - empty takes it out of its folder */
	putInFolder(id: string, folder: string): void {
		const name = folder
			.split('/')
			.map((part) => part.trim())
			.filter((part) => part !== '')
			.join('/')
		this.#change(id, ({ folder: _, ...playlist }) => (name === '' ? playlist : { ...playlist, folder: name }))
	}
	remove(id: string, places: readonly number[]): void {
		const gone = new Set(places)
		this.#change(id, (playlist) => ({ ...playlist, rows: playlist.rows.filter((_, at) => !gone.has(at)) }))
	}
	/** @param to - place in the list as it is */
	move(id: string, places: readonly number[], to: number): void {
		this.#change(id, (playlist) => ({
			...playlist,
			rows: moveRows(playlist.rows, places, Math.max(0, Math.min(playlist.rows.length, to)))
		}))
	}
	/** Adds what another playlist has and this one has not. */
	merge(id: string, rows: readonly EntryRow[]): void {
		this.#change(id, (playlist) => ({ ...playlist, rows: joinRows([playlist.rows, rows]) }))
	}
	setRules(id: string, smart: SmartRules): void {
		this.#change(id, (playlist) => ({ ...playlist, smart }))
	}

	/** A copy that goes its own way. Rows of a smart playlist are taken as they are now. */
	fork(playlist: OwnPlaylist, title: string, rows: readonly EntryRow[] = playlist.rows): OwnPlaylist {
		const copy = this.#library.createPlaylist(title, rows)
		if (playlist.folder !== undefined) this.#library.replacePlaylist({ ...copy, folder: playlist.folder })
		return copy
	}
	createSmart(title: string, smart: SmartRules): OwnPlaylist {
		const made = { ...this.#library.createPlaylist(title), smart }
		this.#library.replacePlaylist(made)
		return made
	}

	/** The rows of a smart playlist as they are now. @throws what the catalog throws, or the reason of `signal` */
	async smartRows(rules: SmartRules, signal: AbortSignal): Promise<EntryRow[]> {
		const { arrange, wants } = await smartRules()
		signal.throwIfAborted()
		const facts = this.#factsOf()
		const nowMs = this.#nowMs()
		const found: EntryRow[] = []
		for await (const rows of this.#candidates(rules, signal)) {
			for (const row of rows) if (wants(rules, row, facts(row), nowMs)) found.push(row)
		}
		return arrange(rules, found)
	}

	async *#candidates(rules: SmartRules, signal: AbortSignal): AsyncGenerator<readonly EntryRow[]> {
		const { asksOnlyShelves, wordsToSearch } = await smartRules()
		if (asksOnlyShelves(rules)) {
			const { favourites, kept, history } = this.#library
			yield [...favourites, ...kept, ...history].map(({ row }) => row)
			return
		}
		const text = wordsToSearch(rules) ?? ''
		for (let offset = 0; offset < MAX_LOOKED_AT; offset += PAGE_ROWS) {
			const query = { text: text === '' ? '' : `${text} `, forgiving: false, limit: PAGE_ROWS, offset }
			const { hits, total } = await this.#catalog.search(query, signal)
			signal.throwIfAborted()
			yield hits.map(({ row }) => row)
			if (offset + hits.length >= total || hits.length === 0) return
		}
	}

	#factsOf(): (row: EntryRow) => RowFacts {
		const { favourites, kept, history } = this.#library
		const keptFiles = new Set(kept.map(({ row }) => row.file))
		const byFile = (rows: readonly { readonly row: EntryRow }[]) => new Set(rows.map(({ row }) => row.file))
		const favouriteFiles = byFile(favourites)
		const playedFiles = byFile(history)
		return (row) => ({
			favourite: favouriteFiles.has(row.file) && this.#library.isFavourite(row),
			kept: keptFiles.has(row.file),
			playedMs: playedFiles.has(row.file) ? history.find((heard) => sameRow(heard.row, row))?.playedMs : undefined
		})
	}

	#change(id: string, change: (playlist: OwnPlaylist) => OwnPlaylist): void {
		this.#step(id, ({ past }, present) => ({ present: change(present), past: [...past, present], future: [] }))
	}

	#step(id: string, take: (steps: Steps, present: OwnPlaylist) => (Steps & { present: OwnPlaylist }) | undefined) {
		const present = this.#library.playlist(id)
		const taken = present && take(this.#steps.get(id) ?? { past: [], future: [] }, present)
		if (taken === undefined) return
		this.#library.replacePlaylist({ ...taken.present, changedMs: this.#nowMs() })
		const steps = { past: taken.past.slice(-MAX_STEPS), future: taken.future.slice(0, MAX_STEPS) }
		this.#steps = new Map(this.#steps).set(id, steps)
	}
}
