import { useLeader } from '$lib/state/context'
import type { SharedPlaylist } from '$lib/state/read-playlist'

/**
 * The playlist behind a link, read from the network. Call while a component is made.
 * @param link - what stands behind `#/p/`
 */
export function useSharedPlaylist(link: () => string, timeoutMs: number) {
	const leader = useLeader()
	let playlist = $state.raw<SharedPlaylist>()
	let failure = $state.raw<unknown>()
	let tries = $state(0)

	async function read(of: string, signal: AbortSignal): Promise<void> {
		try {
			const { readSharedPlaylist } = await import('$lib/state/read-playlist')
			const read = await readSharedPlaylist(leader, of, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]))
			if (!signal.aborted) playlist = read
		} catch (error) {
			if (!signal.aborted) failure = error
		}
	}
	$effect(() => {
		void tries
		const reading = new AbortController()
		playlist = undefined
		failure = undefined
		void read(link(), reading.signal)
		return () => {
			reading.abort()
		}
	})
	return {
		/** Undefined until it was read. */
		get playlist(): SharedPlaylist | undefined {
			return playlist
		},
		/** Why it could not be read. */
		get failure(): unknown {
			return failure
		},
		retry: (): void => {
			tries += 1
		}
	}
}
