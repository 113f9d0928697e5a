import type { Catalog } from '$lib/catalog/catalog'
import type { Place } from '$lib/catalog/publish/places/place'
import type { EntryRow } from '$lib/catalog/row'
import { AppError } from '$lib/errors'
import { keepBudgetOf } from '$lib/storage/room'
import { leadWhenFirst } from '$lib/storage/tab-lock'
import { untrack } from 'svelte'
import { SvelteMap } from 'svelte/reactivity'
import type { LibraryState } from '../library.svelte'
import {
	filesOf,
	filesToKeep,
	keepId,
	rootsToPin,
	type Keep,
	type Keepable,
	type KeptFile,
	type PinnedAt
} from './keep'
import type { KeepProgress } from './keep-here'
import type { LooseBlock, PinnedBlockAt } from './pin-block'

export interface KeepsPorts {
	readonly library: LibraryState
	readonly catalog: Pick<Catalog, 'entriesOf' | 'publisher' | 'onchange'>
	/** Places by id, ready to be asked. @throws AppError `locked` */
	places(ids: readonly string[]): Promise<readonly Place[]>
	/** Reads a file into the block store. @returns its size in bytes */
	fetch(
		file: KeptFile,
		options: { readonly signal: AbortSignal; readonly onprogress: (bytesDone: number, bytes: number) => void }
	): Promise<number>
	/** Deletes what is below these files and nothing else needs. */
	release(files: readonly string[]): Promise<unknown>
	/** Holds one block here for good. */
	hold(block: LooseBlock): Promise<void>
	/** Multiaddrs of servers that hold what a publisher publishes. */
	hints(publisher: string): Promise<readonly string[]>
	/** What the user lets be kept here, in bytes; 0: by itself. */
	chosenBytes(): number
	/** What the browser allows in all; 0 where it does not say. */
	quotaBytes(): Promise<number>
	/** False where nothing can be fetched: offline, or no worker answers. */
	canFetch(): boolean
	readonly nowMs?: () => number
}

/** Where the tabs of one browser tell each other how far keeping has come. */
const CHANNEL = 'antiphon-keeping'
const PAGE_ROWS = 1000
/** After this nothing of what was taken away can be brought back by Undo. */
const UNDO_MS = 10_000

interface Told {
	readonly id: string
	readonly progress: KeepProgress | undefined
}

/**
 * What a person keeps: offline in this browser, pinned at their places, or both. One tab does the work, the others show
 * how far it is. What was begun goes on after a reload.
 */
export class KeepsState {
	readonly #ports: KeepsPorts
	readonly #progress = new SvelteMap<string, KeepProgress>()
	readonly #ends: (() => void)[] = []
	#channel: BroadcastChannel | undefined
	#quotaBytes = $state(0)
	#disposed = false

	constructor(ports: KeepsPorts) {
		this.#ports = ports
	}

