import type { AppErrorCode } from '../errors'
import type { SourceKind, Wait } from './block-source'

/** Bumped when a message changes shape. A tab with another version answers `failed`, and is never misread. */
export const BLOCK_PORT_VERSION = 2

/** What the worker must know of a visit to answer its requests. */
export interface VisitEndpoints {
	readonly gateways: readonly string[]
	readonly allowLocal: boolean
}

/** Worker to tab by `client.postMessage`, with one fresh MessagePort for the one answer. `cid` is base32 CIDv1. */
export type WorkerRequest =
	| {
			readonly type: 'block-request'
			readonly version: typeof BLOCK_PORT_VERSION
			readonly cid: string
			/** Root of the file that the block belongs to. */
			readonly file?: string
	  }
	| { readonly type: 'endpoints-request'; readonly version: typeof BLOCK_PORT_VERSION }

/** On the port of a block request: its answer is no longer wanted. */
export interface WorkerAbort {
	readonly type: 'abort'
}

/** Tab to worker. The worker hashes the bytes itself, so that the tab needs no trust. */
export type WorkerReply =
	| {
			readonly type: 'block'
			readonly bytes: Uint8Array<ArrayBuffer>
			/** Id of the peer that sent it, or `local`; for the count only. */
			readonly from: string
	  }
	| { readonly type: 'endpoints'; readonly endpoints: VisitEndpoints }
	/** `no-leader`: this tab does not hold the peer, ask another. */
	| { readonly type: 'failed'; readonly code: AppErrorCode; readonly message: string }

/** Worker to all tabs, on BroadcastChannel `antiphon-bytes`: where the bytes of a file came from, since the last such message. */
export interface BytesReport {
	readonly type: 'bytes'
	/** Root CID of the file that was read. */
	readonly root: string
	readonly from: readonly {
		readonly kind: SourceKind
		readonly name: string
		readonly bytes: number
		readonly blocks: number
	}[]
	/** Blocks that did not hash to their CID and were thrown away, by source. */
	readonly wrong: readonly { readonly name: string; readonly blocks: number }[]
	/** Bytes that came and were of no use, by source. */
	readonly wasted: readonly { readonly name: string; readonly bytes: number }[]
	/** Set while the reader waits for longer than usual; the next report without it says that it goes on. */
	readonly waiting?: Wait
	/** Set when no source was left: what was tried, in words. */
	readonly failed?: { readonly code: AppErrorCode; readonly tried: readonly string[] }
}

export const BYTES_CHANNEL = 'antiphon-bytes'

/**
 * Header of a range request by which the page has bytes fetched ahead of the listener: the worker reads them into the block
 * store after everything that plays. Its value says how much it matters. The answer is 202 with an empty body, which ends
 * when the bytes are there and breaks when they cannot be had; to cancel it is the one way to stop the reading that works in
 * every browser. An error that is known before is an error answer as for any request.
 */
export const AHEAD_HEADER = 'Antiphon-Ahead'
export type Ahead = 'soon' | 'later'

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
