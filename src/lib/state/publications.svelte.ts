import type { Edit, Edition } from '$lib/catalog/publish/edition'
import type { Publication } from '$lib/catalog/publish/publications'
import type { PublishResults } from '$lib/catalog/publishing'
import { isAbort } from '$lib/errors'
import type { AntiphonDatabase } from '$lib/storage/database'
import type { PlacesState } from './places.svelte'
import type { PublishRun } from './publish-run'

/** What a later visit can do with a publication that was made here. */
export interface PublicationsDoors {
	/** Takes it up where it stopped. @param places - ids; those it went to before, and new ones */
	resume(
		publication: Publication,
		places: readonly string[],
		onchange: (results: PublishResults) => void
	): Promise<PublishRun & { sendAgain(signal: AbortSignal): Promise<PublishResults> }>
	/** What it holds, for editing. */
	edition(publication: Publication, signal: AbortSignal): Promise<Edition>
	/** Publishes it with some of it different, to the places that have it. */
	edit(publication: Publication, edition: Edition, change: Changes, signal: AbortSignal): Promise<void>
	/** Publishes a folder that a node holds, from its listing alone. */
	fromNode(wanted: NodeFolder, signal: AbortSignal, onfiles?: (files: number) => void): Promise<PublishResults>
	/** Publishes an empty catalog under the name, so that listeners let go of what was announced. */
	empty(publication: Publication, places: readonly string[], signal: AbortSignal): Promise<void>
}

export interface Changes extends Edit {
	/** Ids of own playlists that are to go along, as they are now. */
	readonly playlists?: readonly string[]
}

/** A folder that a node holds. */
export interface NodeFolder {
	/** Its CID, or a path or link with it. */
	readonly root: string
	/** Id of the place that is the node. */
	readonly place: string
	/** IPNS name that publishes; empty makes a new key. */
	readonly key: string
	readonly displayName: string
}

const CHANNEL = 'antiphon-publications'
const DAY_MS = 24 * 60 * 60_000
/** A day that began a little early still counts: tabs are opened at much the same time. */
const LOOK_EVERY_MS = DAY_MS - 60 * 60_000

const code = () => import('$lib/catalog/publish/publications')

/** What was published from this browser, and where it lives. */
export class PublicationsState {
	#all = $state.raw<readonly Publication[]>([])
	#busy = $state.raw<ReadonlySet<string>>(new Set())
	#failures = $state.raw<ReadonlyMap<string, unknown>>(new Map())
	readonly #database: AntiphonDatabase
	readonly #places: PlacesState
	readonly #doors: PublicationsDoors
	readonly #now: () => number
	#channel: BroadcastChannel | undefined
	#abort = new AbortController()
	#ended = false

	constructor(database: AntiphonDatabase, places: PlacesState, doors: PublicationsDoors, now = Date.now) {
		this.#database = database
		this.#places = places
		this.#doors = doors
		this.#now = now
	}

	/** Reads them and follows the other tabs. Calling it again reads once more. */
	async open(): Promise<void> {
		if (this.#channel === undefined) {
			this.#channel = new BroadcastChannel(CHANNEL)
			this.#channel.onmessage = () => void this.#read()
		}
		await this.#read()
	}

	/** Newest first. */
	get all(): readonly Publication[] {
		return this.#all
	}

	/** Something is being done with it. */
	busy(root: string): boolean {
		return this.#busy.has(root)
	}

	/** Why the last thing that was done with it did not go. */
	failure(root: string): unknown {
		return this.#failures.get(root)
	}

	/** Those of an earlier visit that were not announced. */
	get unfinished(): readonly Publication[] {
		return this.#all.filter(({ results }) => results.peers === undefined)
	}

