import { isAbort } from '../errors'
import { Claim } from './claim'
import { Company, MAX_SHARED_WINDOW_BYTES, WINDOW_BYTES } from './company'
import { byUrgency, type Cursor } from './cursor'
import type { FileSession, Scheduling } from './file-session'
import type { LocalBlocks } from './file-reader'
import type { Lane } from './lane'
import type { Line } from './line'
import { LocalLookups } from './local-lookups'
import { answerMsOf, isLate, rateOf, splitPoint } from './sharing'
import type { TreeNode } from './unixfs-tree'
import { verdict } from './verdict'
import { MAX_BLOCK_BYTES } from './verify-block'

/** One request of what is read ahead of the listener: it is lost when what plays needs the line. */
const AHEAD_RUN_BYTES = 1024 * 1024
/** Rather read over what is here already than ask anew. */
const SKIP_BYTES = 256 * 1024
/** Where a source may stand that is ahead of a reader: at the end of the largest window, with the block that lies across it. */
const FARTHEST_BYTES = MAX_SHARED_WINDOW_BYTES + MAX_BLOCK_BYTES
/** A reader that always had to wait for so long gets more sources, ms. */
const HUNGRY_MS = 150
/** A reader that came to the end of a bounded answer may come back for the next, ms. */
const RETURN_MS = 8_000
/** The same for one that was cancelled: a seek within what is on its way. */
const CANCELLED_MS = 200
/** The same when another reader has come, ms: Chromium hops from the target of a seek to the old place and back within 35 ms. */
const HOP_MS = 80
const TICK_MS = 100

export interface ScheduleOptions {
	readonly local: LocalBlocks
	readonly line: Line
	/** The sources that a reader may ask, best first. */
	readonly lanesOf: (cursor: Cursor) => Lane[]
	/** How long the first of them is asked alone for a block, ms. */
	readonly headStartMs: () => number
}

/** Gives the work of one file to its sources. */
export class Schedule implements Scheduling {
	readonly #session: FileSession
	readonly #options: ScheduleOptions
	readonly #lookups: LocalLookups
	#timer: ReturnType<typeof setTimeout> | undefined
	#timerMs = Infinity
	readonly #company = new Company()

