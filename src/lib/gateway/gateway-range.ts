import type { CID } from 'multiformats/cid'
import type { CarBlock } from './car-blocks'
import { blocksOfAnswer } from './gateway-car'
import { GatewayFault, openGateway, type FetchBlockOptions, type PieceSource } from './gateway-client'
import { PieceReader } from './piece-reader'

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
	yield* blocksOfAnswer(answer, onprogress, (read) => {
		// What is compressed, or another range, are not the bytes of these blocks.
		const isRange = answer.headers.get('content-range')?.startsWith(`bytes ${String(first.from)}-`) === true
		if (answer.status !== 206 || !isRange || answer.headers.has('content-encoding'))
			throw new GatewayFault('no-range', 'it gives no range of a file')
		return cut(leaves, read)
	})
	return undefined
}

async function* cut(leaves: readonly Leaf[], read: PieceSource): AsyncGenerator<CarBlock, undefined> {
	const pieces = new PieceReader(read)
	for (const { cid, from, to } of leaves) yield { cid, bytes: await pieces.exactly(to - from, true) }
	return undefined
}
