import { CID } from 'multiformats/cid'
import { AppError } from '../errors'
import { decodeStrict, encodeStrict } from './dag-cbor'
import {
	MAX_FOLLOWS,
	MAX_HEAD_BYTES,
	MAX_HEAD_TEXT_LENGTH,
	MAX_KEY_LENGTH,
	MAX_MIRRORS,
	MAX_NAME_LENGTH,
	MAX_PAGES,
	MAX_PLAYLISTS
} from './limits'
import { anyCid, fileCid, int, isMap, leafCid, listOf, mapOf, readMap, text, type RulesOf } from './rule'
import { compareBytes, webUrl } from './text'

export interface PageLink {
	/** Raw CID of the page. */
	readonly c: CID
	/** Number of its entries. */
	readonly n: number
	/** Key of its first entry. */
	readonly k: string
}

interface HeadFields {
	readonly v: 1
	/** IPNS name. */
	readonly publisher: string
	/** Display name. */
	readonly name: string
	readonly about?: string
	/** https or http; a link of any other scheme is left out when a head is read. */
	readonly homepage?: string
	readonly lang?: string
	readonly licence?: string
	/** Image file. */
	readonly icon?: CID
	/** When this publication was made, Unix seconds. */
	readonly created: number
	/** Totals over all pages. */
	readonly entries: number
	readonly bytes: number
	/** In key order. */
	readonly pages: readonly PageLink[]
	/** Whom this publisher vouches for. */
	readonly follows?: readonly { readonly name: string; readonly petname?: string }[]
	/** Publications of others that this publisher keeps pinned. */
	readonly mirrors?: readonly { readonly root: CID; readonly of: string }[]
	/** Raw CIDs of playlists. */
	readonly playlists?: readonly CID[]
}

/** The head of a publication (protocol section 2). */
export interface Head extends HeadFields {
	/** Keys that this version does not know. */
	readonly extra?: Readonly<Record<string, unknown>>
}

const longText = text(MAX_HEAD_TEXT_LENGTH)
/** An Ed25519 name in base36 has 62 characters; other ways to write one are not used here. */
const ipnsName = text(100, 1)

const rules: RulesOf<HeadFields> = {
	v: { expected: '1', read: (value) => (value === 1 ? 1 : undefined) },
	publisher: ipnsName,
	name: text(MAX_NAME_LENGTH),
	about: longText,
	homepage: longText,
	lang: longText,
	licence: longText,
	icon: fileCid,
	created: int,
	entries: int,
	bytes: int,
	pages: listOf(mapOf<PageLink>({ c: leafCid, n: int, k: text(MAX_KEY_LENGTH, 1) }, ['c', 'n', 'k']), MAX_PAGES),
	follows: listOf(mapOf({ name: ipnsName, petname: text(MAX_NAME_LENGTH) }, ['name']), MAX_FOLLOWS),
	mirrors: listOf(mapOf({ root: anyCid, of: ipnsName }, ['root', 'of']), MAX_MIRRORS),
	playlists: listOf(leafCid, MAX_PLAYLISTS)
}

/**
 * Reads a head. That its `publisher` is the one whose record led here is for the caller to check, with
 * {@link checkPublisher}.
 * @throws AppError `too-large`, `invalid-head`; `detail` says why
 */
export function decodeHead(bytes: Uint8Array): Head {
	const value = decodeStrict(bytes, MAX_HEAD_BYTES, 'invalid-head')
	if (isMap(value) && typeof value.v === 'number' && value.v > 1) {
		throw invalid(`made by a later version (${value.v}) of the protocol`)
	}
	const reading = readMap<HeadFields>(value, rules, [
		'v',
		'publisher',
		'name',
		'created',
		'entries',
		'bytes',
		'pages'
	])
	if ('broken' in reading) throw invalid(reading.broken)
	checkPages(reading.fields.pages)
	const { homepage, ...fields } = reading.fields
	return {
		...fields,
		...(webUrl(homepage) !== undefined && { homepage }),
		...(reading.extra !== undefined && { extra: reading.extra })
	}
}

/**
 * @throws AppError `publisher-mismatch` when the head is not of the name whose record led to it
 */
export function checkPublisher(head: Head, name: string): void {
	if (head.publisher === name) return
	throw new AppError('publisher-mismatch', `the head names ${head.publisher}, the record was of ${name}`, {
		detail: head.publisher
	})
}

/** @throws AppError `invalid-head`, `too-large` for a head that no reader would accept */
export function encodeHead(head: Head): Uint8Array {
	const { extra, ...fields } = head
	const bytes = encodeStrict({ ...extra, ...fields })
	decodeHead(bytes)
	return bytes
}

/** What is kept of others, as a head has it. @throws what parsing throws for what is no CID */
export function mirrorLinks(
	kept: readonly { readonly root: string; readonly of: string }[]
): NonNullable<Head['mirrors']> {
	return kept.slice(0, MAX_MIRRORS).map(({ root, of }) => ({ root: CID.parse(root), of }))
}

/** One page named many times would make a small publication index as a giant one. */
function checkPages(pages: readonly PageLink[]): void {
	const seen = new Set<string>()
	let before: PageLink | undefined
	for (const page of pages) {
		const cid = page.c.toString()
		if (seen.has(cid)) throw invalid('pages name one page twice')
		if (before !== undefined && compareBytes(before.k, page.k) >= 0) throw invalid('pages must be in key order')
		seen.add(cid)
		before = page
	}
}

const invalid = (detail: string): AppError => new AppError('invalid-head', `head: ${detail}`, { detail })
