import { measureSound, type MeasuredSound, type SoundPiece } from './measure'
import type { SoundReply } from './sound-worker'

/** What is decoded whole, where the browser cannot decode piece by piece: this much of a file, and of sound. */
const MAX_WHOLE_BYTES = 16 * 1024 * 1024
const MAX_WHOLE_S = 600
/** A piece of a second, for the page to breathe in between. */
const RATE = 48_000
/** One file; a damaged one may keep a decoder waiting. */
const FILE_MS = 10 * 60_000

/** Measures sounds one after the other, in a worker of its own. */
export class SoundMeasurer {
	#worker: Worker | undefined

	/**
	 * @param durationMs - as its tags say; what is not known is not decoded whole
	 * @returns undefined when it cannot be decoded here
	 * @throws the signal's reason
	 */
	async measure(
		file: Blob,
		durationMs: number | undefined,
		signal: AbortSignal
	): Promise<MeasuredSound | undefined> {
		signal.throwIfAborted()
		const deadline = AbortSignal.any([signal, AbortSignal.timeout(FILE_MS)])
		try {
			return (await this.#inWorker(file, deadline)) ?? (await whole(file, durationMs))
		} catch {
			signal.throwIfAborted()
			return undefined
		}
	}

	dispose(): void {
		this.#worker?.terminate()
		this.#worker = undefined
	}

	async #inWorker(file: Blob, signal: AbortSignal): Promise<MeasuredSound | undefined> {
		if (!('AudioDecoder' in globalThis)) return undefined
		this.#worker ??= new Worker(new URL('./sound-worker.ts', import.meta.url), { type: 'module', name: 'sound' })
		const worker = this.#worker
		const { promise, resolve, reject } = Promise.withResolvers<SoundReply>()
		const stop = () => {
			this.dispose()
			reject(signal.reason as Error)
		}
		signal.addEventListener('abort', stop)
		worker.onmessage = ({ data }: MessageEvent<SoundReply>) => {
			resolve(data)
		}
		worker.onerror = ({ message }) => {
			reject(new Error(message))
		}
		worker.postMessage(file)
		try {
			const reply = await promise
			return 'measured' in reply ? reply.measured : undefined
		} finally {
			signal.removeEventListener('abort', stop)
		}
	}
}

async function whole(file: Blob, durationMs: number | undefined): Promise<MeasuredSound | undefined> {
	if (!('OfflineAudioContext' in globalThis) || file.size > MAX_WHOLE_BYTES) return undefined
	if (durationMs === undefined || durationMs > MAX_WHOLE_S * 1000) return undefined
	const decoded = await new OfflineAudioContext(1, 1, RATE).decodeAudioData(await file.arrayBuffer())
	return await measureSound(pieces(decoded))
}

async function* pieces(decoded: AudioBuffer): AsyncGenerator<SoundPiece> {
	const planes = Array.from({ length: decoded.numberOfChannels }, (_, n) => decoded.getChannelData(n))
	for (let from = 0; from < decoded.length; from += RATE) {
		yield {
			sampleRate: decoded.sampleRate,
			planes: planes.map((plane) => plane.subarray(from, from + RATE))
		}
		await new Promise((resolve) => setTimeout(resolve))
	}
}
