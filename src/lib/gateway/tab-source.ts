import { AppError } from '../errors'
import { askTab, BLOCK_PORT_VERSION, type WorkerReply, type WorkerRequest } from './block-port'
import type { BlockSource } from './block-source'
import { identityBlock, verifyBlock } from './verify-block'

/** One open tab, as the worker sees it. */
export interface TabHandle {
	readonly id: string
	post(this: void, message: WorkerRequest, transfer: Transferable[]): void
}

export interface TabSourceOptions {
	readonly tabs: () => Promise<readonly TabHandle[]>
	/** How long the leading tab may look among its peers, ms. */
	readonly timeoutMs: () => number
}

/** Stands for the peers in what is told about a failure. */
const NAME = 'peers'
/** What a reply says of a block that lay in the store. */
const LOCAL = 'local'
/** Requests within this time share one look at which tabs are open: a reader has many in flight. */
const TABS_FRESH_MS = 50
/** How long nobody is asked again after all tabs said that they do not lead: every block would wait for their answers. */
const NO_LEADER_MS = 1_000

/**
 * Blocks from the peers of the tab that leads, whichever that is. Tabs that do not lead say so and are passed over.
 * Rejects with `no-leader` when none does, and with `content-unavailable` when its peers do not have the block.
 */
export function createTabSource({ tabs, timeoutMs }: TabSourceOptions): BlockSource {
	let leader: string | undefined
	let noLeaderUntilMs = 0
	let seen: Promise<readonly TabHandle[]> | undefined
	let seenMs = -Infinity
	const openTabs = () => {
		const now = performance.now()
		if (seen === undefined || now > seenMs + TABS_FRESH_MS) {
			seenMs = now
			seen = tabs()
		}
		return seen
	}
	return {
		async get(cid, { signal, watch, file }) {
			const inside = identityBlock(cid)
			if (inside !== undefined) return inside
			if (performance.now() < noLeaderUntilMs) throw new AppError('no-leader', 'no tab holds the peer')
			const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs())])
			const request: WorkerRequest = {
				type: 'block-request',
				version: BLOCK_PORT_VERSION,
				cid: cid.toV1().toString(),
				...(file ? { file: file.toV1().toString() } : {})
			}
			const open = await openTabs()
			const known = open.filter((tab) => tab.id === leader)
			const ask = async (tab: TabHandle): Promise<Extract<WorkerReply, { type: 'block' }>> => {
				const reply: WorkerReply = await askTab(tab.post, request, deadline)
				if (reply.type === 'failed' && reply.code === 'no-leader') {
					if (leader === tab.id) leader = undefined
					throw new AppError('no-leader', 'this tab does not hold the peer')
				}
				leader = tab.id
				if (reply.type !== 'block')
					throw new AppError('content-unavailable', 'the peers do not have it', {
						detail: `${NAME}: do not have it`
					})
				if (!(await verifyBlock(cid, reply.bytes))) {
					watch?.wrong(reply.from)
					throw new AppError('content-unverified', 'the bytes were wrong', {
						detail: `${NAME}: the bytes were wrong`
					})
				}
				return reply
			}
			const asked = known.length > 0 ? known : open
			try {
				const { bytes, from } = await Promise.any(asked.map(ask)).catch((error: unknown) => {
					if (leader !== undefined || known.length === 0) throw error
					// The lead has changed hands: ask everyone.
					return Promise.any(open.map(ask))
				})
				watch?.received(from === LOCAL ? 'local' : 'peer', from, bytes.byteLength)
				return bytes
			} catch (error) {
				signal.throwIfAborted()
				const causes: unknown[] = error instanceof AggregateError ? error.errors : [error]
				const telling = causes.find((cause) => cause instanceof AppError && cause.code !== 'no-leader')
				if (telling instanceof AppError) throw telling
				if (deadline.aborted) {
					throw new AppError('content-unavailable', 'the peers did not answer', {
						detail: `${NAME}: no answer in time`
					})
				}
				noLeaderUntilMs = performance.now() + NO_LEADER_MS
				throw new AppError('no-leader', 'no tab holds the peer')
			}
		}
	}
}
