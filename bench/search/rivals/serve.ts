import type { Engine } from '../page/engine'
import type { RivalCall } from '../page/rival'

/** Answers the page's calls, one at a time. */
export function serveRival(engine: Engine): void {
	const answer = async (call: RivalCall) => {
		try {
			const value = await (engine[call.method] as (...args: readonly unknown[]) => Promise<unknown>)(...call.args)
			postMessage({ value })
		} catch (error) {
			postMessage({ error: String(error) })
		}
	}
	onmessage = ({ data }: MessageEvent<RivalCall>) => void answer(data)
}
