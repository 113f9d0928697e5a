import { CID } from 'multiformats/cid'
import { typeOfName } from '../../gateway/media-types'
import { parseLocation } from '../content-location'
import { MAX_LISTED_ENTRIES, READ_CONCURRENCY } from '../limits'
import { isMap } from '../rule'
import type { Followed, Follower } from './follow'
import { Listing, fieldsOfPath } from './listing'
import { inLanes } from './unixfs'

/** One line of a flat list. */
export interface NamedTarget {
	readonly name: string
	/** A CID or `/ipfs/…` path; empty when what stood there was neither. */
	readonly target: string
}

/** Lines `name<TAB>target`. @returns `undefined` when no line has that shape */
export function parseTsv(text: string): NamedTarget[] | undefined {
	const pairs: NamedTarget[] = []
	for (const line of text.split(/\r\n|\r|\n/)) {
		if (line.trim() === '') continue
		const tab = line.lastIndexOf('\t')
		pairs.push({
			name: line.slice(0, Math.max(0, tab)).trim() || line.trim(),
			target: tab > 0 ? line.slice(tab + 1).trim() : ''
		})
		if (pairs.length > MAX_LISTED_ENTRIES) break
	}
	return pairs.some(({ target }) => !('unsupported' in parseLocation(target))) ? pairs : undefined
}

/** A map name → link or text. @returns `undefined` when none of its values points anywhere */
export function parseNameMap(value: unknown): NamedTarget[] | undefined {
	if (!isMap(value)) return undefined
	const pairs: NamedTarget[] = []
	for (const name of Object.keys(value)) {
		pairs.push({ name, target: linkText(value[name]) ?? '' })
		if (pairs.length > MAX_LISTED_ENTRIES) break
	}
	return pairs.some(({ target }) => !('unsupported' in parseLocation(target))) ? pairs : undefined
}

/** A link as text: of DAG-CBOR (a CID), of DAG-JSON (`{"/": "<cid>"}`), or written out. */
export function linkText(value: unknown): string | undefined {
	if (typeof value === 'string') return value
	const cid = CID.asCID(value)
	if (cid !== null) return cid.toString()
	const inner = isMap(value) && Object.hasOwn(value, '/') ? value['/'] : undefined
	return typeof inner === 'string' ? inner : undefined
}

/** Entries of a flat list, in its order. */
export async function listFlat(pairs: readonly NamedTarget[], follower: Follower): Promise<Listing> {
	const listing = new Listing()
	const followed: Followed[] = []
	await inLanes(READ_CONCURRENCY, pairs.slice(0, MAX_LISTED_ENTRIES).entries(), async ([at, { target }]) => {
		followed[at] = await follower.follow(target)
	})
	for (const [at, { name }] of pairs.entries()) {
		const file = followed[at]
		if (file === undefined || 'lost' in file)
			listing.drop(name, file?.lost ?? `more than ${MAX_LISTED_ENTRIES} entries`)
		else {
			// The list's own name comes first; the path's may be the one with the extension.
			const typed = typeOfName(name) === undefined ? typeOfName(file.name) : undefined
			const type = typed === undefined ? {} : { t: typed.kind, mime: typed.mime }
			const fields = fieldsOfPath(
				typed === undefined ? name : `${name}.${file.name.slice(file.name.lastIndexOf('.') + 1)}`
			)
			listing.add({
				...fields,
				...type,
				k: name,
				file: file.cid,
				size: 0,
				...(file.clip !== undefined && { clip: file.clip })
			})
		}
	}
	return listing
}
