/// <reference lib="webworker" />
import { openBlockstore } from '../../storage/blockstore'
import { openImportLedger } from '../../storage/import-ledger'
import { errorCode } from '../../errors'
import { buildPublication } from './build'
import type { BuildReply, BuildRequest, PauseMessage } from './build-in-worker'
import { Pause } from './pause'

const scope = globalThis as unknown as DedicatedWorkerGlobalScope
const pause = new Pause()
const reply = (message: BuildReply) => {
	scope.postMessage(message)
}

/* One worker, one publication: the tab ends it when it has the answer, or when it cancels. */
scope.onmessage = async ({ data }: MessageEvent<BuildRequest | PauseMessage>) => {
	pause.set(data.paused)
	if (!('draft' in data)) return
	try {
		const [store, known] = await Promise.all([
			openBlockstore(data.blockstore),
			// Without it all goes well too, once.
			openImportLedger(data.ledger).catch(() => undefined)
		])
		// Nothing leads to these blocks before the root is written last: until this worker ends they are in use as a group.
		const group = `publishing ${data.publisher}`
		store.hold(group)
		const { root, blocks, ...totals } = await buildPublication(data.draft, data.publisher, {
			blockstore: {
				put: (cid, bytes, options) => store.put(cid, bytes, { ...options, group }),
				putPart: (cid, part, options) => store.putPart(cid, part, { ...options, group }),
				has: (cid) => store.has(cid)
			},
			pause,
			// The tab cancels by ending the worker.
			signal: new AbortController().signal,
			onprogress: (progress) => {
				reply({ type: 'progress', progress })
			},
			...(known && { known }),
			...(data.inFiles && { inFiles: true }),
			...(data.addedS && { addedS: data.addedS })
		})
		await known?.settled()
		reply({ type: 'built', root: root.toString(), blocks: blocks.map(String), ...totals })
	} catch (error) {
		const { message, detail } = Object(error) as { message?: string; detail?: string }
		reply({
			type: 'failed',
			code: errorCode(error) ?? 'storage-failed',
			message: message ?? String(error),
			...(detail !== undefined && { detail })
		})
	}
}
