import type { CID } from 'multiformats/cid'
import { errorCode, isAbort } from '../../errors'
import { parseLocation } from '../content-location'
import type { Clip } from '../entry'
import { MAX_FOLLOWED_PATHS } from '../limits'
import type { UnixFsReader } from './unixfs'

/** A location followed to its file, or why not. */
export type Followed =
	{ readonly cid: CID; readonly name: string; readonly clip?: Clip } | { readonly lost: string }

/** Finds the files that a list points at. Paths cost fetching folders, so one reading follows a bounded number. */
export class Follower {
	readonly #reader: UnixFsReader
	#paths = 0

	constructor(reader: UnixFsReader) {
		this.#reader = reader
	}

	/** @throws aborts, and AppError `too-many`, which end the whole reading */
	async follow(location: string): Promise<Followed> {
		const place = parseLocation(location)
		if ('unsupported' in place) return { lost: place.unsupported }
		const { segments, ...found } = place
		if (segments.length === 0) return found
		if (++this.#paths > MAX_FOLLOWED_PATHS) return { lost: `more than ${MAX_FOLLOWED_PATHS} paths` }
		try {
			return { ...found, cid: await this.#reader.resolve(place.cid, segments) }
		} catch (error) {
			const code = errorCode(error)
			if (isAbort(error) || code === undefined || code === 'too-many') throw error
			return { lost: code }
		}
	}
}
