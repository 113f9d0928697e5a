import type { CID } from 'multiformats/cid'
import { AppError } from '../../../errors'
import type { Pinata } from '../../../p2p/pinata'
import type { PlaceMark } from '../../publishing'
import { CarFile } from '../car'
import type { FetchJob, Place, PlaceAnswer, SendJob } from './place'

export type PinataAccount = Pick<
	Pinata,
	'uploadCar' | 'list' | 'remove' | 'pinByCid' | 'pinRequests' | 'dropPinRequest'
>

/** States of a request by CID that is not over. */
const UNDER_WAY: ReadonlySet<string> = new Set(['prechecking', 'searching', 'retrieving', 'backfilled'])

/** An account at Pinata: one publication is one CAR, and one file there. */
export class PinataPlace implements Place {
	readonly id: string
	readonly label: string
	readonly takes = 'bytes'
	readonly #account: PinataAccount

	constructor(account: PinataAccount, { id, label }: { readonly id: string; readonly label: string }) {
		this.#account = account
		this.id = id
		this.label = label
	}

	async send(job: SendJob): Promise<{ answer: PlaceAnswer; mark: PlaceMark }> {
		const { root, title, blocks, readBlock, signal, mark, keep, onprogress } = job
		const car = new CarFile(root, blocks, readBlock)
		const begun = mark?.['upload']
		const { id } = await this.#account.uploadCar({
			root,
			name: title,
			lengthBytes: await car.measure(signal),
			piece: (from, to) => car.piece(from, to, signal),
			signal,
			onprogress,
			onbegun: (url) => {
				keep({ upload: url })
			},
			...(typeof begun === 'string' && { begun })
		})
		return { answer: 'held', mark: id === '' ? {} : { file: id } }
	}

	async fetch({ root, title, origins, signal }: FetchJob): Promise<{ answer: PlaceAnswer; mark: PlaceMark }> {
		const answer = await this.look(root, {}, signal)
		if (answer !== 'gone') return { answer, mark: {} }
		await this.#account.pinByCid({ cid: root.toString(), name: title, hosts: origins }, signal)
		return { answer: 'asked', mark: {} }
	}

	/** @throws AppError `quota`, `refused` for a request that it gave up */
	async look(root: CID, _mark: PlaceMark, signal: AbortSignal): Promise<PlaceAnswer> {
		if ((await this.#files(root, signal)).length > 0) return 'held'
		const requests = await this.#account.pinRequests(root.toString(), signal)
		if (requests.length === 0) return 'gone'
		if (requests.some(({ status }) => UNDER_WAY.has(status))) return 'asked'
		const status = requests[0]?.status ?? ''
		throw new AppError(status === 'over_free_limit' ? 'quota' : 'refused', `the pin failed: ${status}`, {
			detail: `Pinata gave up: ${status.replaceAll('_', ' ')}`
		})
	}

	async remove(root: CID, _mark: PlaceMark, signal: AbortSignal): Promise<void> {
		// By the CID: the account may hold it more than once.
		for (const { id } of await this.#files(root, signal)) await this.#account.remove(id, signal)
		for (const { id } of await this.#account.pinRequests(root.toString(), signal))
			await this.#account.dropPinRequest(id, signal)
	}

	async #files(root: CID, signal: AbortSignal) {
		const { files } = await this.#account.list(signal, { cid: root.toString() })
		return files.filter(({ cid }) => cid === root.toString())
	}
}