	constructor(session: FileSession, options: ScheduleOptions) {
		this.#session = session
		this.#options = options
		this.#lookups = new LocalLookups(options.local, session.tree.root.key, (node, bytes) => {
			if (bytes !== undefined) session.found(node, bytes)
			session.changed()
		})
	}

	plan(): void {
		clearTimeout(this.#timer)
		this.#timer = undefined
		this.#timerMs = Infinity
		const { line } = this.#options
		for (const cursor of this.#session.cursors) this.#judge(cursor)
		this.#cutUnwanted()
		for (const cursor of [...this.#session.cursors].sort(byUrgency)) {
			if (line.allows(cursor.purpose)) this.#serve(cursor)
			if (cursor.waitingSinceMs !== undefined) this.#wake(TICK_MS)
		}
	}

	room(claim: Claim, next: number): 'read' | 'later' | 'cut' {
		const session = this.#session
		if (session.tree.kind === undefined) return 'read'
		if (session.tree.kind !== 'file') return 'cut'
		const from = Math.max(0, next)
		let at = session.missingFrom(from, claim.to)
		if (at >= claim.to) {
			this.#extend(claim)
			at = session.missingFrom(from, claim.to)
			// Reading a finished answer to its end spares its connection.
			if (at >= claim.to) return claim.lane.streams && claim.to >= claim.reach ? 'read' : 'cut'
		}
		if (claim.lane.streams && at - from > SKIP_BYTES) return 'cut'
		return this.#wanted().some((cursor) => at >= cursor.position - SKIP_BYTES && at < this.#windowEnd(cursor))
			? 'read'
			: 'later'
	}

	delivered(claim: Claim, node: TreeNode): void {
		this.#lookups.kept(node)
		claim.lane.succeeded(claim)
		this.#company.arrived(claim, this.#session.claims)
		const { race } = claim
		if (race === undefined || race.at < node.from || race.at >= node.to) return
		for (const other of race.claims) {
			other.race = undefined
			if (other === claim) continue
			if (other.startedMs < claim.startedMs) other.lane.outrun()
			other.cut()
		}
	}

	came(cursor: Cursor): void {
		const now = performance.now()
		for (const claim of this.#session.claims)
			if (cursor.purpose === 'play' && !cursor.isGlance && claim.keepUntilMs - now <= CANCELLED_MS)
				claim.keepUntilMs = Math.min(claim.keepUntilMs, now + HOP_MS)
		this.#session.cursors.add(cursor)
		this.#session.changed()
	}

	left(cursor: Cursor): void {
		if (!this.#session.cursors.delete(cursor)) return
		this.#options.line.waits(cursor, cursor.purpose, false)
		const isReplaced = [...this.#session.cursors].some(({ order }) => order > cursor.order)
		const keepMs = cursor.position >= cursor.end ? RETURN_MS : isReplaced ? HOP_MS : CANCELLED_MS
		for (const claim of this.#session.claims)
			if (isOnTheWay(claim, cursor)) claim.keepUntilMs = performance.now() + keepMs
		this.#session.changed()
	}

	/** Readers that may use the network now. */
	#wanted(): Cursor[] {
		return [...this.#session.cursors].filter((cursor) => this.#options.line.allows(cursor.purpose))
	}

	/** Sees whether a reader waits, and for how long it has always had to. */
	#judge(cursor: Cursor): void {
		const isWaiting = cursor.waitingSinceMs !== undefined
		this.#options.line.waits(cursor, cursor.purpose, isWaiting)
		if (isWaiting && cursor.readBytes > 0) cursor.hungrySinceMs ??= performance.now()
		else if (performance.now() - cursor.progressMs > HUNGRY_MS) cursor.hungrySinceMs = undefined
		cursor.report(this.#asked(cursor))
	}

	#asked({ position }: Cursor): string[] {
		const { claims } = this.#session
		return [...new Set([...claims].filter((claim) => claim.covers(position)).map(({ lane }) => lane.name))]
	}

	#windowEnd({ position, reach }: Cursor): number {
		return Math.min(reach, Math.max(0, position) + this.#company.windowBytes(this.#session.claims))
	}

	/** Gives out all that a reader needs now and nobody is at work on. */
	#serve(cursor: Cursor): void {
		const session = this.#session
		try {
			const end = this.#windowEnd(cursor)
			// The byte at the play head is still missing.
			let isFirst = true
			let isAllHere = true
			// Where the file ends may be learnt on the way, as when its root lies in memory.
			for (let at = cursor.position; at < Math.min(end, cursor.reach);) {
				const { node, to, isLeaf } = session.locate(at)
				if (isLeaf && session.has(node)) {
					at = to
					continue
				}
				isAllHere = false
				const claim = this.#covering(at, cursor)
				if (claim !== undefined) {
					if (isFirst) this.#hedge(cursor, at)
					at = this.#wholeBlocks(at, claim.to)
				} else if (this.#lookups.mayFind(node)) at = to
				else {
					const given = this.#takenBack(at) ?? this.#give(cursor, at, isFirst)
					if (given === undefined) {
						if (isFirst) this.#despair(cursor)
						break
					}
					at = given.to
				}
				isFirst = false
			}
			this.#lookAhead(cursor.position, end)
			if (isAllHere) cursor.hungrySinceMs = undefined
			else this.#share(cursor, end)
		} catch (error) {
			cursor.error = error
		}
	}

	/** Looks on this device for what a source is about to bring, so that it need not. */
	#lookAhead(from: number, windowEnd: number): void {
		const to = Math.min(this.#session.tree.sizeBytes, windowEnd + WINDOW_BYTES)
		for (let at = from; at < to;) {
			const piece = this.#session.locate(at)
			if (!this.#session.has(piece.node)) this.#lookups.mayFind(piece.node)
			if (!piece.isLeaf) return
			at = piece.to
		}
	}

	/** A claim under way that will bring this byte before long. */
	#covering(at: number, cursor: Cursor): Claim | undefined {
		for (const claim of this.#session.claims) {
			if (claim.covers(at) && claim.from >= Math.min(at, cursor.position - SKIP_BYTES)) return claim
		}
		return undefined
	}

	/** @param isUrgent - also sources that are at work on what is needed later */
	#idle(cursor: Cursor, isUrgent: boolean): Lane[] {
		const now = performance.now()
		const places = this.#session.cursors.size + (isUrgent ? 1 : 0)
		const { lanesOf } = this.#options
		return lanesOf(cursor).filter((lane) => {
			if (lane.isOut) return false
			const restMs = Math.max(lane.restUntilMs - now, lane.waitMs)
			if (restMs > 0) this.#wake(restMs)
			const busy = [...lane.claims].filter((claim) => claim.keepUntilMs === 0 && !this.#isEnding(claim))
			return restMs <= 0 && busy.length < places && lane.claims.size <= places
		})
	}

	/** The next request of its source may go out: its answer comes when this one ends. */
	#isEnding(claim: Claim): boolean {
		if (claim.blocks === 0 || claim.isPaused) return false
		// Asked block by block, it has nothing to do when the last one is under way.
		if (!claim.lane.streams) return claim.busyTo >= claim.to
		const leftMs = (claim.to - claim.from - claim.dueBytes) / rateOf(claim.lane) - answerMsOf(claim.lane)
		if (leftMs > 0) this.#wake(leftMs)
		return leftMs <= 0
	}

	#give(cursor: Cursor, at: number, isFirst: boolean): Claim | undefined {
		const claims = [...this.#session.claims]
		const idle = this.#idle(cursor, isFirst)
		const onTheWay = claims.filter((claim) => isOnTheWay(claim, cursor))
		const isGoingOn = !isFirst && this.#company.isOfOne && onTheWay.length > 0
		// Who is alone goes on alone, with its next request when this one ends.
		const goesOn = (lane: Lane) =>
			lane.claims.size > 0 && onTheWay.every((claim) => claim.lane !== lane || this.#isEnding(claim))
		const lane = isGoingOn ? idle.find(goesOn) : idle[0]
		if (lane === undefined) return undefined
		const runBytes =
			cursor.purpose === 'play'
				? this.#company.runBytes(lane, claims, {
						leftBytes: cursor.reach - at,
						doneBytes: at - cursor.from,
						readBytes: cursor.readBytes
					})
				: AHEAD_RUN_BYTES
		let to = this.#wholeBlocks(at, runEnd(at, runBytes, cursor.reach))
		for (const claim of claims) if (claim.from > at) to = Math.min(to, claim.from)
		return this.#start(lane, cursor, at, to)
	}

	/** `to`, or where the block ends that it lies in. */
	#wholeBlocks(from: number, to: number): number {
		if (to <= from || to >= this.#session.tree.sizeBytes) return to
		const { isLeaf, to: end } = this.#session.locate(Math.ceil(to) - 1)
		return isLeaf ? end : to
	}

	#start(lane: Lane, cursor: Cursor, from: number, to: number): Claim {
		const session = this.#session
		const claim = new Claim(lane, cursor.watch, from, to)
		// Others that had undertaken what begins here have less to do.
		for (const other of session.claims) if (other.covers(from)) other.to = from
		session.claims.add(claim)
		lane.claims.add(claim)
		void this.#run(claim)
		return claim
	}

	async #run(claim: Claim): Promise<void> {
		const { lane } = claim
		try {
			await lane.run(claim, this.#session)
			// It must not be asked the same again and again if it has nothing to say.
			if (claim.blocks === 0) lane.restUntilMs = performance.now() + TICK_MS
		} catch (error) {
			if (!isAbort(error)) lane.failed(error)
		} finally {
			this.#session.claims.delete(claim)
			lane.claims.delete(claim)
			this.#company.ended(claim)
			this.#session.changed()
		}
	}

	/** Asks one more source for the block that a reader waits for, when all that were asked are late with it. */
	#hedge(cursor: Cursor, at: number): void {
		const headStartMs = this.#options.headStartMs()
		const asked = [...this.#session.claims].filter((claim) => claim.covers(at))
		const [first] = asked
		if (first === undefined) return
		const isOverdue = (claim: Claim) =>
			isLate(claim) || (claim.lane.kind === 'peer' && claim.blocks === 0 && claim.dueMs > headStartMs)
		if (!asked.every(isOverdue)) return
		const lane = this.#idle(cursor, false).find((each) => asked.every((claim) => claim.lane !== each))
		if (lane === undefined) return
		const { to } = first
		const more = this.#start(lane, cursor, at, to)
		first.to = to
		const race = first.race ?? { at, claims: new Set([first]) }
		race.claims.add(more)
		for (const claim of race.claims) claim.race = race
	}

	/** Has an idle source take over the end of what would be done last, for a reader that always has to wait. */
	#share(cursor: Cursor, end: number): void {
		const now = performance.now()
		if (cursor.purpose !== 'play') return
		if (cursor.hungrySinceMs === undefined || now - cursor.hungrySinceMs < HUNGRY_MS) return
		if (!this.#company.isOpen) return
		const { isShared, trialWindowBytes } = this.#company
		for (const lane of this.#idle(cursor, false)) {
			const to = isShared ? end : Math.min(cursor.reach, cursor.position + trialWindowBytes)
			let last: { readonly claim: Claim; readonly leftMs: number } | undefined
			for (const claim of this.#session.claims) {
				if (claim.lane === lane || claim.race !== undefined || !isOnTheWay(claim, cursor)) continue
				const leftMs = (Math.min(claim.to, to) - claim.from) / rateOf(claim.lane)
				if (leftMs > (last?.leftMs ?? 0)) last = { claim, leftMs }
			}
			if (last === undefined) continue
			const { claim } = last
			const until = Math.min(claim.to, to)
			const split = splitPoint(claim, Math.max(claim.busyTo, claim.from), until, lane)
			if (split === undefined) continue
			const at = this.#session.locate(split).from
			if (at <= claim.from) continue
			const before = rateOf(claim.lane)
			this.#company.joined(this.#start(lane, cursor, at, until), before)
		}
	}

	/** A claim whose request brings this byte, too, since who was to take over the rest of it brings nothing. */
	#takenBack(at: number): Claim | undefined {
		for (const claim of this.#session.claims) {
			if (claim.to !== at || !claim.lane.streams || claim.signal.aborted) continue
			this.#extend(claim)
			if (claim.covers(at)) return claim
		}
		return undefined
	}

	/** A claim that came to its end takes what follows, if nobody has and the request goes that far. */
	#extend(claim: Claim): void {
		if (claim.to >= claim.reach) return
		let to = claim.reach
		for (const other of this.#session.claims) {
			if (other === claim) continue
			if (other.covers(claim.to)) return
			if (other.from > claim.to) to = Math.min(to, other.from)
		}
		claim.to = to
	}

	#despair(cursor: Cursor): void {
		cursor.error = verdict(cursor, this.#options.lanesOf(cursor), this.#session.wasRead)
		if (cursor.error === undefined) this.#wake(TICK_MS)
	}

	#cutUnwanted(): void {
		const now = performance.now()
		const wanted = this.#wanted()
		for (const claim of this.#session.claims) {
			if (wanted.some((cursor) => isOnTheWay(claim, cursor))) {
				claim.keepUntilMs = 0
				continue
			}
			if (claim.keepUntilMs <= now) claim.cut()
			else this.#wake(claim.keepUntilMs - now)
		}
	}

	#wake(inMs: number): void {
		const atMs = performance.now() + inMs
		if (atMs >= this.#timerMs) return
		clearTimeout(this.#timer)
		this.#timerMs = atMs
		this.#timer = setTimeout(
			() => {
				this.#session.changed()
			},
			Math.max(1, Math.ceil(inMs))
		)
	}
}

/** Where a request ends that is not to leave a small rest. Of a range that is counted from the end, the size is not known. */
const runEnd = (from: number, runBytes: number, reach: number) =>
	from < 0 || from + runBytes * 1.25 >= reach ? reach : from + runBytes

/**
 * True for a claim that a reader will come to before long. One that is still far behind the reader is not: after a seek it
 * ends where the reader stands, and would take half the line until it comes there.
 */
const isOnTheWay = (claim: Claim, { position, reach }: Cursor) =>
	claim.to > position - SKIP_BYTES &&
	claim.from >= position - MAX_SHARED_WINDOW_BYTES &&
	claim.from < Math.min(reach, Math.max(0, position) + FARTHEST_BYTES)
