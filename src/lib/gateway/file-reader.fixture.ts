import type { BlockSource, BlockWatch, Wait } from './block-source'
import { AppError } from '../errors'
import { keyOf, type TestFile } from './dag.fixture'
import { createFileReader, type LocalBlocks, type Purpose, type WantedRange } from './file-reader'
import { fakeFetch, type FakeGateway } from './gateway.fixture'
import type { GatewayDeadlines } from './gateway-client'
import { GatewayStanding } from './gateway-standing'
import { countedPeers, PeerStanding } from './peer-standing'

/** A block store in memory that answers in the next turn. */
export function aStore(blocks: ReadonlyMap<string, Uint8Array> = new Map()) {
	const held = new Map(blocks)
	const looked: string[] = []
	const local: LocalBlocks = {
		peek: () => undefined,
		get: (cid) => {
			looked.push(keyOf(cid))
			return Promise.resolve(held.get(keyOf(cid)))
		},
		put: (cid, bytes) => void held.set(keyOf(cid), bytes),
		ensure: (cid, bytes) => {
			held.set(keyOf(cid), bytes)
			return Promise.resolve()
		},
		settled: () => Promise.resolve()
	}
	return { local, held, looked }
}

/** Peers that have some blocks. */
export function somePeers(blocks: ReadonlyMap<string, Uint8Array>, answerMs = 0) {
	const asked: string[] = []
	const source: BlockSource = {
		async get(cid, { watch, signal }) {
			asked.push(keyOf(cid))
			if (answerMs > 0) await new Promise((resolve) => setTimeout(resolve, answerMs))
			signal.throwIfAborted()
			const bytes = blocks.get(keyOf(cid))
			if (bytes === undefined)
				throw new AppError('content-unavailable', 'the peers do not have it', { detail: 'peers: do not have it' })
			watch?.received('peer', 'a-peer', bytes.byteLength)
			return bytes
		}
	}
	return { source, asked }
}

export const DEADLINES: GatewayDeadlines = { firstByteMs: 3_000, pieceMs: 2_000, blockMs: 6_000 }

export interface TestReaderOptions {
	readonly gateways?: Readonly<Record<string, FakeGateway>>
	readonly peers?: BlockSource
	readonly local?: LocalBlocks
	readonly standing?: GatewayStanding
	readonly peerStanding?: PeerStanding
	readonly deadlines?: GatewayDeadlines
}

/** A reader over fakes, which counts all that it is told. */
export function aReader({
	gateways = {},
	peers: uncounted,
	local,
	standing,
	peerStanding = new PeerStanding(),
	deadlines = DEADLINES
}: TestReaderOptions) {
	const peers = uncounted && countedPeers(uncounted, peerStanding)
	const network = fakeFetch(gateways)
	const urls: string[] = []
	const headers: [string, string][] = []
	const received = new Map<string, number>()
	const wasted = new Map<string, number>()
	const wrong: string[] = []
	const waits: (Wait | undefined)[] = []
	const watch: BlockWatch = {
		received: (_, name, bytes) => received.set(name, (received.get(name) ?? 0) + bytes),
		wasted: (name, bytes) => wasted.set(name, (wasted.get(name) ?? 0) + bytes),
		wrong: (name) => wrong.push(name),
		waiting: (wait) => waits.push(wait)
	}
	const fetch = (async (url: string, init?: RequestInit) => {
		urls.push(url)
		headers.push(...Object.entries((init?.headers ?? {}) as Record<string, string>))
		return network.fetch(url, init)
	}) as typeof globalThis.fetch
	const reader = createFileReader({
		fetch,
		local: local ?? aStore().local,
		standing: standing ?? new GatewayStanding(),
		peerStanding,
		deadlines
	})
	const open = (
		file: TestFile,
		range: WantedRange = { from: 0 },
		{ purpose = 'play', signal = new AbortController().signal }: { purpose?: Purpose; signal?: AbortSignal } = {}
	) =>
		reader.open(file.root, range, {
			sources: { gateways: () => Object.keys(gateways), ...(peers ? { peers } : {}) },
			watch,
			purpose,
			signal
		})
	return { open, network, urls, headers, received, wasted, wrong, waits }
}

/** All of a stream. */
export async function drained(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
	return new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer())
}
