/* A worker that asks another for signs of life, on the port it is given, and tells how long the longest took. */

const EVERY_MS = 4

let worstMs = 0
let sentMs = 0
let ended = false

addEventListener('message', ({ data, ports: [port] }: MessageEvent<'start' | 'end'>) => {
	if (data === 'end') {
		// One that is still out counts as well.
		const waitedMs = sentMs === 0 ? 0 : performance.now() - sentMs
		postMessage(Math.max(worstMs, waitedMs))
		ended = true
		return
	}
	if (port === undefined) return
	worstMs = 0
	ended = false
	port.onmessage = ({ data }: MessageEvent<{ type: string }>) => {
		if (data.type !== 'pong') return
		worstMs = Math.max(worstMs, performance.now() - sentMs)
		sentMs = 0
		setTimeout(ping, EVERY_MS)
	}
	const ping = () => {
		if (ended) return
		sentMs = performance.now()
		port.postMessage({ type: 'ping' })
	}
	ping()
})
