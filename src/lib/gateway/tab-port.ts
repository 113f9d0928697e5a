import { CID } from 'multiformats/cid'
import { AppError, errorCode } from '../errors'
import {
	BLOCK_PORT_VERSION,
	BYTES_CHANNEL,
	type BytesReport,
	type VisitEndpoints,
	type WorkerReply,
	type WorkerRequest
} from './block-port'
import type { BlockRequestOptions, SourceKind } from './block-source'
import { BytesTally } from './bytes-tally'

export interface WorkerClientOptions {
	/**
	 * One block from the peers of this tab. Absent, or rejecting with `no-leader`, where this tab does not lead. Says by
	 * `watch.received` which peer sent it; without that it counts as `local`.
	 */
	readonly getBlock?: (cid: CID, options: BlockRequestOptions) => Promise<Uint8Array>
	/** The endpoints of this visit. */
	readonly endpoints: () => VisitEndpoints
	/** Where the worker's messages arrive: `navigator.serviceWorker`. */
	readonly messages?: Pick<ServiceWorkerContainer, 'addEventListener' | 'removeEventListener'>
	/** Hears of wrong blocks and bytes in vain, which no reply carries; a broadcast to all tabs by default. */
	readonly report?: (report: BytesReport) => void
}

const BLOCK_TIMEOUT_MS = 20_000

/** Answers what the service worker asks of this tab. Returns a function that stops it. */
export function serveWorker(options: WorkerClientOptions): () => void {
	const messages = options.messages ?? navigator.serviceWorker
	const channel = options.report ? undefined : new BroadcastChannel(BYTES_CHANNEL)
	const tally = new BytesTally(options.report ?? ((report) => channel?.postMessage(report)))
	const listen = (event: Event) => {
		const { data, ports } = event as MessageEvent<Partial<WorkerRequest> | null>
		const [port] = ports
		if (port === undefined || (data?.type !== 'block-request' && data?.type !== 'endpoints-request')) return
		void answer(data as WorkerRequest, port, options, tally).then((reply) => {
			port.postMessage(reply, reply.type === 'block' ? [reply.bytes.buffer] : [])
			port.close()
		})
	}
	messages.addEventListener('message', listen)
	return () => {
		messages.removeEventListener('message', listen)
		channel?.close()
	}
}

async function answer(
	request: WorkerRequest,
	port: MessagePort,
	options: WorkerClientOptions,
	tally: BytesTally
): Promise<WorkerReply> {
	const stop = new AbortController()
	const timer = setTimeout(() => {
		stop.abort(new DOMException('no peer answered in time', 'TimeoutError'))
	}, BLOCK_TIMEOUT_MS)
	port.onmessage = () => {
		stop.abort()
	}
	try {
		// Typed as the present version; what comes may be from a worker of another.
		if ((request.version as number) !== BLOCK_PORT_VERSION) {
			throw new AppError('no-leader', 'this tab speaks another version')
		}
		if (request.type === 'endpoints-request') return { type: 'endpoints', endpoints: options.endpoints() }
		if (options.getBlock === undefined) throw new AppError('no-leader', 'this tab does not hold the peer')
		let from = 'local'
		const file = request.file === undefined ? undefined : CID.parse(request.file)
		// what was received is counted by the worker, which also drops what comes too late
		const watch = {
			...tally.watch(file?.toString() ?? request.cid),
			received: (_kind: SourceKind, name: string) => {
				from = name
			}
		}
		const bytes = await options.getBlock(CID.parse(request.cid), {
			signal: stop.signal,
			watch,
			...(file ? { file } : {})
		})
		// A copy of its own: it is handed over whole, and the block may lie in a larger buffer that is still in use.
		return { type: 'block', bytes: new Uint8Array(bytes), from }
	} catch (error) {
		const message = error instanceof Error ? error.message : 'the block could not be had'
		return { type: 'failed', code: errorCode(error) ?? 'content-unavailable', message }
	} finally {
		clearTimeout(timer)
	}
}
