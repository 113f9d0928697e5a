import { base32Text, CID_BYTES, cidBytes } from '../cid-text'
import type { EntryRow } from '../row'
import { ByteReader, ByteWriter } from './byte-codec'

/** Rows of one block in the store. Few enough that reading one row costs little, enough that writing is fast. */
export const ROWS_PER_BLOCK = 32

/** What the store keeps of a row: the rest stands in the page and the publisher, once for all of its rows. */
export type StoredRow = Omit<EntryRow, 'id' | 'publisher' | 'publisherName' | 'root'>

/** Long texts, which no list shows; they are kept apart, see `text-codec.ts`. */
export type RowTexts = Pick<EntryRow, 'comment' | 'chapters'>

/** What differs from row to row; all else repeats within an album, and is written once a block. */
interface OwnFields {
	readonly k: string
	readonly file: string
	readonly sizeBytes: number
	readonly title: string
	readonly track?: number
	readonly durationMs?: number
	readonly bitrate?: number
	readonly added?: number
}

/** What few rows have, as JSON. */
const RARE = ['clip', 'lyrics', 'waveform', 'subtitles', 'gain', 'mbids'] as const
type RareFields = Partial<Pick<StoredRow, (typeof RARE)[number] | (typeof NUMBERS)[number] | 'sizeBytes'>>
/** Optional numbers of a row's own, in the order of their flags. */
const NUMBERS = ['track', 'durationMs', 'bitrate', 'added'] as const
const ALL_NUMBERS = [...NUMBERS, 'sizeBytes'] as const
/** Fields that repeat, in the order in which they are written; the folder of `k` stands before them. */
const SHARED = [
	'kind', 'mime', 'artists', 'albumArtists', 'genres', 'composers', 'album', 'date', 'label', 'licence', 'disc',
	'sampleRate', 'channels', 'width', 'height', 'codec', 'lossless', 'cover', 'hue', 'thumb'
] as const // prettier-ignore

const utf8 = new TextEncoder()
const decoder = new TextDecoder()

const FILE_IS_BYTES = 1
const NAME_IS_USUAL = 2
const HAS_TRACK = 4
const HAS_DURATION = 8
const HAS_BITRATE = 16
const HAS_ADDED = 32
const HAS_RARE = 64

/**
 * One block: the number of its parts, where each ends (counted from the end of these numbers), and the parts: what rows
 * share, then the rows. A row can be read without the others.
 */
export function encodeRows(rows: readonly EntryRow[]): Uint8Array<ArrayBuffer> {
	const parts = new ByteWriter()
	const shared = new Map<string, number>()
	const sharedOf: number[] = []
	rows.forEach((row, at) => {
		const before = rows[at - 1]
		if (before !== undefined && sharesWith(row, before)) {
			sharedOf.push(sharedOf[at - 1] ?? 0)
			return
		}
		const text = sharedText(row)
		let place = shared.get(text)
		if (place === undefined) shared.set(text, (place = shared.size))
		sharedOf.push(place)
	})
	const ends: number[] = []
	for (const text of shared.keys()) {
		parts.raw(utf8.encode(text))
		ends.push(parts.length)
	}
	rows.forEach((row, at) => {
		parts.number(sharedOf[at] ?? 0)
		writeOwn(parts, row)
		ends.push(parts.length)
	})
	const head = Uint32Array.of(shared.size, ...ends)
	const block = new Uint8Array(head.byteLength + 4 + parts.length)
	block.set(new Uint8Array(Uint32Array.of(ends.length).buffer))
	block.set(new Uint8Array(head.buffer), 4)
	block.set(parts.finish(), 4 + head.byteLength)
	return block
}

/** Reads rows of a block that {@link encodeRows} wrote. */
export class RowBlock {
	readonly #bytes: Uint8Array
	readonly #ends: Uint32Array
	readonly #sharedCount: number
	readonly #start: number
	readonly #shared = new Map<number, readonly unknown[]>()

