import type { Place } from '$lib/catalog/publish/places/place'
import { problemOf } from '$lib/catalog/publish/problem'
import { CID } from 'multiformats/cid'
import { rootsToPin, type Keep, type PinnedAt, type PinnedRoot } from './keep'
import type { KeepsPorts } from './keeps.svelte'

export type PinPorts = Pick<KeepsPorts, 'library' | 'places' | 'hints' | 'canFetch' | 'nowMs'>

/** A place that fetches by itself is asked again how far it is. */
const LOOK_AGAIN_MS = 30_000
const DAY_MS = 24 * 60 * 60_000
/** Roots that are looked at in one round. */
const LOOKS_A_ROUND = 50
/** A node may have to fetch gigabytes before it answers. */
const ASK_MS = 60 * 60_000
const SAVED_AT_ONCE = 10

/** Has places pin what is kept, looks daily whether they still do, and tells them to let go. */
export class PinAtPlaces {
	readonly #ports: PinPorts
	readonly #ending = new AbortController()
	#running = false
	#again = false
	#timer: ReturnType<typeof setTimeout> | undefined

	constructor(ports: PinPorts) {
		this.#ports = ports
	}

	/** Looks at what there is to do. To be called at each change. */
	work(): void {
		this.#again = true
		if (!this.#running && !this.#ending.signal.aborted && this.#ports.canFetch()) void this.#run()
	}

	dispose(): void {
		clearTimeout(this.#timer)
		this.#ending.abort()
	}

	async #run(): Promise<void> {
		this.#running = true
		clearTimeout(this.#timer)
		const { signal } = this.#ending
		while (this.#again && !signal.aborted) {
			this.#again = false
			for (const { id, places } of this.#ports.library.keeps) {
				for (const place of Object.keys(places)) await this.#round(id, place, signal).catch(() => undefined)
			}
		}
		this.#running = false
		if (signal.aborted) return
		const waiting = this.#ports.library.keeps.some(({ places }) =>
			Object.values(places).some(({ roots }) => Object.values(roots).some(({ state }) => state === 'asked'))
		)
		this.#timer = setTimeout(
			() => {
				this.work()
			},
			waiting ? LOOK_AGAIN_MS : DAY_MS / 4
		)
	}

