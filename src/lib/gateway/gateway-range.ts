import type { CID } from 'multiformats/cid'
import type { CarBlock } from './car-blocks'
import { GatewayFault, openGateway, type FetchBlockOptions } from './gateway-client'

/** A block that is nothing but bytes of the file. */
export interface Leaf {
	readonly cid: CID
	/** First byte of the file in it, and the byte after the last one. */
	readonly from: number
	readonly to: number
}

/** How a gateway says that it gives no files, or no ranges of them. */
const REFUSALS = [400, 401, 403, 405, 406, 415, 416, 501]

/**
 * The same blocks as of a CAR, cut out of the plain bytes of the file: where it is known which leaves lie side by side, their
 * hashes check plain bytes as well. Packing a CAR costs a gateway several times what sending the bytes does, so on a quick
 * line, as to a node on this machine, the CAR would be what one waits for. Nothing is checked here.
 * @param leaves - one after the other, without gaps
 * @throws {@link GatewayFault}, `no-range` for a gateway that does not do this; or the reason of `signal`
 */
export async function* fetchLeaves(
	gateway: string,
	root: CID,
	leaves: readonly Leaf[],
	{ onprogress, ...options }: FetchBlockOptions
): AsyncGenerator<CarBlock, undefined> {
	const [first, last] = [leaves[0], leaves.at(-1)]
	if (first === undefined || last === undefined) return undefined
	const answer = await openGateway(`${gateway}/ipfs/${root.toString()}`, '*/*', {
		...options,
		range: `bytes=${String(first.from)}-${String(last.to - 1)}`,
		refusals: REFUSALS
	})
	try {
		// What is compressed, or another range, are not the bytes of these blocks.
		const isRange = answer.headers.get('content-range')?.startsWith(`bytes ${String(first.from)}-`) === true
		if (answer.status !== 206 || !isRange || answer.headers.has('content-encoding'))
			throw new GatewayFault('no-range', 'it gives no range of a file')
		let bytes = 0
		let piece = new Uint8Array()
		for (const { cid, from, to } of leaves) {
			const leaf = new Uint8Array(to - from)
			for (let at = 0; at < leaf.byteLength;) {
				if (piece.byteLength === 0) {
					piece = ((await answer.read()) ?? new Uint8Array()) as Uint8Array<ArrayBuffer>
					onprogress?.((bytes += piece.byteLength))
					if (piece.byteLength === 0) throw new GatewayFault('truncated', 'the answer was cut off')
				}
				const part = piece.subarray(0, leaf.byteLength - at)
				leaf.set(part, at)
				at += part.byteLength
				piece = piece.subarray(part.byteLength)
			}
			yield { cid, bytes: leaf }
		}
	} finally {
		answer.close()
	}
	return undefined
}
