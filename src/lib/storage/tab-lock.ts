/**
 * Calls `lead` once this tab holds the Web Lock `name`, and holds it until the returned function is called. The browser
 * passes the lock to the next tab in line when this one closes or crashes. Where a browser has no Web Locks every tab
 * leads for itself.
 */
export function leadWhenFirst(name: string, lead: () => void): () => void {
	const { promise: released, resolve: release } = Promise.withResolvers<void>()
	const waiting = new AbortController()
	if (!('locks' in navigator)) {
		lead()
		return release
	}
	navigator.locks
		.request(name, { signal: waiting.signal }, async () => {
			lead()
			await released
		})
		.catch(() => {
			// Only our own abort rejects here: the tab stopped waiting.
		})
	return () => {
		release()
		waiting.abort()
	}
}

/** Runs `work` while no other tab or worker does; at once where a browser has no Web Locks. */
export async function runAlone<T>(name: string, work: () => Promise<T>): Promise<T> {
	if (!('locks' in navigator)) return await work()
	// The DOM typing gives Promise<Awaited<T>>; `work` already promises T.
	return await navigator.locks.request(name, work)
}
