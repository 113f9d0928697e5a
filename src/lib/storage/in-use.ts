const prefixOf = (store: string) => `${store} in use: `

/** What this context holds, for browsers without Web Locks: name → how often. */
const held = new Map<string, number>()

/**
 * Says that what belongs to `name` is being read or made: eviction leaves it, in whichever tab or worker it runs. `name` is
 * a CID, which stands for all below it, or the label of a group of blocks. It holds until the returned function is called,
 * and ends with the tab or worker.
 */
export function holdInUse(name: string, store = 'antiphon-blocks'): () => void {
	const lock = prefixOf(store) + name
	const { promise: released, resolve: release } = Promise.withResolvers<void>()
	held.set(lock, (held.get(lock) ?? 0) + 1)
	if ('locks' in navigator) {
		navigator.locks
			.request(lock, { mode: 'shared' }, () => released)
			// A page that is going away gets no lock any more, and needs none.
			.catch(() => undefined)
	}
	let over = false
	return () => {
		if (over) return
		over = true
		const times = (held.get(lock) ?? 1) - 1
		if (times === 0) held.delete(lock)
		else held.set(lock, times)
		release()
	}
}

/** The names that any tab or worker holds. */
export async function namesInUse(store = 'antiphon-blocks'): Promise<readonly string[]> {
	const locks = 'locks' in navigator ? await navigator.locks.query() : {}
	const names = [...(locks.held ?? []), ...(locks.pending ?? [])].map(({ name = '' }) => name)
	const prefix = prefixOf(store)
	return [...new Set([...names, ...held.keys()])]
		.filter((name) => name.startsWith(prefix))
		.map((name) => name.slice(prefix.length))
}
