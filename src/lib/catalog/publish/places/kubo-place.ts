import type { CID } from 'multiformats/cid'
import { AppError } from '../../../errors'
import type { PlaceMark } from '../../publishing'
import { carBlob } from '../car'
import type { FetchJob, Place, PlaceAnswer, SendJob } from './place'

/** A Kubo node's RPC, as far as a place needs it. `KuboRpc` is one. */
export interface KuboNode {
	readonly origin: string
	importCar(
		car: Blob,
		options: {
			readonly signal: AbortSignal
			readonly pin: boolean
			readonly root?: CID
			readonly timeoutMs?: number
			readonly onprogress?: (bytesSent: number, bytes: number) => void
		}
	): Promise<{ readonly blocks: number }>
	namePut(name: string, record: Uint8Array, options: { readonly signal: AbortSignal }): Promise<void>
	pinLs(options: { readonly cid: string; readonly signal: AbortSignal }): Promise<readonly unknown[]>
	pinAdd(cid: string, options: { readonly name?: string; readonly signal: AbortSignal }): Promise<void>
	pinRm(cid: string, options: { readonly signal: AbortSignal }): Promise<boolean>
	id(signal: AbortSignal): Promise<{ readonly addresses: readonly string[] }>
}

export interface KuboPlaceOptions {
	readonly id: string
	readonly label: string
	/** Sends one CAR with all of it, pinned at once: for services that keep nothing unpinned. */
	readonly whole?: boolean
	/** Blocks that go into one part; what a failure costs. Default 32 (8 MiB). */
	readonly partBlocks?: number
}

const PART_BLOCKS = 32
const PIN_MS = 120_000

/**
 * An own Kubo node, or a service that speaks its RPC. Blocks go in parts, without pins; then the root alone once more, to
 * be pinned: so a failure costs one part.
 */
export class KuboPlace implements Place {
	readonly id: string
	readonly label: string
	readonly takes = 'bytes'
	readonly #node: KuboNode
	readonly #whole: boolean
	readonly #partBlocks: number

	constructor(node: KuboNode, { id, label, whole = false, partBlocks = PART_BLOCKS }: KuboPlaceOptions) {
		this.#node = node
		this.id = id
		this.label = label
		this.#whole = whole
		this.#partBlocks = partBlocks
	}

	async send(job: SendJob): Promise<{ answer: PlaceAnswer; mark: PlaceMark }> {
		if (this.#whole) await this.#sendWhole(job)
		else await this.#sendParts(job)
		return { answer: 'held', mark: {} }
	}

	async fetch({ root, title, signal }: FetchJob): Promise<{ answer: PlaceAnswer; mark: PlaceMark }> {
		await this.#node.pinAdd(root.toString(), { name: title, signal })
		return { answer: 'held', mark: {} }
	}

	async look(root: CID, _mark: PlaceMark, signal: AbortSignal): Promise<PlaceAnswer> {
		const pins = await this.#node.pinLs({ cid: root.toString(), signal })
		return pins.length > 0 ? 'held' : 'gone'
	}

	async remove(root: CID, _mark: PlaceMark, signal: AbortSignal): Promise<void> {
		await this.#node.pinRm(root.toString(), { signal })
	}

	async namePut(name: string, record: Uint8Array, options: { readonly signal: AbortSignal }): Promise<void> {
		await this.#node.namePut(name, record, options)
	}

	async addresses(signal: AbortSignal): Promise<readonly string[]> {
		const { addresses } = await this.#node.id(signal)
		return addresses
	}

	async #sendWhole({ root, blocks, readBlock, signal, onprogress }: SendJob): Promise<void> {
		const car = await carBlob([root], blocks, readBlock, signal)
		await this.#node.importCar(car, { signal, pin: true, root, onprogress })
	}

	async #sendParts(job: SendJob): Promise<void> {
		const { root, blocks, sizeBytes, readBlock, signal, keep, onprogress } = job
		const fresh = job.mark?.['fresh'] === true
		const to = fresh || job.holds === undefined ? blocks : blocks.filter((cid) => !job.holds?.has(cid.toString()))
		const sent = Math.min(to.length, Number(job.mark?.['blocksSent'] ?? 0))
		const average = sizeBytes / Math.max(1, blocks.length)
		let bytes = Math.round(average * (blocks.length - to.length + sent))
		onprogress(bytes)
		for (let from = sent; from < to.length; from += this.#partBlocks) {
			const part = to.slice(from, from + this.#partBlocks)
			const car = await carBlob([root], part, readBlock, signal)
			const before = bytes
			const { blocks: taken } = await this.#node.importCar(car, {
				signal,
				pin: false,
				onprogress: (bytesSent) => {
					onprogress(Math.min(sizeBytes, before + bytesSent))
				}
			})
			if (taken !== part.length) {
				throw new AppError('refused', `${taken} of ${part.length} blocks taken`, {
					detail: 'The node took less than was sent.'
				})
			}
			bytes = Math.min(sizeBytes, bytes + car.size)
			keep({ blocksSent: from + part.length, ...(fresh && { fresh }) })
			onprogress(bytes)
		}
		try {
			const car = await carBlob([root], [root], readBlock, signal)
			await this.#node.importCar(car, { signal, pin: true, root, timeoutMs: PIN_MS })
		} catch (error) {
			// It may have thrown unpinned blocks away meanwhile: the next try sends them all again.
			if (!signal.aborted) keep({ blocksSent: 0, fresh: true })
			throw error
		}
	}
}