	async #round(id: string, placeId: string, signal: AbortSignal): Promise<void> {
		const now = this.#now()
		const keep = this.#keep(id)
		const at = keep?.places[placeId]
		if (keep === undefined || at === undefined) return
		const due = Object.entries(at.roots).filter(([, { state, checkedMs = 0 }]) => {
			if (state === 'wanted') return true
			return now - checkedMs >= (state === 'asked' ? LOOK_AGAIN_MS : state === 'held' ? DAY_MS : Infinity)
		})
		const wantedRoots = new Set(rootsToPin(keep))
		const stale = at.problem === undefined && Object.keys(at.roots).some((root) => !wantedRoots.has(root))
		if (due.length === 0 && !stale) return
		try {
			const [place] = await this.#ports.places([placeId])
			if (place === undefined) return
			const looks = due.filter(([, { state }]) => state !== 'wanted').slice(0, LOOKS_A_ROUND)
			await this.#each(id, placeId, looks, async (root, before) => {
				const state = await place.look(CID.parse(root), before.mark ?? {}, this.#deadline(signal))
				return { ...before, state, checkedMs: this.#now() }
			})
			const wanted = due.filter(([, { state }]) => state === 'wanted')
			for (let from = 0; from < wanted.length; from += SAVED_AT_ONCE) {
				const part = wanted.slice(from, from + SAVED_AT_ONCE)
				const fresh = part.filter(([, { begun }]) => begun !== true)
				await this.#each(id, placeId, fresh, async (root) => {
					const held = (await place.look(CID.parse(root), {}, this.#deadline(signal))) === 'held'
					return held ? { state: 'held', before: true, checkedMs: this.#now() } : { state: 'wanted', begun: true }
				})
				await this.#ports.library.settled()
				const roots = this.#keep(id)?.places[placeId]?.roots ?? {}
				const begun = part.flatMap(([root]) => {
					const stands = roots[root]
					return stands?.state === 'wanted' && stands.begun === true ? [[root, stands] as const] : []
				})
				await this.#each(
					id,
					placeId,
					begun,
					async (root, before) => await this.#pin(place, keep, root, before, signal)
				)
			}
			await this.#dropOld(place, id, placeId, signal)
		} catch (error) {
			signal.throwIfAborted()
			this.#save(id, placeId, {}, problemOf(error))
		}
	}

	/** Asks for each root by itself, and notes what came of them. */
	async #each(
		id: string,
		placeId: string,
		roots: readonly (readonly [string, PinnedRoot])[],
		ask: (root: string, before: PinnedRoot) => Promise<PinnedRoot>
	): Promise<void> {
		if (roots.length === 0) return
		const saved: Record<string, PinnedRoot> = {}
		let problem: PinnedAt['problem']
		for (const [root, before] of roots) {
			try {
				saved[root] = await ask(root, before)
			} catch (error) {
				this.#ending.signal.throwIfAborted()
				problem = problemOf(error)
				if (before.state === 'wanted') saved[root] = { ...before, state: 'failed', checkedMs: this.#now() }
			}
		}
		this.#save(id, placeId, saved, problem)
	}

	readonly #now = () => (this.#ports.nowMs ?? Date.now)()
	readonly #deadline = (signal: AbortSignal) => AbortSignal.any([signal, AbortSignal.timeout(ASK_MS)])

	async #pin(
		place: Place,
		keep: Keep,
		root: string,
		before: PinnedRoot,
		signal: AbortSignal
	): Promise<PinnedRoot> {
		let { mark } = before
		const publisher = keep.kind === 'publisher' ? keep.key : (keep.rows[0]?.publisher ?? '')
		const origins = (await this.#ports.hints(publisher).catch(() => [])).filter((hint) => hint.startsWith('/'))
		const { answer, mark: noted } = await place.fetch({
			root: CID.parse(root),
			title: keep.title,
			origins,
			signal: this.#deadline(signal),
			...(mark && { mark }),
			keep: (fresh) => (mark = fresh)
		})
		return { state: answer, begun: true, mark: noted, checkedMs: this.#now() }
	}

	/** What has a successor, as a publication, or was taken out of an own playlist, is let go of when all the rest is held. */
	async #dropOld(place: Place, id: string, placeId: string, signal: AbortSignal): Promise<void> {
		const keep = this.#keep(id)
		const wanted = new Set(keep ? rootsToPin(keep) : [])
		const roots = keep?.places[placeId]?.roots ?? {}
		if (keep === undefined || ![...wanted].every((root) => roots[root]?.state === 'held')) return
		const others = this.#ports.library.keeps.filter((other) => other.id !== id)
		const needed = new Set(others.flatMap((other) => Object.keys(other.places[placeId]?.roots ?? {})))
		for (const [root, at] of Object.entries(roots)) {
			if (wanted.has(root)) continue
			if (isOurs(at) && !needed.has(root)) await place.remove(CID.parse(root), at.mark ?? {}, signal)
			this.#save(id, placeId, { [root]: undefined })
		}
	}

	#keep(id: string): Keep | undefined {
		return this.#ports.library.keeps.find((keep) => keep.id === id)
	}

	/** Over what the library has by now: the person may have changed it meanwhile. */
	#save(
		id: string,
		placeId: string,
		changed: Readonly<Record<string, PinnedRoot | undefined>>,
		problem?: PinnedAt['problem']
	): void {
		const keep = this.#keep(id)
		const at = keep?.places[placeId]
		if (keep === undefined || at === undefined) return
		const roots = Object.fromEntries(
			Object.entries({ ...at.roots, ...changed }).filter(
				(pair): pair is [string, PinnedRoot] => pair[1] !== undefined
			)
		)
		// What failed before and was not tried again keeps its words.
		const failed = Object.values(roots).some(({ state }) => state === 'failed')
		const words = problem ?? (failed ? at.problem : undefined)
		this.#ports.library.putKeep({
			...keep,
			places: { ...keep.places, [placeId]: { label: at.label, roots, ...(words && { problem: words }) } }
		})
	}
}

/** True for what this app had it pin, or asked it to. */
const isOurs = ({ before, begun, state }: PinnedRoot): boolean =>
	before !== true && (begun === true || state === 'held' || state === 'asked')

/** Tells the places of a keep to let go of what nothing else there needs. @returns labels of those that could not be told */
export async function letGoAt(
	places: PinPorts['places'],
	keep: Keep,
	others: readonly Keep[],
	signal: AbortSignal
): Promise<readonly string[]> {
	const untold: string[] = []
	for (const [id, { label, roots }] of Object.entries(keep.places)) {
		const needed = new Set(others.flatMap((other) => Object.keys(other.places[id]?.roots ?? {})))
		const going = Object.entries(roots).filter(([root, at]) => isOurs(at) && !needed.has(root))
		if (going.length === 0) continue
		try {
			const [place] = await places([id])
			if (place === undefined) continue
			for (const [root, { mark = {} }] of going) await place.remove(CID.parse(root), mark, signal)
		} catch {
			signal.throwIfAborted()
			untold.push(label)
		}
	}
	return untold
}