	/** From now on this tab works when it is its turn, and shows what another does. */
	open(): void {
		this.#channel = new BroadcastChannel(CHANNEL)
		this.#channel.onmessage = ({ data }: MessageEvent<Told>) => {
			this.#show(data)
		}
		this.#ends.push(
			leadWhenFirst(CHANNEL, () => {
				void this.#lead()
			})
		)
		void this.measure()
	}

	/** Asks the browser again how much it allows. */
	async measure(): Promise<void> {
		this.#quotaBytes = await this.#ports.quotaBytes().catch(() => 0)
	}

	/** Newest first. */
	get all(): readonly Keep[] {
		return this.#ports.library.keeps
	}

	/** How far it is, while it is being fetched. */
	progress(id: string): KeepProgress | undefined {
		return this.#progress.get(id)
	}

	of(what: Pick<Keepable, 'kind' | 'key'>): Keep | undefined {
		const id = keepId(what)
		return this.all.find((keep) => keep.id === id)
	}

	/** Bytes of all files that are kept here. */
	get bytesHere(): number {
		return this.#ports.library.kept.reduce((sum, { row }) => sum + row.sizeBytes, 0)
	}
	get budgetBytes(): number {
		return keepBudgetOf(this.#ports.chosenBytes(), this.#quotaBytes)
	}

	/** Of these rows: what is here already, and what is not. */
	plan(rows: readonly EntryRow[]): {
		readonly bytesHere: number
		readonly bytesToCome: number
		readonly unknown: number
	} {
		const media = filesOf(rows).filter(({ row }) => row !== undefined)
		const sum = (files: readonly KeptFile[]) => files.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0)
		const { library } = this.#ports
		return {
			bytesHere: sum(media.filter(({ file }) => library.isKept(file))),
			bytesToCome: sum(media.filter(({ file }) => !library.isKept(file))),
			unknown: media.filter(({ file, sizeBytes }) => sizeBytes === 0 && !library.isKept(file)).length
		}
	}

	/**
	 * Keeps something, or changes where it is kept. What a place holds it holds until {@link remove}.
	 * @param places - id and label of those that are to pin it
	 */
	add(
		what: Keepable,
		{
			here,
			places
		}: { readonly here: boolean; readonly places: readonly { readonly id: string; readonly label: string }[] }
	): void {
		const before = this.of(what)
		const state = !here ? 'no' : before?.here === 'done' ? 'done' : 'wanted'
		const pinned = places.map(({ id, label }): [string, PinnedAt] => {
			const had = before?.places[id]
			const roots = rootsToPin(what).map(
				(root) => [root, had?.roots[root] ?? ({ state: 'wanted' } as const)] as const
			)
			return [id, { label, roots: Object.fromEntries(roots) }]
		})
		const kept = Object.entries(before?.places ?? {}).filter(([id]) => !places.some((place) => place.id === id))
		this.#ports.library.putKeep({
			...what,
			id: keepId(what),
			addedMs: before?.addedMs ?? (this.#ports.nowMs ?? Date.now)(),
			here: state,
			places: Object.fromEntries([...kept, ...pinned])
		})
		if (!here && before !== undefined && before.here !== 'no') void this.#letGo(before)
	}

	pause(id: string): void {
		this.#change(id, { here: 'paused' })
	}
	/** Goes on with what was paused, and tries again what failed, here and at places. */
	resume(id: string): void {
		const keep = this.all.find((other) => other.id === id)
		if (keep === undefined) return
		const { problem: _, ...rest } = keep
		this.#ports.library.putKeep({
			...rest,
			here: keep.here === 'paused' || keep.here === 'failed' ? 'wanted' : keep.here,
			places: Object.fromEntries(
				Object.entries(keep.places).map(([place, { label, roots }]) => [
					place,
					{
						label,
						roots: Object.fromEntries(
							Object.entries(roots).map(([root, at]) => [
								root,
								at.state === 'failed' || at.state === 'gone' ? { ...at, state: 'wanted' as const } : at
							])
						)
					}
				])
			)
		})
	}

	/**
	 * Keeps it no longer: what nothing else needs is deleted here, and places are told to let go.
	 * @returns labels of the places that could not be told, and what takes it back here for some seconds
	 */
	async remove(
		id: string,
		signal: AbortSignal
	): Promise<{ readonly untold: readonly string[]; readonly undo: () => void } | undefined> {
		const { library } = this.#ports
		const keep = this.all.find((other) => other.id === id)
		if (keep === undefined) return undefined
		library.deleteKeep(id)
		const takeBack = await this.#letGo(keep)
		const { letGoAt } = await import('./pin-at-places')
		const untold = await letGoAt((ids) => this.#ports.places(ids), keep, this.all, signal)
		return {
			untold,
			undo: () => {
				takeBack()
				library.putKeep({ ...keep, places: {} })
			}
		}
	}

	/** Lets go here of what nothing else needs; not at once of its blocks. @returns what takes it back meanwhile */
	async #letGo(keep: Keep): Promise<() => void> {
		const { library } = this.#ports
		const [all, needed] = await Promise.all([this.#filesOf(keep).catch(() => []), this.#needed()])
		const files = all.filter(({ file }) => needed?.has(file) === false)
		const taken = files.flatMap(({ file, row }) => (row && library.isKept(file) ? [row] : []))
		library.unkeep(new Set(files.map(({ file }) => file)))
		const timer = setTimeout(() => {
			void this.#release(files).catch(() => undefined)
		}, UNDO_MS)
		return () => {
			clearTimeout(timer)
			library.addKept(taken)
		}
	}

	/** Deletes what has not come to be wanted again meanwhile. */
	async #release(files: readonly KeptFile[]): Promise<void> {
		const needed = await this.#needed()
		const gone = files.flatMap(({ file }) => (needed?.has(file) === false ? [file] : []))
		if (gone.length > 0) await this.#ports.release(gone)
	}

	/**
	 * Holds one block here, and sends it to places.
	 * @throws AppError `locked`, `storage-full`, `storage-failed`
	 */
	async pinBlock(
		block: LooseBlock,
		places: readonly string[],
		signal: AbortSignal
	): Promise<readonly PinnedBlockAt[]> {
		const { sendBlock } = await import('./pin-block')
		await this.#ports.hold(block)
		return places.length === 0 ? [] : await sendBlock(block, await this.#ports.places(places), signal)
	}

	/**
	 * The rows of a keep; those of a publisher as the catalog has them now.
	 * @throws AppError `not-found` for a publisher that the catalog does not have, or not yet
	 */
	async rowsOf({ kind, key, rows }: Pick<Keep, 'kind' | 'key' | 'rows'>): Promise<readonly EntryRow[]> {
		if (kind !== 'publisher') return rows
		if ((await this.#ports.catalog.publisher(key)) === undefined)
			throw new AppError('not-found', 'not in the catalog')
		const all: EntryRow[] = []
		for (;;) {
			const page = await this.#ports.catalog.entriesOf(key, all.length, PAGE_ROWS)
			all.push(...page)
			if (page.length < PAGE_ROWS) return all
		}
	}

	dispose(): void {
		this.#disposed = true
		for (const end of this.#ends) end()
		this.#channel?.close()
		this.#channel = undefined
	}

	/** This tab does the work: for as long as it is open. */
	async #lead(): Promise<void> {
		const { library, catalog } = this.#ports
		const [{ KeepHere }, { PinAtPlaces }, { followLists }] = await Promise.all([
			import('./keep-here'),
			import('./pin-at-places'),
			import('./follow'),
			this.measure()
		])
		if (this.#disposed) return
		const here = new KeepHere({
			...this.#ports,
			files: (keep) => this.#filesOf(keep),
			budgetBytes: () => this.budgetBytes,
			onprogress: (id, progress) => {
				this.#show({ id, progress })
				this.#channel?.postMessage({ id, progress } satisfies Told)
			}
		})
		const pins = new PinAtPlaces(this.#ports)
		await this.#adopt()
		if (this.#disposed) return
		for (const keep of this.all) if (keep.here === 'failed') this.#change(keep.id, { here: 'wanted' })
		const stop = $effect.root(() => {
			$effect(() => {
				void library.playlists
				untrack(() => {
					followLists(library, (before) => void this.#letGo(before))
				})
			})
			$effect(() => {
				void library.keeps
				here.work()
				pins.work()
			})
		})
		const again = () => {
			for (const { id, here, problem } of this.all)
				if (here === 'failed' && problem !== 'over-budget') this.#change(id, { here: 'wanted' })
			here.work()
			pins.work()
		}
		addEventListener('online', again)
		this.#ends.push(
			stop,
			() => {
				here.dispose()
				pins.dispose()
			},
			catalog.onchange(() => void this.#follow()),
			() => {
				removeEventListener('online', again)
			}
		)
		await this.#follow()
	}

	/** What is here and belongs to nothing that is kept any more, or was kept by an earlier version, is listed by itself. */
	async #adopt(): Promise<void> {
		const { library } = this.#ports
		const needed = await this.#needed()
		if (needed === undefined) return
		for (const { row, keptMs } of library.kept.toReversed()) {
			if (needed.has(row.file)) continue
			library.putKeep({
				kind: 'entry',
				key: row.file,
				title: row.title,
				by: row.artists.join(', '),
				href: `#/e/${row.file}`,
				rows: [row],
				files: 1,
				bytes: row.sizeBytes,
				id: `entry:${row.file}`,
				addedMs: keptMs,
				here: 'done',
				places: {}
			})
		}
	}

	async #follow(): Promise<void> {
		const { followPublishers } = await import('./follow')
		const changed = await followPublishers(this.#ports, (id) => {
			this.resume(id)
		})
		// What they took back stays here until the person lets go of it.
		if (changed) await this.#adopt()
	}

	/** Every file of a keep, as it is now. @throws as {@link rowsOf} */
	async #filesOf(keep: Keep): Promise<readonly KeptFile[]> {
		return filesToKeep(keep, await this.rowsOf(keep))
	}

	/** Files that something that is kept here needs; undefined while that cannot be known. */
	async #needed(): Promise<ReadonlySet<string> | undefined> {
		const here = this.all.filter((keep) => keep.here !== 'no')
		try {
			const files = await Promise.all(here.map((keep) => this.#filesOf(keep)))
			return new Set(files.flat().map(({ file }) => file))
		} catch {
			return undefined
		}
	}

	#change(id: string, change: Partial<Keep>): void {
		const keep = this.all.find((other) => other.id === id)
		if (keep) this.#ports.library.putKeep({ ...keep, ...change })
	}

	#show({ id, progress }: Told): void {
		if (progress === undefined) this.#progress.delete(id)
		else this.#progress.set(id, progress)
	}
}
