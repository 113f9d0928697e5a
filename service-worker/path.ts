import { walkPath } from 'ipfs-unixfs-exporter'
import type { CID } from 'multiformats/cid'
import { AppError, isAbort } from '../src/lib/errors'
import type { ContentNode } from './node'
import { carrying, type Read } from './read'

/** The CIDs along a path, the last of which it leads to. The block of that one is not read. @throws AppError `not-found`, `content-unavailable` */
export async function resolvePath(
	node: ContentNode,
	root: CID,
	segments: readonly string[],
	read: Read,
	signal: AbortSignal
): Promise<[CID, ...CID[]]> {
	const cids: [CID, ...CID[]] = [root]
	if (segments.length === 0) return cids
	try {
		const path = `/ipfs/${[root.toString(), ...segments].join('/')}`
		let isRoot = true
		for await (const { cid } of walkPath(path, node.blocks, carrying(read, { signal }))) {
			if (!isRoot) cids.push(cid)
			isRoot = false
		}
		return cids
	} catch (error) {
		throw asAppError(error, signal)
	}
}

/** The AppError inside what Helia and the exporter throw; their own errors by what they mean. */
export function asAppError(error: unknown, signal?: AbortSignal): unknown {
	signal?.throwIfAborted()
	if (error instanceof AppError || isAbort(error)) return error
	if (error instanceof AggregateError) {
		// Helia's LoadBlockFailedError: one error a broker, and there is one broker.
		const inner = (error.errors as unknown[]).map((each) => asAppError(each))
		return inner.find((each) => each instanceof AppError) ?? inner[0] ?? error
	}
	const name = error instanceof Error ? error.name : ''
	if (name === 'NotFoundError' || name === 'BadPathError')
		return new AppError('not-found', 'nothing has this name here')
	if (/NotUnixFS|NoResolver|OverRead|UnderRead|Parameters/.test(name)) {
		return new AppError('content-unsupported', 'this is built in a way that is not read here', { cause: error })
	}
	return error
}
