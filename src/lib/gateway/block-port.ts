import type { AppErrorCode } from '../errors'
import type { SourceKind } from './block-source'

/** Bumped when a message changes shape. A tab with another version answers `failed`, and is never misread. */
export const BLOCK_PORT_VERSION = 1

/** What the worker must know of a visit to answer its requests. */
export interface VisitEndpoints {
	readonly gateways: readonly string[]
	readonly allowLocal: boolean
}

/** Worker to tab by `client.postMessage`, with one fresh MessagePort for the one answer. `cid` is base32 CIDv1. */
export type WorkerRequest =
	| { readonly type: 'block-request'; readonly version: typeof BLOCK_PORT_VERSION; readonly cid: string }
	| { readonly type: 'endpoints-request'; readonly version: typeof BLOCK_PORT_VERSION }

/** On the port of a block request: its answer is no longer wanted. */
export interface WorkerAbort {
	readonly type: 'abort'
}

/** Tab to worker. The worker hashes the bytes itself, so that the tab needs no trust. */
export type WorkerReply =
	| { readonly type: 'block'; readonly bytes: Uint8Array<ArrayBuffer> }
	| { readonly type: 'endpoints'; readonly endpoints: VisitEndpoints }
	/** `no-leader`: this tab does not hold the peer, ask another. */
	| { readonly type: 'failed'; readonly code: AppErrorCode; readonly message: string }

/** Worker to all tabs, on BroadcastChannel `antiphon-bytes`: where the bytes of a file came from, since the last such message. */
export interface BytesReport {
	readonly type: 'bytes'
	/** Root CID of the file that was read. */
	readonly root: string
	readonly from: readonly { readonly kind: SourceKind; readonly name: string; readonly bytes: number }[]
	/** Blocks that did not hash to their CID and were thrown away, by source. */
	readonly wrong: readonly { readonly name: string; readonly blocks: number }[]
	/** Set when no source was left: what was tried, in words. */
	readonly failed?: { readonly code: AppErrorCode; readonly tried: readonly string[] }
}

export const BYTES_CHANNEL = 'antiphon-bytes'

/**
 * Asks one tab. `post` is the bound `client.postMessage`, a parameter so that tests need no worker.
 * @param signal - must carry a deadline: a tab that was closed or frozen never answers
 * @throws the reason of `signal`
 */
export async function askTab(
	post: (message: WorkerRequest, transfer: Transferable[]) => void,
	request: WorkerRequest,
	signal: AbortSignal
): Promise<WorkerReply> {
	signal.throwIfAborted()
	const { port1: ours, port2: theirs } = new MessageChannel()
	const { promise, resolve, reject } = Promise.withResolvers<WorkerReply>()
	const abort = () => {
		ours.postMessage({ type: 'abort' } satisfies WorkerAbort)
		reject(signal.reason as Error)
	}
	signal.addEventListener('abort', abort)
	ours.onmessage = (event: MessageEvent<WorkerReply>) => {
		resolve(event.data)
	}
	try {
		post(request, [theirs])
		return await promise
	} finally {
		signal.removeEventListener('abort', abort)
		ours.close()
	}
}
