import type { BlockSource } from './block-source'
import { blockKey } from './block-key'
import { carOf, entriesOf, type TestFile } from './dag.fixture'
import type { FakeGateway } from './gateway.fixture'

/** A line that carries so many bytes a ms, one after the other. */
export class SlowLine {
	readonly #rate: number
	#freeMs = 0

	constructor(rate: number) {
		this.#rate = rate
	}

	get freeMs(): number {
		return this.#freeMs
	}

	async carry(bytes: number, laterMs = 0): Promise<void> {
		const now = performance.now()
		this.#freeMs = Math.max(now, this.#freeMs) + bytes / this.#rate
		await pause(this.#freeMs - now + laterMs)
	}
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
const PIECE_BYTES = 32_768

/** A gateway behind a line, that gives CARs of ranges and takes some time to answer. */
export function pacedGateway(file: TestFile, line: SlowLine, answerMs = 200): FakeGateway {
	return (signal, url) => {
		const [from = '', to] = new URL(url).searchParams.get('entity-bytes')?.split(':') ?? []
		// As Kubo does.
		if (`${from}${to ?? ''}`.includes('.')) return new Response('', { status: 400 })
		const car = carOf(file.root, entriesOf(file, Number(from), to === '*' ? Infinity : Number(to)))
		let at = 0
		const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
			{
				async pull(controller) {
					if (at === 0) await pause(answerMs)
					const piece = car.slice(at, at + PIECE_BYTES)
					if (!signal.aborted) await line.carry(piece.byteLength)
					if (signal.aborted) controller.error(signal.reason)
					else if (piece.byteLength === 0) controller.close()
					else controller.enqueue(piece)
					at += PIECE_BYTES
				}
			},
			{ highWaterMark: 0 }
		)
		return new Response(body, { headers: { 'content-type': 'application/vnd.ipld.car' } })
	}
}

/** Peers, each behind a line of its own, that have all of a file. */
export function pacedPeers(file: TestFile, lines: readonly SlowLine[], answerMs = 200): BlockSource {
	return {
		async get(cid, { signal, watch }) {
			const bytes = file.blocks.get(blockKey(cid)) ?? new Uint8Array()
			const [line] = [...lines].sort((a, b) => a.freeMs - b.freeMs)
			await line?.carry(bytes.byteLength, answerMs)
			signal.throwIfAborted()
			watch?.received('peer', 'a-peer', bytes.byteLength)
			return bytes
		}
	}
}
