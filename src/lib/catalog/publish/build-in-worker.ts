import { CID } from 'multiformats/cid'
import { AppError, type AppErrorCode } from '../../errors'
import type { BuiltPublication, Draft, PublishProgress } from '../publishing'
import type { FileLeaves } from './file-blocks'
import type { Pause } from './pause'

export interface BuildRequest {
	readonly draft: Draft
	readonly publisher: string
	/** Name of the block store's database; the shared one by default. */
	readonly blockstore?: string
	readonly addedS?: ReadonlyMap<string, number>
	readonly inFiles?: boolean
	/** Name of the ledger's database. */
	readonly ledger?: string
	readonly paused: boolean
}

/** What the tab sends after the request. */
export interface PauseMessage {
	readonly paused: boolean
}

export type BuildReply =
	| { readonly type: 'progress'; readonly progress: PublishProgress }
	| {
			readonly type: 'built'
			readonly root: string
			readonly blocks: readonly string[]
			readonly sizeBytes: number
			readonly entries: number
			readonly pages: number
			readonly leaves?: readonly FileLeaves[]
	  }
	| { readonly type: 'failed'; readonly code: AppErrorCode; readonly message: string; readonly detail?: string }

export interface BuildInWorkerOptions {
	readonly signal: AbortSignal
	readonly onprogress?: (progress: PublishProgress) => void
	readonly blockstore?: string
	/** See `BuildOptions`. */
	readonly addedS?: ReadonlyMap<string, number>
	readonly inFiles?: boolean
	readonly pause?: Pause
	/** Name of the database that remembers hashed files; the shared one by default. */
	readonly ledger?: string
}

/**
 * `buildPublication` in a worker of its own, with the shared block store, so that hashing never janks the page.
 * @throws as `buildPublication` does; `storage-failed` also when the worker cannot start
 */
export async function buildInWorker(
	draft: Draft,
	publisher: string,
	{ signal, onprogress, pause, ...rest }: BuildInWorkerOptions
): Promise<BuiltPublication> {
	signal.throwIfAborted()
	const worker = new Worker(new URL('./publish-worker.ts', import.meta.url), { type: 'module', name: 'publish' })
	const { promise, resolve, reject } = Promise.withResolvers<BuiltPublication>()
	const abort = () => {
		reject(signal.reason as Error)
	}
	signal.addEventListener('abort', abort)
	worker.onerror = ({ message }) => {
		reject(new AppError('storage-failed', `the publishing worker: ${message}`))
	}
	worker.onmessage = ({ data }: MessageEvent<BuildReply>) => {
		if (data.type === 'progress') {
			onprogress?.(data.progress)
		} else if (data.type === 'failed') {
			const { code, message, detail } = data
			reject(new AppError(code, message, detail === undefined ? {} : { detail }))
		} else {
			const { root, blocks, sizeBytes, entries, pages, leaves } = data
			resolve({
				root: CID.parse(root),
				blocks: blocks.map((cid) => CID.parse(cid)),
				sizeBytes,
				entries,
				pages,
				...(leaves && { leaves })
			})
		}
	}
	const request: BuildRequest = { draft: plain(draft), publisher, paused: pause?.paused ?? false, ...rest }
	worker.postMessage(request)
	const unfollow = pause?.follow((paused) => {
		worker.postMessage({ paused } satisfies PauseMessage)
	})
	const start = performance.now()
	try {
		const built = await promise
		const bytes = [...draft.entries, ...draft.others].reduce((sum, { file }) => sum + file.size, 0)
		performance.measure('antiphon:import', { start, detail: { bytes } })
		return built
	} finally {
		unfollow?.()
		signal.removeEventListener('abort', abort)
		worker.terminate()
	}
}

/** A copy that can be posted: screens keep drafts behind proxies, which cannot. */
function plain(draft: Draft): Draft {
	return {
		...draft,
		entries: draft.entries.map((entry) => ({
			...entry,
			artists: [...entry.artists],
			albumArtists: [...entry.albumArtists],
			genres: [...entry.genres],
			composers: [...entry.composers]
		})),
		others: draft.others.map((other) => ({ ...other }))
	}
}