	/** Goes on with one that stopped, or brings it to further places. */
	async send(root: string, places: readonly string[] = []): Promise<void> {
		await this.#alone(root, async (publication, signal) => {
			const before = Object.keys(publication.results.places ?? {})
			const run = await this.#doors.resume(publication, [...new Set([...before, ...places])], (results) => {
				this.#all = this.#all.map((other) => (other.root === root ? { ...other, results } : other))
			})
			await (publication.results.peers === undefined ? run.run(signal) : run.sendAgain(signal))
		})
	}

	/**
	 * Asks every place whether it still holds what was published, those that were asked within a day left out.
	 * @param root - one alone, whenever it was asked last
	 */
	async look(root?: string): Promise<void> {
		const { dueForLook, lookAtPlaces } = await import('$lib/catalog/publish/look-at-places')
		await this.#read()
		for (const publication of this.#all) {
			if (root !== undefined && publication.root !== root) continue
			const due = dueForLook(publication, root === undefined ? LOOK_EVERY_MS : 0, this.#now())
			if (due.length === 0) continue
			await this.#alone(publication.root, async (fresh, signal) => {
				await lookAtPlaces(this.#database, fresh, await this.#places.ready(due), { signal, now: this.#now })
			})
		}
	}

	/** Has one place forget it. */
	async removeFrom(root: string, id: string): Promise<void> {
		await this.#alone(root, async (publication, signal) => {
			await this.#forgetAt(publication, id, signal)
		})
	}

	/**
	 * Takes a name back: an empty catalog takes the place of all that was announced under it, and the places are asked to
	 * forget what they hold. Copies that others keep stay with them.
	 */
	async withdraw(root: string): Promise<void> {
		await this.#alone(root, async (publication, signal) => {
			const { name } = publication
			const before = this.#all.filter((other) => other.name === name)
			const ids = [...new Set(before.flatMap(({ results }) => Object.keys(results.places ?? {})))]
			await this.#doors.empty(publication, ids, signal)
			for (const old of before) {
				for (const id of Object.keys(old.results.places ?? {})) await this.#forgetAt(old, id, signal)
			}
			const { listPublications, forgetPublication } = await code()
			const left = (await listPublications(this.#database)).filter(
				({ root: other, results }) =>
					before.some((old) => old.root === other) && Object.keys(results.places ?? {}).length === 0
			)
			for (const { root: other } of left) await forgetPublication(this.#database, other)
		})
	}

	/** What a publication holds, for editing. @throws AppError where it cannot be read */
	async edition(root: string): Promise<Edition | undefined> {
		const publication = this.#all.find((other) => other.root === root)
		return publication && (await this.#doors.edition(publication, this.#abort.signal))
	}

	/** Publishes it with some of it different. Unchanged pages and files are not sent again where they are kept. */
	async edit(root: string, edition: Edition, change: Changes): Promise<void> {
		await this.#alone(root, async (publication, signal) => {
			await this.#doors.edit(publication, edition, change, signal)
		})
	}

	/** Publishes a folder that a node holds, without moving its files. @throws AppError where it cannot */
	async fromNode(wanted: NodeFolder, onfiles: (files: number) => void): Promise<PublishResults> {
		try {
			return await this.#doors.fromNode(wanted, this.#abort.signal, onfiles)
		} finally {
			await this.#changed()
		}
	}

	/** Takes it off this list. Places that hold it go on doing so. */
	async forget(root: string): Promise<void> {
		await (await code()).forgetPublication(this.#database, root)
		await this.#changed()
	}

	cancel(): void {
		this.#abort.abort()
		this.#abort = new AbortController()
	}

	dispose(): void {
		this.#ended = true
		this.#abort.abort()
		this.#channel?.close()
		this.#channel = undefined
	}

	async #forgetAt(publication: Publication, id: string, signal: AbortSignal): Promise<void> {
		const [{ notePlace }, { CID }, [place]] = await Promise.all([
			code(),
			import('multiformats/cid'),
			this.#places.ready([id])
		])
		// A place that is set up no more cannot be asked; it goes from the list.
		await place?.remove(CID.parse(publication.root), publication.results.places?.[id]?.mark ?? {}, signal)
		await notePlace(this.#database, publication.root, id, undefined)
	}

	async #alone(
		root: string,
		work: (publication: Publication, signal: AbortSignal) => Promise<void>
	): Promise<void> {
		const publication = this.#all.find((other) => other.root === root)
		if (publication === undefined || this.#busy.has(root)) return
		this.#busy = new Set([...this.#busy, root])
		this.#failures = new Map([...this.#failures].filter(([other]) => other !== root))
		try {
			await work(publication, this.#abort.signal)
		} catch (error) {
			if (!isAbort(error)) this.#failures = new Map([...this.#failures, [root, error]])
		} finally {
			this.#busy = new Set([...this.#busy].filter((other) => other !== root))
			await this.#changed()
		}
	}

	async #changed(): Promise<void> {
		await this.#read()
		this.#channel?.postMessage('changed')
	}

	async #read(): Promise<void> {
		const { listPublications } = await code()
		// Its code came when all was over: the database closes with it.
		if (this.#ended) return
		this.#all = await listPublications(this.#database)
	}
}
