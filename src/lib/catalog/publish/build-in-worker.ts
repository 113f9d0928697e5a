import { CID } from 'multiformats/cid'
import { AppError, type AppErrorCode } from '../../errors'
import type { BuiltPublication, Draft, PublishProgress } from '../publishing'

export interface BuildRequest {
	readonly draft: Draft
	readonly publisher: string
	/** Name of the block store's database; the shared one by default. */
	readonly blockstore?: string
	readonly addedS?: ReadonlyMap<string, number>
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
	  }
	| { readonly type: 'failed'; readonly code: AppErrorCode; readonly message: string; readonly detail?: string }

export interface BuildInWorkerOptions {
	readonly signal: AbortSignal
	readonly onprogress?: (progress: PublishProgress) => void
	readonly blockstore?: string
	/** See `BuildOptions.addedS`. */
	readonly addedS?: ReadonlyMap<string, number>
}

/**
 * `buildPublication` in a worker of its own, with the shared block store, so that hashing never janks the page.
 * @throws as `buildPublication` does; `storage-failed` also when the worker cannot start
 */
export async function buildInWorker(
	draft: Draft,
	publisher: string,
	{ signal, onprogress, ...rest }: BuildInWorkerOptions
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
			const { root, blocks, sizeBytes, entries, pages } = data
			resolve({
				root: CID.parse(root),
				blocks: blocks.map((cid) => CID.parse(cid)),
				sizeBytes,
				entries,
				pages
			})
		}
	}
	const request: BuildRequest = { draft: plain(draft), publisher, ...rest }
	worker.postMessage(request)
	try {
		return await promise
	} finally {
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
