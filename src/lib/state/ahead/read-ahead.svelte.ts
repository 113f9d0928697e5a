import { untrack } from 'svelte'
import type { AheadPorts, AheadState } from './ahead.svelte'
import { isHls } from '../hls/is-hls'
import { lengthOf } from './byte-ranges'
import { LineSpeed } from './line-speed'
import { byteAt, rangeAround } from './media-bytes'
import { MinuteBudget } from './minute-budget'
import { MOST_KEPT_BYTES, plan, type AheadReason, type Moment, type Wish } from './plan'

const RETRY_AFTER_MS = 60_000
/** What the budget or a failure held up is looked at again. */
const AGAIN_MS = 15_000
/** What sounds must hold so much before anything else is fetched, and may then fall to the second. */
const CALM_MS = 8000
const STILL_CALM_MS = 4000
/** For rows on the screen and places under the pointer, which may never be played. */
const BUDGET_BYTES_A_MINUTE = 24 * 1024 * 1024
const AT_ONCE: Readonly<Record<AheadReason, number>> = { pointed: 1, next: 1, keep: 2, whole: 1, seen: 2 }
/** Share of the browser's room that may be filled with what is ahead. */
const ROOM_SHARE = 0.1

const keyOf = ({ row, from, to }: Wish): string => `${row.file} ${from}-${to}`

/**
 * Has bytes fetched before they are asked for: the start of what is on the screen and of what comes next, the place under
 * the pointer, minutes ahead of the play head. Each change makes a new plan; what is not in it any more is stopped.
 */
export class ReadAhead {
	#lineBitsPerS = $state.raw<number>()
	#roomBytes = $state.raw(MOST_KEPT_BYTES)
	/** Goes up when something has ended, so that the plan is made anew. */
	#ended = $state(0)
	readonly #ports: AheadPorts
	readonly #wanted: Pick<AheadState, 'seen' | 'pointedMs' | 'hereOf' | 'keep'>
	readonly #nowMs: () => number
	readonly #speed = new LineSpeed()
	readonly #budget = new MinuteBudget(BUDGET_BYTES_A_MINUTE)
	readonly #running = new Map<string, { readonly wish: Wish; readonly stop: AbortController }>()
	/** Unix ms until which a wish that failed is left alone. */
	readonly #failed = new Map<string, number>()
	readonly #stops: readonly (() => void)[]
	#again: ReturnType<typeof setTimeout> | undefined
	#calm = false

	constructor(ports: AheadPorts, wanted: Pick<AheadState, 'seen' | 'pointedMs' | 'hereOf' | 'keep'>) {
		this.#ports = ports
		this.#wanted = wanted
		this.#nowMs = ports.nowMs ?? Date.now
		this.#stops = [this.#followLine(), this.#followWishes()]
		void this.#measureRoom()
	}

	/** What the line before carried says nothing of this one, nor does whom it did not reach. */
	readonly otherLine = (): void => {
		this.#speed.reset()
		this.#lineBitsPerS = undefined
		this.#failed.clear()
		this.#ended += 1
	}

	readonly dispose = (): void => {
		for (const stop of this.#stops) stop()
		for (const { stop } of this.#running.values()) stop.abort()
		clearTimeout(this.#again)
	}

	#followLine(): () => void {
		return this.#ports.onreport(({ from }) => {
			for (const { kind, bytes } of from) if (kind !== 'local') this.#speed.note(bytes, this.#nowMs())
			this.#lineBitsPerS = this.#speed.bitsPerS(this.#nowMs())
		})
	}

	#followWishes(): () => void {
		return $effect.root(() => {
			$effect(() => {
				void this.#ended
				const wishes = this.#plan()
				untrack(() => {
					this.#reconcile(wishes)
				})
			})
		})
	}

	/** Undefined: nothing new now, and what runs for the file that is about to sound may go on. */
	#plan(): readonly Wish[] | undefined {
		const { player } = this.#ports
		const moment = this.#moment()
		if (!this.#ports.allowed()) return []
		if (player.status === 'waiting') return undefined
		// Of segments, no stretch of bytes is the beginning.
		return plan(moment).filter(({ row }) => !isHls(row) && !this.#ports.isHere(row))
	}

	#moment(): Moment {
		const { player } = this.#ports
		const { current, fileDurationMs, durationMs = Infinity } = player
		const sounds = player.status === 'playing' && current !== undefined
		const start = current?.clip?.start ?? 0
		const heldToMs = player.bufferedToMs
		const heldMs = heldToMs >= durationMs - 500 ? Infinity : heldToMs - player.positionMs
		this.#calm = heldMs >= (this.#calm ? STILL_CALM_MS : CALM_MS)
		// What is paused goes on where it stopped.
		const pointedMs = this.#wanted.pointedMs ?? (sounds || player.positionMs === 0 ? undefined : player.positionMs)
		const pointed =
			current === undefined || pointedMs === undefined || fileDurationMs === undefined
				? undefined
				: rangeAround(current, start + pointedMs, fileDurationMs)
		const upcoming = player.queue.peek()?.row
		return {
			playing: sounds
				? {
						row: current,
						heldTo: byteAt(current.sizeBytes, start + heldToMs, fileDurationMs ?? 0),
						calm: this.#calm
					}
				: undefined,
			pointed: pointed && current ? { row: current, ...pointed } : undefined,
			next: sounds ? (upcoming?.file === current.file ? undefined : upcoming) : current,
			seen: this.#wanted.seen,
			lineBitsPerS: this.#lineBitsPerS,
			roomBytes: this.#roomBytes,
			here: (file) => this.#wanted.hereOf(file)
		}
	}

	#reconcile(wishes: readonly Wish[] | undefined): void {
		const wanted = wishes && new Set(wishes.map(keyOf))
		for (const [key, { wish, stop }] of this.#running) {
			const stays = wanted ? wanted.has(key) : wish.row.file === this.#ports.player.current?.file
			if (stays) continue
			this.#running.delete(key)
			stop.abort()
		}
		for (const wish of wishes ?? []) {
			const key = keyOf(wish)
			const busy = [...this.#running.values()].filter((running) => running.wish.why === wish.why).length
			if (this.#running.has(key) || busy >= AT_ONCE[wish.why]) continue
			const free = wish.why !== 'seen' && wish.why !== 'pointed'
			const heldUp = (this.#failed.get(key) ?? 0) > this.#nowMs()
			if (!heldUp && (free || this.#budget.take(lengthOf(wish), this.#nowMs()))) void this.#fetch(key, wish)
			else
				this.#again ??= setTimeout(() => {
					this.#again = undefined
					this.#ended += 1
				}, AGAIN_MS)
		}
	}

	async #fetch(key: string, wish: Wish): Promise<void> {
		const stop = new AbortController()
		this.#running.set(key, { wish, stop })
		try {
			await this.#ports.fetch(wish, stop.signal)
			if (stop.signal.aborted) return
			this.#wanted.keep(wish.row.file, wish)
		} catch {
			// Nobody asked for it yet: when it is played, its failure is told there.
			if (!stop.signal.aborted) this.#failed.set(key, this.#nowMs() + RETRY_AFTER_MS)
		}
		if (this.#running.get(key)?.stop !== stop) return
		this.#running.delete(key)
		this.#ended += 1
	}

	async #measureRoom(): Promise<void> {
		const room = await this.#ports.roomBytes().catch(() => undefined)
		if (room !== undefined) this.#roomBytes = Math.min(MOST_KEPT_BYTES, room * ROOM_SHARE)
	}
}
