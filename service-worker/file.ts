import { exporter, walkPath, type UnixFSDirectory } from 'ipfs-unixfs-exporter'
import type { CID } from 'multiformats/cid'
import { AppError, isAbort } from '../src/lib/errors'
import type { ContentNode } from './node'
import { carrying, type Read } from './read'

/** What a content path names, as far as its root block tells. */
export type Resolved =
	| { readonly kind: 'file'; readonly cid: CID; readonly sizeBytes: number }
	| { readonly kind: 'directory'; readonly cid: CID; readonly directory: UnixFSDirectory }
	/** Neither file nor folder; its block can still be had raw. */
	| { readonly kind: 'node'; readonly cid: CID }

/** The CID at the end of a path. @throws AppError `not-found`, `content-unavailable` */
export async function resolvePath(
	node: ContentNode,
	root: CID,
	segments: readonly string[],
	read: Read,
	signal: AbortSignal
): Promise<CID> {
	let cid = root
	if (segments.length === 0) return cid
	try {
		const path = `/ipfs/${[root.toString(), ...segments].join('/')}`
		for await (const entry of walkPath(path, node.blocks, carrying(read, { signal }))) cid = entry.cid
		return cid
	} catch (error) {
		throw asAppError(error, signal)
	}
}

/** @throws AppError `content-unsupported`, `content-unavailable` */
export async function resolveFile(
	node: ContentNode,
	cid: CID,
	read: Read,
	signal: AbortSignal
): Promise<Resolved> {
	try {
		const entry = await exporter(cid, node.blocks, carrying(read, { signal }))
		if (entry.type === 'directory') return { kind: 'directory', cid, directory: entry }
		if (entry.type === 'object' || (entry.type === 'file' && !['file', 'raw'].includes(entry.unixfs.type))) {
			return { kind: 'node', cid }
		}
		return { kind: 'file', cid, sizeBytes: Number(entry.size) }
	} catch (error) {
		if (error instanceof Error && ['NoResolverError', 'NotUnixFSError'].includes(error.name))
			return { kind: 'node', cid }
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
