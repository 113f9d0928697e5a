import type { CID } from 'multiformats/cid'
import type { Pinata } from '../../../p2p/pinata'
import type { PlaceMark } from '../../publishing'
import { CarFile } from '../car'
import type { Place, PlaceAnswer, SendJob } from './place'

export type PinataAccount = Pick<Pinata, 'uploadCar' | 'list' | 'remove'>

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

	async look(root: CID, _mark: PlaceMark, signal: AbortSignal): Promise<PlaceAnswer> {
		return (await this.#files(root, signal)).length > 0 ? 'held' : 'gone'
	}

	async remove(root: CID, _mark: PlaceMark, signal: AbortSignal): Promise<void> {
		// By the CID: the account may hold it more than once.
		for (const { id } of await this.#files(root, signal)) await this.#account.remove(id, signal)
	}

	async #files(root: CID, signal: AbortSignal) {
		const { files } = await this.#account.list(signal, { cid: root.toString() })
		return files.filter(({ cid }) => cid === root.toString())
	}
}
