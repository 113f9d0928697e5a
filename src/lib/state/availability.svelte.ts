import type { Leader } from '$lib/p2p/leader'
import type { BytesState } from './bytes.svelte'
import type { LibraryState } from './library.svelte'

/** What this tab knows of who can send a file, without asking anyone. */
export interface FileAvailability {
	readonly kind: 'both' | 'peers' | 'gateways' | 'kept' | 'none' | 'ask'
	/** Peers connected; any of them may have it. */
	readonly peers: number
	readonly gateways: number
}

interface AvailabilityPorts {
	readonly leader: Pick<Leader, 'status' | 'role' | 'onchange'>
	/** Gateways that may be asked. */
	gateways(): number
	readonly library: Pick<LibraryState, 'isKept'>
	readonly bytes: Pick<BytesState, 'of'>
	/** True for files whose blocks all lie here from the start, such as the starter collection's. */
	isLocal(file: string, publisher: string): boolean
}

/** Tells who can send something now, from what is known: kept here, gateways that are set, peers that are connected. */
export class AvailabilityState {
	#peers = $state(0)
	#asking = $state(true)
	#online = $state(true)
	readonly #ports: AvailabilityPorts
	readonly #ending = new AbortController()
	#stop: (() => void) | undefined

	constructor(ports: AvailabilityPorts) {
		this.#ports = ports
	}

	open(): void {
		const read = () => {
			const { status, role } = this.#ports.leader
			this.#peers = status?.peers.length ?? 0
			this.#asking = role === 'starting'
		}
		this.#stop = this.#ports.leader.onchange(read)
		read()
		const { signal } = this.#ending
		const connect = () => (this.#online = navigator.onLine)
		addEventListener('online', connect, { signal })
		addEventListener('offline', connect, { signal })
		connect()
	}

	get online(): boolean {
		return this.#online
	}
	get peers(): number {
		return this.#peers
	}
	get gateways(): number {
		return this.#online ? this.#ports.gateways() : 0
	}
	/** Of the whole tab, for the foot of the navigation. */
	get ways(): FileAvailability {
		return this.#of(false, false)
	}

	of(row: { readonly file: string; readonly publisher: string }): FileAvailability {
		const kept = this.#ports.library.isKept(row.file) || this.#ports.isLocal(row.file, row.publisher)
		return this.#of(kept, this.#ports.bytes.of(row.file)?.failed !== undefined)
	}

	dispose(): void {
		this.#stop?.()
		this.#ending.abort()
	}

	#of(kept: boolean, failed: boolean): FileAvailability {
		const { peers, gateways } = this
		const known = { peers, gateways }
		if (kept) return { kind: 'kept', ...known }
		if (failed) return { kind: 'none', ...known }
		if (peers > 0 && gateways > 0) return { kind: 'both', ...known }
		if (peers > 0) return { kind: 'peers', ...known }
		if (gateways > 0) return { kind: 'gateways', ...known }
		return { kind: this.#asking && this.#online ? 'ask' : 'none', ...known }
	}
}
