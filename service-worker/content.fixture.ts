import { MemoryBlockstore } from 'blockstore-core'
import { importer } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { CID } from 'multiformats/cid'
import { sha256 } from 'multiformats/hashes/sha2'
import { AppError } from '../src/lib/errors'
import type { BlockSource } from '../src/lib/gateway/block-source'
import type { BytesReport } from '../src/lib/gateway/block-port'
import { BytesTally } from '../src/lib/gateway/bytes-tally'
import { createFileReader } from '../src/lib/gateway/file-reader'
import { GatewayStanding } from '../src/lib/gateway/gateway-standing'
import { PeerStanding } from '../src/lib/gateway/peer-standing'
import { contentHandler } from './content'
import { Names, type NamesOptions } from './ipns-name'
import { KeptBlocks } from './kept-blocks'
import { localBlocks } from './local-blocks'
import { createContentNode } from './node'

export const CHUNK_BYTES = 64 * 1024

/** Bytes without a pattern, so that no two blocks are the same; the same each time. */
export function someBytes(sizeBytes: number): Uint8Array {
	let state = 1
	return Uint8Array.from({ length: sizeBytes }, () => {
		// xorshift32
		state ^= state << 13
		state ^= state >>> 17
		state ^= state << 5
		return state
	})
}

/** A network that holds what is added to it, and remembers which blocks were asked for. */
export function aNetwork() {
	const held = new Map<string, Uint8Array>()
	const asked: CID[] = []
	const stopped: CID[] = []
	const stuck = new Set<string>()
	const source: BlockSource = {
		async get(cid, { signal, watch }) {
			asked.push(cid)
			const key = cid.toV1().toString()
			if (stuck.has(key)) {
				await new Promise((_, reject) => {
					signal.addEventListener('abort', () => {
						stopped.push(cid)
						reject(signal.reason as Error)
					})
				})
			}
			const bytes = held.get(key)
			if (bytes === undefined)
				throw new AppError('content-unavailable', 'no source', { detail: 'https://a.example: 404' })
			watch?.received('gateway', 'https://a.example', bytes.byteLength)
			return bytes
		}
	}
	/** Adds files by path; resolves to the CIDs by path, folders included, and '' for the root folder. */
	async function add(
		files: Readonly<Record<string, Uint8Array>>,
		{ sharded = false }: { readonly sharded?: boolean } = {}
	): Promise<Record<string, string>> {
		const store = new MemoryBlockstore()
		const cids: Record<string, string> = {}
		const sources = Object.entries(files).map(([path, content]) => ({ path, content }))
		const options = {
			rawLeaves: true,
			cidVersion: 1,
			chunker: fixedSize({ chunkSize: CHUNK_BYTES }),
			wrapWithDirectory: true,
			...(sharded ? { shardSplitThresholdBytes: 0 } : {})
		} as const
		for await (const { path = '', cid } of importer(sources, store, options)) cids[path] = cid.toString()
		for await (const { cid, bytes } of store.getAll()) {
			for await (const block of bytes) for (const code of [0x55, 0x70]) held.set(withCode(cid, code), block)
		}
		return cids
	}
	/** Adds one block; resolves to its CID. */
	async function put(code: number, block: Uint8Array): Promise<CID> {
		const cid = CID.createV1(code, await sha256.digest(block))
		held.set(cid.toString(), block)
		return cid
	}
	return { source, add, put, asked, stopped, stuck, lose: (cid: string) => held.delete(cid) }
}

/** Stores forget codecs; requests name them. */
const withCode = (cid: CID, code: number) =>
	(cid.constructor as typeof CID).createV1(code, cid.multihash).toString()

export interface TestWorkerOptions {
	readonly scope?: string
	readonly announced?: NamesOptions['announced']
}

/** The content handler as the worker composes it, over a network of this test. */
export function aWorker(
	source: BlockSource,
	{ scope = 'https://app.example/sub/', announced }: TestWorkerOptions = {}
) {
	const reports: BytesReport[] = []
	const stored = new MemoryBlockstore()
	const blocks = new KeptBlocks({ open: () => Promise.resolve(stored) })
	let node: ReturnType<typeof createContentNode> | undefined
	const opened = () => (node ??= createContentNode(blocks))
	const reader = createFileReader({
		local: localBlocks(blocks),
		standing: new GatewayStanding(),
		peerStanding: new PeerStanding(),
		fetch: () => Promise.reject(new TypeError('Failed to fetch'))
	})
	const handler = contentHandler({
		scope: new URL(scope),
		node: opened,
		reader: () => Promise.resolve(reader),
		names: new Names({
			announced: announced ?? (() => Promise.resolve(undefined)),
			online: () => true,
			fetch: () => Promise.reject(new TypeError('Failed to fetch'))
		}),
		endpoints: () => Promise.resolve({ gateways: [], allowLocal: false }),
		sources: () => ({ blocks: source, files: { gateways: () => [], peers: source } }),
		tally: new BytesTally((report) => reports.push(report)),
		settled: () => blocks.settled()
	})
	const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> => {
		const url = new URL(path, scope)
		const request = new Request(url, { method, headers })
		const event = { request, clientId: 'tab', waitUntil: () => undefined } as unknown as FetchEvent
		return handler.handle(event, url)
	}
	return { get, reports, stored }
}
