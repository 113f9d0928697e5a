/// <reference lib="webworker" />
import { openBlockstore } from '../../storage/blockstore'
import { errorCode } from '../../errors'
import { buildPublication } from './build'
import type { BuildReply, BuildRequest } from './build-in-worker'

const scope = globalThis as unknown as DedicatedWorkerGlobalScope
const reply = (message: BuildReply) => {
	scope.postMessage(message)
}

/* One worker, one publication: the tab ends it when it has the answer, or when it cancels. */
scope.onmessage = async ({ data }: MessageEvent<BuildRequest>) => {
	try {
		const store = await openBlockstore(data.blockstore)
		// Nothing leads to these blocks before the root is written last: until this worker ends they are in use as a group.
		const group = `publishing ${data.publisher}`
		store.hold(group)
		const { root, blocks, ...totals } = await buildPublication(data.draft, data.publisher, {
			blockstore: { put: (cid, bytes, options) => store.put(cid, bytes, { ...options, group }) },
			// The tab cancels by ending the worker.
			signal: new AbortController().signal,
			onprogress: (progress) => {
				reply({ type: 'progress', progress })
			},
			...(data.addedS && { addedS: data.addedS })
		})
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
