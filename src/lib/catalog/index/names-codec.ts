import type { AlbumPart, ArtistPart, PageNames } from './page-names'

const utf8 = new TextEncoder()
const decoder = new TextDecoder()

/**
 * The albums and artists of a page as the store keeps them: how many there are of each, where each ends, and each as JSON. One can be
 * read without the others.
 */
export function encodeNames({ albums, artists }: PageNames): Uint8Array<ArrayBuffer> {
	const parts = [...albums, ...artists].map((part) => utf8.encode(JSON.stringify(part)))
	const head = new Uint32Array(2 + parts.length)
	head.set([albums.length, artists.length])
	let end = 0
	parts.forEach((part, at) => (head[2 + at] = end += part.byteLength))
	const bytes = new Uint8Array(head.byteLength + end)
	bytes.set(new Uint8Array(head.buffer))
	parts.forEach((part, at) => {
		bytes.set(part, head.byteLength + (at === 0 ? 0 : (head[1 + at] ?? 0)))
	})
	return bytes
}

/** Reads what {@link encodeNames} wrote. */
export class NameBlock {
	readonly #bytes: Uint8Array
	readonly #head: Uint32Array
	readonly #start: number
	readonly #albumCount: number

	constructor(bytes: Uint8Array) {
		// Views of 32 bits must stand at multiples of 4.
		this.#bytes = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
		const [albums = 0, artists = 0] = new Uint32Array(this.#bytes.buffer, this.#bytes.byteOffset, 2)
		this.#head = new Uint32Array(this.#bytes.buffer, this.#bytes.byteOffset, 2 + albums + artists)
		this.#start = this.#head.byteLength
		this.#albumCount = albums
	}

	/** @param at - place among the page's names, albums first */
	album(at: number): AlbumPart | undefined {
		return at < this.#albumCount ? (this.#part(at) as AlbumPart | undefined) : undefined
	}

	artist(at: number): ArtistPart | undefined {
		return at < this.#albumCount ? undefined : (this.#part(at) as ArtistPart | undefined)
	}

	all(): PageNames {
		const parts = Array.from({ length: this.#head.length - 2 }, (_, at) => this.#part(at))
		return {
			albums: parts.slice(0, this.#albumCount) as AlbumPart[],
			artists: parts.slice(this.#albumCount) as ArtistPart[]
		}
	}

	#part(at: number): unknown {
		const end = this.#head[2 + at]
		if (end === undefined || at < 0) return undefined
		const from = at === 0 ? 0 : (this.#head[1 + at] ?? 0)
		return JSON.parse(decoder.decode(this.#bytes.subarray(this.#start + from, this.#start + end)))
	}
}
