import type { Catalog } from '$lib/catalog/catalog'
import type { EntryRow } from '$lib/catalog/row'
import type { Voucher } from './voucher'

type Signed = Extract<Voucher, { readonly kind: 'signed' }>

export interface LinkEntryPorts {
	readonly catalog: Pick<Catalog, 'entriesByFile' | 'onchange'>
	/** Reads who signed. @param signal - must carry a deadline */
	vouch(name: string, signal: AbortSignal): Promise<Voucher>
	/** The entry of a file in what was signed; undefined when it is not among it. */
	find(voucher: Signed, file: string, signal: AbortSignal): Promise<EntryRow | undefined>
	/** What a file says of itself. */
	bare(file: string, signal: AbortSignal): Promise<EntryRow>
}

const VOUCH_TIMEOUT_MS = 45_000

/**
 * What a link to one file opens: the entry of a catalog that is here, else of what the publisher that the link names has
 * signed, else what the file says of itself.
 */
export class LinkEntryState {
	#rows = $state.raw<readonly EntryRow[]>()
	#voucher = $state.raw<Voucher>()
	#gone = $state(false)
	#failure = $state.raw<unknown>()
	#asking = $state(false)
	#reading = new AbortController()
	#stop: (() => void) | undefined
	readonly #ports: LinkEntryPorts

	constructor(ports: LinkEntryPorts) {
		this.#ports = ports
	}

	/** Best first; undefined until something is known. */
	get rows(): readonly EntryRow[] | undefined {
		return this.#rows
	}
	/** Of the publisher that the link names; undefined while it is read, and for a link that names none. */
	get voucher(): Voucher | undefined {
		return this.#voucher
	}
	/** The publisher that the link names no longer lists the file. */
	get gone(): boolean {
		return this.#gone
	}
	get failure(): unknown {
		return this.#failure
	}
	/** Others are being asked. */
	get asking(): boolean {
		return this.#asking
	}

	/** Reads another link. @param by - IPNS name of the publisher that the link names */
	open(file: string, by: string | undefined): void {
		this.dispose()
		const { signal } = (this.#reading = new AbortController())
		this.#rows = undefined
		this.#voucher = undefined
		this.#gone = false
		this.#failure = undefined
		this.#asking = false
		const { catalog } = this.#ports
		const look = async () => {
			const found = await catalog.entriesByFile(file)
			if (signal.aborted || found.length === 0) return false
			const first = found.filter(({ publisher }) => publisher === by)
			this.#rows = [...first, ...found.filter(({ publisher }) => publisher !== by)]
			return true
		}
		this.#stop = catalog.onchange(() => void look().catch(() => false))
		void (async () => {
			try {
				if (!(await look()) && !signal.aborted) await this.#ask(file, by, signal)
			} catch (error) {
				if (!signal.aborted) this.#failure = error
			} finally {
				if (!signal.aborted) this.#asking = false
			}
		})()
	}

	dispose(): void {
		this.#stop?.()
		this.#reading.abort()
	}

	async #ask(file: string, by: string | undefined, signal: AbortSignal): Promise<void> {
		const ports = this.#ports
		this.#asking = true
		// Both at once: a name that nobody knows must not hold up what can be played.
		const alone = ports.bare(file, signal)
		alone.catch(() => undefined)
		if (by !== undefined) {
			const deadline = AbortSignal.any([signal, AbortSignal.timeout(VOUCH_TIMEOUT_MS)])
			const voucher = await ports.vouch(by, deadline).catch((): Voucher => ({ kind: 'unknown', name: by }))
			signal.throwIfAborted()
			this.#voucher = voucher
			if (voucher.kind === 'signed') {
				const row = await ports.find(voucher, file, deadline).catch(() => null)
				signal.throwIfAborted()
				// One that could not be read says nothing.
				this.#gone = row === undefined
				if (row) {
					this.#rows ??= [row]
					return
				}
			}
		}
		const row = await alone
		signal.throwIfAborted()
		this.#rows ??= [row]
	}
}
