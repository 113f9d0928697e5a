import type { Wait } from '$lib/gateway/block-source'
import type { PlayerState } from './player.svelte'
import { kindOfName } from './source-count'

/** The player waits for bytes. */
export interface Stall {
	/** Whole seconds so far. */
	readonly seconds: number
	/** How many peers were asked for what is missing. */
	readonly peers: number
	/** Hosts of the gateways that were. */
	readonly gateways: readonly string[]
	readonly offline: boolean
	/** Long enough that a person may want to do something. */
	readonly long: boolean
}

interface StallPorts {
	readonly player: Pick<PlayerState, 'status' | 'current'>
	/** What the worker told of a file's reader. */
	waiting(file: string): Wait | undefined
	online(): boolean
	readonly nowMs?: () => number
}

/** Less is what any start takes. */
const SHOWN_AFTER_MS = 1500
const LONG_S = 8
const TICK_MS = 500

/** Tells when the player waits, for whom and how long; goes away by itself. */
export class StallState {
	#sinceMs = $state<number>()
	#nowMs = $state(0)
	readonly #ports: StallPorts
	readonly #clock: () => number
	#stop: (() => void) | undefined

	constructor(ports: StallPorts) {
		this.#ports = ports
		this.#clock = ports.nowMs ?? Date.now
	}

	open(): void {
		this.#stop = $effect.root(() => {
			$effect(() => {
				const waits = this.#ports.player.status === 'waiting'
				// Another title that waits is another wait.
				void this.#ports.player.current?.file
				this.#sinceMs = waits ? this.#clock() : undefined
				this.#nowMs = this.#clock()
				if (!waits) return
				const timer = setInterval(() => (this.#nowMs = this.#clock()), TICK_MS)
				return () => {
					clearInterval(timer)
				}
			})
		})
	}

	/** Undefined while nothing waits for longer than usual. */
	get stall(): Stall | undefined {
		const file = this.#ports.player.current?.file
		if (this.#sinceMs === undefined || file === undefined) return undefined
		const waitedMs = this.#nowMs - this.#sinceMs
		if (waitedMs < SHOWN_AFTER_MS) return undefined
		const asked = this.#ports.waiting(file)?.asked ?? []
		const seconds = Math.floor(waitedMs / 1000)
		return {
			seconds,
			peers: new Set(asked.filter((name) => kindOfName(name) === 'peer')).size,
			gateways: [...new Set(asked.filter((name) => kindOfName(name) === 'gateway').map(hostOf))],
			offline: !this.#ports.online(),
			long: seconds >= LONG_S
		}
	}

	dispose(): void {
		this.#stop?.()
	}
}

const hostOf = (origin: string): string => (URL.canParse(origin) ? new URL(origin).host : origin)
