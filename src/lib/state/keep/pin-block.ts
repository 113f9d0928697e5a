import type { Place } from '$lib/catalog/publish/places/place'
import { problemOf } from '$lib/catalog/publish/problem'
import type { Problem } from '$lib/catalog/publishing'
import type { CID } from 'multiformats/cid'

/** One block that stands for itself, as a playlist does. */
export interface LooseBlock {
	readonly cid: CID
	readonly bytes: Uint8Array
	/** What it is called in an account. */
	readonly title: string
}

/** How a place took it; `problem` where it did not. */
export interface PinnedBlockAt {
	readonly label: string
	readonly problem?: Problem
}

/** Sends a block to places, each by itself. Those that only fetch are left out: no server has it yet. */
export async function sendBlock(
	{ cid, bytes, title }: LooseBlock,
	places: readonly Place[],
	signal: AbortSignal
): Promise<readonly PinnedBlockAt[]> {
	return await Promise.all(
		places
			.filter(({ takes }) => takes === 'bytes')
			.map(async (place) => {
				const { label } = place
				try {
					await place.send({
						root: cid,
						title,
						blocks: [cid],
						sizeBytes: bytes.byteLength,
						readBlock: () => Promise.resolve(bytes),
						origins: [],
						keep: () => undefined,
						onprogress: () => undefined,
						signal
					})
					return { label }
				} catch (error) {
					signal.throwIfAborted()
					return { label, problem: problemOf(error) }
				}
			})
	)
}