	/** @throws RangeError for bytes that are no block */
	constructor(bytes: Uint8Array) {
		// Views of 32 bits must stand at multiples of 4.
		this.#bytes = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
		const [parts = 0, shared = 0] = new Uint32Array(this.#bytes.buffer, this.#bytes.byteOffset, 2)
		this.#sharedCount = shared
		this.#ends = new Uint32Array(this.#bytes.buffer, this.#bytes.byteOffset + 8, parts)
		this.#start = 8 + 4 * parts
	}

	get count(): number {
		return this.#ends.length - this.#sharedCount
	}

	get byteLength(): number {
		return this.#bytes.byteLength
	}

	row(at: number): StoredRow | undefined {
		if (at < 0 || at >= this.count) return undefined
		const reader = new ByteReader(this.#part(this.#sharedCount + at))
		const [folder, ...values] = this.#sharedValues(reader.number())
		const { rare, ...own } = readOwn(reader, String(folder))
		const row: Record<string, unknown> = { ...own }
		SHARED.forEach((name, place) => {
			const value = values[place]
			if (value === null || value === undefined) return
			row[name] = name === 'thumb' ? fromBase64(value as string) : value
		})
		return { ...(row as unknown as StoredRow), ...rare }
	}

	#sharedValues(at: number): readonly unknown[] {
		let values = this.#shared.get(at)
		if (values === undefined) {
			values = JSON.parse(decoder.decode(this.#part(at))) as unknown[]
			this.#shared.set(at, values)
		}
		return values
	}

	#part(at: number): Uint8Array {
		const from = at === 0 ? 0 : (this.#ends[at - 1] ?? 0)
		return this.#bytes.subarray(this.#start + from, this.#start + (this.#ends[at] ?? 0))
	}
}

const folderOf = ({ k }: EntryRow) => k.slice(0, k.lastIndexOf('/') + 1)

/** True when {@link sharedText} of both is the same for certain: told without writing it. */
function sharesWith(row: EntryRow, other: EntryRow): boolean {
	for (const name of SHARED) {
		const [a, b] = [row[name], other[name]]
		if (a === b) continue
		if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
		for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false
	}
	const end = row.k.lastIndexOf('/') + 1
	return end === other.k.lastIndexOf('/') + 1 && other.k.startsWith(row.k.slice(0, end))
}

function sharedText(row: EntryRow): string {
	return JSON.stringify([
		folderOf(row),
		...SHARED.map((name) => (name === 'thumb' ? row.thumb && toBase64(row.thumb) : row[name]))
	])
}

function writeOwn(to: ByteWriter, row: EntryRow): void {
	const { k, file, title } = row
	const track = whole(row.track)
	const durationMs = whole(row.durationMs)
	const bitrate = whole(row.bitrate)
	const added = whole(row.added)
	const name = k.slice(k.lastIndexOf('/') + 1)
	const usual = usualName(title, track)
	const isUsual = usual !== undefined && name.startsWith(usual)
	const fileBytes = cidBytes(file)
	const rare: Record<string, unknown> = {}
	let hasRare = false
	for (const key of RARE) {
		if (row[key] === undefined) continue
		rare[key] = row[key]
		hasRare = true
	}
	// Rows of other roots may state what is no whole number.
	for (const key of ALL_NUMBERS) {
		if (row[key] === whole(row[key])) continue
		rare[key] = row[key]
		hasRare = true
	}
	to.number(
		(fileBytes === undefined ? 0 : FILE_IS_BYTES) |
			(isUsual ? NAME_IS_USUAL : 0) |
			(track === undefined ? 0 : HAS_TRACK) |
			(durationMs === undefined ? 0 : HAS_DURATION) |
			(bitrate === undefined ? 0 : HAS_BITRATE) |
			(added === undefined ? 0 : HAS_ADDED) |
			(hasRare ? HAS_RARE : 0)
	)
	to.text(title)
	if (track !== undefined) to.number(track)
	if (durationMs !== undefined) to.number(durationMs)
	if (bitrate !== undefined) to.number(bitrate)
	if (added !== undefined) to.number(added)
	to.text(isUsual ? name.slice(usual.length) : name)
	if (fileBytes === undefined) to.text(file)
	else to.raw(fileBytes)
	to.number(whole(row.sizeBytes) ?? 0)
	if (hasRare) to.text(JSON.stringify(rare))
}

function readOwn(from: ByteReader, folder: string): OwnFields & { rare?: RareFields } {
	const flags = from.number()
	const title = from.text()
	const track = flags & HAS_TRACK ? from.number() : undefined
	const durationMs = flags & HAS_DURATION ? from.number() : undefined
	const bitrate = flags & HAS_BITRATE ? from.number() : undefined
	const added = flags & HAS_ADDED ? from.number() : undefined
	const name = `${flags & NAME_IS_USUAL ? (usualName(title, track) ?? '') : ''}${from.text()}`
	const file = flags & FILE_IS_BYTES ? base32Text(from.raw(CID_BYTES)) : from.text()
	const sizeBytes = from.number()
	return {
		k: `${folder}${name}`,
		file,
		sizeBytes,
		title,
		...(track === undefined ? {} : { track }),
		...(durationMs === undefined ? {} : { durationMs }),
		...(bitrate === undefined ? {} : { bitrate }),
		...(added === undefined ? {} : { added }),
		...(flags & HAS_RARE ? { rare: JSON.parse(from.text()) as RareFields } : {})
	}
}

const whole = (value: number | undefined) =>
	value !== undefined && Number.isSafeInteger(value) && value >= 0 ? value : undefined

/** "07 Title": how files are named most often. */
function usualName(title: string, track: number | undefined): string | undefined {
	return track === undefined ? undefined : `${String(track).padStart(2, '0')} ${title}`
}

const toBase64 = (bytes: Uint8Array) => btoa(String.fromCharCode(...bytes))
const fromBase64 = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
