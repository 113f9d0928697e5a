import type { CID } from 'multiformats/cid'
import { AppError } from '../../../errors'
import type { PinningService, PinStatus } from '../../../p2p/pinning-service'
import type { PlaceMark } from '../../publishing'
import type { FetchJob, Place, PlaceAnswer } from './place'

export type Pinning = Pick<PinningService, 'add' | 'get' | 'list' | 'remove'>

export interface PinningPlaceOptions {
	readonly id: string
	readonly label: string
	/** Waits between two looks; for tests. */
	readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
}

const FIRST_LOOK_MS = 1_000
const MAX_LOOK_MS = 30_000
/** After this it is left to the daily look: a queue can take hours. */
const LOOKS = 6

/** Any service with the IPFS Pinning Service API: it fetches what other servers hold. */
export class PinningPlace implements Place {
	readonly id: string
	readonly label: string
	readonly takes = 'name'
	readonly #service: Pinning
	readonly #wait: PinningPlaceOptions['wait']

	constructor(service: Pinning, { id, label, wait }: PinningPlaceOptions) {
		this.#service = service
		this.id = id
		this.label = label
		this.#wait = wait
	}

	/** It takes no bytes: it fetches a publication of one's own as it does those of others. */
	send(job: FetchJob): Promise<{ answer: PlaceAnswer; mark: PlaceMark }> {
		return this.fetch(job)
	}

	async fetch(job: FetchJob): Promise<{ answer: PlaceAnswer; mark: PlaceMark }> {
		const { root, title, origins, signal, keep } = job
		let status = await this.#asked(root, job.mark, signal)
		if (status === undefined || status.state === 'failed') {
			status = await this.#service.add({ cid: root.toString(), name: title, origins }, signal)
		}
		const mark = { request: status.requestId }
		keep(mark)
		for (let looks = 0; looks < LOOKS && (status.state === 'queued' || status.state === 'pinning'); looks++) {
			await this.#wait(Math.min(MAX_LOOK_MS, FIRST_LOOK_MS * 2 ** looks), signal)
			status = (await this.#service.get(mark.request, signal)) ?? status
		}
		return { answer: answerOf(status), mark }
	}

	async look(root: CID, mark: PlaceMark, signal: AbortSignal): Promise<PlaceAnswer> {
		const status = await this.#asked(root, mark, signal)
		return status === undefined || status.state === 'failed' ? 'gone' : answerOf(status)
	}

	async remove(root: CID, _mark: PlaceMark, signal: AbortSignal): Promise<void> {
		const { pins } = await this.#service.list(signal, { cids: [root.toString()], limit: 1000 })
		for (const { requestId, cid } of pins)
			if (cid === root.toString()) await this.#service.remove(requestId, signal)
	}

	/** The request that was made before: by its number, else by the CID, so that none is made twice. */
	async #asked(root: CID, mark: PlaceMark | undefined, signal: AbortSignal): Promise<PinStatus | undefined> {
		const request = mark?.['request']
		const known = typeof request === 'string' ? await this.#service.get(request, signal) : undefined
		if (known !== undefined) return known
		const { pins } = await this.#service.list(signal, { cids: [root.toString()] })
		const same = pins.filter(({ cid }) => cid === root.toString())
		return same.find(({ state }) => state === 'pinned') ?? same[0]
	}
}

/** @throws AppError `refused` when the service gave up */
function answerOf(status: PinStatus): PlaceAnswer {
	if (status.state === 'failed') {
		throw new AppError('refused', 'the pin failed', {
			detail: status.words ?? 'The service could not fetch it from where it is held now.'
		})
	}
	return status.state === 'pinned' ? 'held' : 'asked'
}
