import type { BlockWatch, SourceKind } from './block-source'
import { isAbort } from '../errors'
import type { CarBlock } from './car-blocks'
import type { Claim } from './claim'
import type { FileSession } from './file-session'
import { GatewayFault } from './gateway-client'
import { blockKey, type Piece, type TreeNode } from './unixfs-tree'
import { verifyBlock } from './verify-block'

/** Blocks of a CAR that nobody needs, besides those above the range: more of them, and the source is left. */
const MAX_SURPLUS_BYTES = 512 * 1024
/** How far ahead of its turn a block may come. */
const MAX_AHEAD_BYTES = 2 * 1024 * 1024

/**
 * Takes blocks out of a CAR for a claim, in whatever order they come, as far as they belong to it.
 * @param blocks - ends the request behind it when it is returned early
 * @throws {@link GatewayFault}, or the reason of the claim's signal
 */
export async function runCar(
	session: FileSession,
	claim: Claim,
	blocks: AsyncGenerator<CarBlock, undefined>
): Promise<void> {
	const { watch, lane } = claim
	/** Byte of the file whose block is due next; the one before it may still be hashed. */
	let next = claim.from
	let surplusBytes = 0
	let hasLeaf = false
	let failure: unknown
	let checked = Promise.resolve()
	const came = new Set<string>()

	const check = async (node: TreeNode, bytes: Uint8Array) => {
		try {
			if (!(await verifyBlock(node.cid, bytes))) {
				watch.wrong(lane.name)
				watch.wasted(lane.name, bytes.byteLength)
				throw new GatewayFault('wrong-bytes', 'the bytes were wrong')
			}
			session.deliver(claim, node, bytes, lane.kind, lane.name)
		} catch (error) {
			failure ??= error
			claim.cut()
		}
	}
	const take = async ({ cid, bytes }: CarBlock) => {
		const key = blockKey(cid)
		let piece = session.locate(next)
		while (piece.node.key !== key && piece.isLeaf && session.has(piece.node) && piece.to < claim.to) {
			next = piece.to
			piece = session.locate(next)
		}
		const isDue = piece.node.key === key
		if (isDue && piece.isLeaf) next = piece.to
		const taken = isDue ? piece : findAhead(session, key, next, Math.min(claim.to, next + MAX_AHEAD_BYTES))
		if (taken === undefined || session.has(taken.node)) {
			claim.arrived()
			watch.wasted(lane.name, bytes.byteLength)
			if (isDue || came.has(key) || session.tree.isAbove(key, next)) return
			surplusBytes += bytes.byteLength
			if (surplusBytes > MAX_SURPLUS_BYTES)
				throw hasLeaf
					? new GatewayFault('foreign', 'it sends what was not asked for')
					: new GatewayFault('no-car', 'it gives no CAR of a range')
			return
		}
		came.add(key)
		hasLeaf ||= taken.isLeaf
		checked = check(taken.node, bytes)
		// What comes below this block can only be told from what is foreign when it was read.
		if (!taken.isLeaf) await checked
		if (next < 0) next = claim.from
	}

	try {
		for (;;) {
			if ((await session.room(claim, next)) === 'cut') break
			claim.busyTo = next < 0 || next >= claim.to ? claim.to : session.locate(next).to
			const { value } = await blocks.next()
			await checked
			claim.signal.throwIfAborted()
			if (value === undefined) {
				if (claim.from < claim.to && !came.has(session.locate(claim.from).node.key))
					throw new GatewayFault('truncated', 'the answer was cut off')
				return
			}
			await take(value)
		}
		await checked
	} catch (error) {
		throw failure ?? error
	} finally {
		if (claim.dueBytes > 0) watch.wasted(lane.name, claim.dueBytes)
		void blocks.return(undefined)
	}
}

/** A leaf that is not due yet, by its key. */
function findAhead(session: FileSession, key: string, from: number, to: number): Piece | undefined {
	for (let at = from; at < to;) {
		const piece = session.locate(at)
		if (piece.node.key === key) return piece
		if (!piece.isLeaf) return undefined
		at = piece.to
	}
	return undefined
}

/** A verified block and who sent it. */
export interface GivenBlock {
	readonly bytes: Uint8Array
	readonly kind: SourceKind
	readonly name: string
}

/**
 * Asks for the blocks of a claim one by one, a few at once.
 * @param get - gives verified blocks
 * @param atOnce - how many may be under way
 */
export async function runBlocks(
	session: FileSession,
	claim: Claim,
	get: (node: TreeNode, claim: Claim) => Promise<GivenBlock>,
	atOnce: () => number
): Promise<void> {
	const running = new Map<string, Promise<void>>()
	let failure: unknown
	const ask = async (node: TreeNode) => {
		try {
			const { bytes, kind, name } = await get(node, claim)
			session.deliver(claim, node, bytes, kind, name)
		} catch (error) {
			failure ??= error
			claim.cut()
		} finally {
			running.delete(node.key)
		}
	}
	let next = claim.from
	try {
		while ((await session.room(claim, next)) === 'read') {
			const piece = session.locate(next)
			if (piece.isLeaf) next = piece.to
			claim.busyTo = piece.to
			if (session.has(piece.node)) continue
			if (!running.has(piece.node.key)) running.set(piece.node.key, ask(piece.node))
			if (!piece.isLeaf) await running.get(piece.node.key)
			if (next < 0) next = claim.from
			while (running.size >= atOnce()) await Promise.race(running.values())
		}
		await Promise.all(running.values())
		claim.signal.throwIfAborted()
	} catch (error) {
		if (failure !== undefined && !isAbort(failure)) throw failure as Error
		throw error
	}
}

/** A watch that only notes who gave a block, and passes on what was wrong. */
export function noting(watch: BlockWatch): {
	readonly watch: BlockWatch
	from: { kind: SourceKind; name: string }
} {
	const noted = {
		from: { kind: 'peer' as SourceKind, name: 'peers' },
		watch: {
			...watch,
			wrong: (name: string) => watch.wrong(name),
			wasted: (name: string, bytes: number) => watch.wasted(name, bytes),
			received: (kind: SourceKind, name: string) => {
				noted.from = { kind, name }
			},
			waiting: () => undefined
		}
	}
	return noted
}
