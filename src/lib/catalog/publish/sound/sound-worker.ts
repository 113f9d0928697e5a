/// <reference lib="webworker" />
import { decodeSound } from './decode'
import { measureSound, type MeasuredSound } from './measure'

/** The tab posts a file, and is answered once. */
export type SoundReply = { readonly measured: MeasuredSound | undefined } | { readonly failed: string }

const scope = globalThis as unknown as DedicatedWorkerGlobalScope

scope.onmessage = async ({ data }: MessageEvent<Blob>) => {
	let reply: SoundReply
	try {
		reply = { measured: await measureSound(decodeSound(data)) }
	} catch (error) {
		reply = { failed: String(error) }
	}
	scope.postMessage(reply)
}
