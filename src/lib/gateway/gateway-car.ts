import type { CID } from 'multiformats/cid'
import { carBlocks, type CarBlock } from './car-blocks'
import {
	GatewayFault,
	openGateway,
	type FetchBlockOptions,
	type GatewayAnswer,
	type PieceSource
} from './gateway-client'
import { CarError } from './piece-reader'

/** Bytes of a file to be had as a CAR. */
export interface CarRange {
	readonly root: CID
	/** First byte; negative: counted from the end of the file. */
	readonly from: number
	/** The byte after the last one; Infinity: to the end of the file. */
	readonly to: number
}

/** All of it is safelisted for CORS: no preflight. */
const ACCEPT = 'application/vnd.ipld.car; version=1; order=dfs; dups=n'
/** How a gateway says that it gives no CAR, or none of a range. */
const REFUSALS = [400, 405, 406, 415, 501]

/**
 * The blocks of a range of a file, in the order of the file and each after those above it, as one gateway sends them.
 * Nothing of them is checked here.
 * @param options - `onprogress` is called at each piece that arrives, with the bytes so far
 * @see https://specs.ipfs.tech/http-gateways/trustless-gateway/#car-responses
 * @throws {@link GatewayFault}, or the reason of `signal`
 */
export async function* fetchCar(
	gateway: string,
	{ root, from, to }: CarRange,
	{ onprogress, ...options }: FetchBlockOptions
): AsyncGenerator<CarBlock, undefined> {
	const last = to === Infinity ? '*' : String(to - 1)
	const url = `${gateway}/ipfs/${root.toString()}?format=car&dag-scope=entity&entity-bytes=${from}:${last}`
	const answer = await openGateway(url, ACCEPT, { ...options, refusals: REFUSALS })
	yield* blocksOfAnswer(answer, onprogress, (read) => {
		if (!(answer.headers.get('content-type') ?? '').startsWith('application/vnd.ipld.car'))
			throw new GatewayFault('no-car', 'it gives no CAR')
		return carBlocks(read)
	})
	return undefined
}

/**
 * The blocks that are read out of an answer, which ends with them.
 * @throws {@link GatewayFault}, or the reason of the request's signal
 */
export async function* blocksOfAnswer(
	answer: GatewayAnswer,
	onprogress: FetchBlockOptions['onprogress'],
	blocks: (read: PieceSource) => AsyncGenerator<CarBlock, undefined>
): AsyncGenerator<CarBlock, undefined> {
	try {
		let bytes = 0
		yield* blocks(async (room) => {
			const piece = await answer.read(room)
			onprogress?.((bytes += piece?.byteLength ?? 0))
			return piece
		})
	} catch (error) {
		if (!(error instanceof CarError)) throw error
		if (error.reason === 'too-large') throw new GatewayFault('too-large', 'the answer was too large')
		if (error.reason === 'truncated') throw new GatewayFault('truncated', 'the answer was cut off')
		throw new GatewayFault('wrong-bytes', 'the bytes were wrong', { cause: error })
	} finally {
		answer.close()
	}
	return undefined
}
