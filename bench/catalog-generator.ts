import { base36 } from 'multiformats/bases/base36'
import { CID } from 'multiformats/cid'
import { create as createDigest } from 'multiformats/hashes/digest'
import { identity } from 'multiformats/hashes/identity'
import { sha256 } from 'multiformats/hashes/sha2'
import type { PublicationInput } from '../src/lib/catalog/catalog'
import type { Entry } from '../src/lib/catalog/entry'
import { encodeHead, type Head } from '../src/lib/catalog/head'
import { encodePage, splitPages } from '../src/lib/catalog/page'
import { seededRandom } from '../src/lib/catalog/seeded-random.fixture.ts'

export interface GeneratorOptions {
	/** The same seed gives the same catalogs, on every machine. */
	readonly seed: number
	readonly publishers: number
	/** Over all publishers; the first ones have more than the last. */
	readonly entries: number
	/** Of the first publisher. */
	readonly firstEntries?: number
	/** About so long a description for each entry; none when absent. */
	readonly descriptionChars?: number
}

export interface GeneratedCatalog {
	/** IPNS name. */
	readonly publisher: string
	readonly displayName: string
	/** In no order. */
	readonly entries: readonly Entry[]
}

/** Words that come again and again, the n-th with a frequency of about 1 / n. */
const COMMON_WORDS = 50_000
/** Of the words of a title; each comes about once. */
const RARE_SHARE = 0.05
const RAW = 0x55
const LIBP2P_KEY = 0x72
const SHA2_256 = 0x12
/** Protobuf of a libp2p public key: type Ed25519, 32 bytes. */
const ED25519_KEY = [0x08, 0x01, 0x12, 0x20]
const CREATED_S = 1_750_000_000

/**
 * Catalogs as music collections are: albums of some twelve tracks, artists with several albums, words by Zipf's law with a
 * tail of rare ones, some with diacritics or in other scripts, and a file now and then that another publisher has too.
 */
export function* generateCatalogs(options: GeneratorOptions): Generator<GeneratedCatalog> {
	const random = seededRandom(options.seed)
	const words = new Words(random)
	const shared: Entry[] = []
	let left = options.entries
	for (let number = 0; number < options.publishers; number++) {
		const publishersLeft = options.publishers - number
		const share =
			publishersLeft === 1
				? left
				: Math.max(1, Math.min(left, Math.round((left / publishersLeft) * (0.6 + random()))))
		const count = number === 0 ? (options.firstEntries ?? share) : share
		left -= count
		const entries = makeEntries(random, words, count, shared, options.descriptionChars)
		for (let at = 0; at < entries.length; at += 50) shared.push(entries[at] as Entry)
		yield {
			publisher: ipnsName(random),
			displayName: `${words.title(1, 2)} ${pick(random, ['Records', 'Archive', 'Radio', 'Sounds', 'Library'])}`,
			entries
		}
	}
}

/** The catalog as a tab would have fetched it. Pages that are named in `held` come without their bytes. */
export async function toPublication(
	{ publisher, displayName, entries }: GeneratedCatalog,
	{
		sequence = 1,
		held = new Set(),
		head: more = {}
	}: { sequence?: number; held?: ReadonlySet<string>; head?: Partial<Head> } = {}
): Promise<PublicationInput> {
	const pages: { cid: CID; bytes: Uint8Array; first: string; count: number }[] = []
	for (const page of await splitPages(entries)) {
		const bytes = encodePage(page)
		const cid = CID.createV1(RAW, await sha256.digest(bytes))
		pages.push({ cid, bytes, first: page[0]?.k ?? '', count: page.length })
	}
	const head = encodeHead({
		v: 1,
		publisher,
		name: displayName,
		created: CREATED_S + sequence,
		entries: entries.length,
		bytes: entries.reduce((sum, entry) => sum + entry.size, 0),
		pages: pages.map(({ cid, count, first }) => ({ c: cid, n: count, k: first })),
		...more
	})
	return {
		publisher,
		root: CID.createV1(RAW, await sha256.digest(head)).toString(),
		sequence,
		validUntilMs: Infinity,
		head,
		pages: pages.map(({ cid, bytes }) =>
			held.has(cid.toString()) ? { cid: cid.toString() } : { cid: cid.toString(), bytes }
		)
	}
}

function makeEntries(
	random: () => number,
	words: Words,
	count: number,
	shared: readonly Entry[],
	descriptionChars: number | undefined
): Entry[] {
	const entries: Entry[] = []
	const artists = Array.from({ length: Math.ceil(count / 40) }, () => words.title(1, 3))
	for (let album = 0; entries.length < count; album++) {
		const artist = pick(random, artists)
		const title = words.title(1, 4)
		const folder = `${artist}/${title} ${album}`
		const genre = pick(random, [
			'Ambient',
			'Jazz',
			'Rock',
			'Folk',
			'Techno',
			'Classical',
			'Podcast',
			'Field Recording'
		])
		const date = String(1960 + Math.floor(random() * 65))
		const lossless = random() < 0.4
		const cover = randomCid(random)
		const tracks = Math.min(count - entries.length, 6 + Math.floor(random() * 13))
		for (let track = 1; track <= tracks; track++) {
			const copied = shared.length > 0 && random() < 0.02 ? pick(random, shared) : undefined
			const video = random() < 0.05
			const name = copied?.title ?? words.title(2, 6)
			const extension = video ? 'mp4' : lossless ? 'flac' : 'mp3'
			entries.push({
				k: `${folder}/${String(track).padStart(2, '0')} ${name}.${extension}`,
				t: video ? 'video' : 'audio',
				file: copied?.file ?? randomCid(random),
				size: 2_000_000 + Math.floor(random() * 40_000_000),
				mime: video ? 'video/mp4' : lossless ? 'audio/flac' : 'audio/mpeg',
				title: name,
				artists: random() < 0.1 ? [artist, words.title(1, 2)] : [artist],
				albumArtists: [artist],
				genres: [genre],
				album: title,
				date,
				track,
				tracks,
				durationMs: 60_000 + Math.floor(random() * 400_000),
				bitrate: lossless ? 900_000 : 256_000,
				lossless,
				cover,
				added: CREATED_S - Math.floor(random() * 100_000_000),
				...(descriptionChars === undefined ? {} : { comment: words.prose(descriptionChars) })
			})
		}
	}
	return entries
}

class Words {
	readonly #random: () => number
	readonly #common: string[]
	/** Running sums of the frequencies. */
	readonly #sums: Float64Array

	constructor(random: () => number) {
		this.#random = random
		const words = new Set<string>()
		while (words.size < COMMON_WORDS) words.add(makeWord(random))
		this.#common = [...words]
		this.#sums = new Float64Array(COMMON_WORDS)
		let sum = 0
		for (let rank = 0; rank < COMMON_WORDS; rank++) this.#sums[rank] = sum += 1 / (rank + 10)
	}

	title(least: number, most: number): string {
		const count = least + Math.floor(this.#random() * (most - least + 1))
		return Array.from({ length: count }, () => {
			const word = this.#word()
			return word.charAt(0).toUpperCase() + word.slice(1)
		}).join(' ')
	}

	/** Sentences of some twelve words, as people write below a video. */
	prose(chars: number): string {
		let text = ''
		for (let count = 1; text.length < chars; count++) {
			const word = this.#word()
			const begins = text === '' || text.endsWith('. ')
			text += begins ? word.charAt(0).toUpperCase() + word.slice(1) : word
			text += count % 12 === 0 ? '. ' : ' '
		}
		return text.trimEnd()
	}

	#word(): string {
		if (this.#random() < RARE_SHARE) return makeWord(this.#random) + makeWord(this.#random)
		const wanted = this.#random() * (this.#sums.at(-1) ?? 0)
		let low = 0
		let high = COMMON_WORDS - 1
		while (low < high) {
			const middle = (low + high) >>> 1
			if ((this.#sums[middle] ?? 0) < wanted) low = middle + 1
			else high = middle
		}
		return this.#common[low] ?? ''
	}
}

const ONSETS = ['', 'b', 'br', 'c', 'ch', 'd', 'dr', 'f', 'g', 'gl', 'h', 'j', 'k', 'l', 'm', 'n', 'p', 'pr', 'r', 's', 'st', 't', 'tr', 'v', 'w'] // prettier-ignore
const NUCLEI = ['a', 'e', 'i', 'o', 'u', 'ai', 'ea', 'ou', 'ä', 'é', 'ø']
/** How often the nuclei come: the last three seldom. */
const PLAIN_NUCLEI = 8
const CODAS = ['', '', '', 'n', 'l', 'r', 's', 't', 'm', 'nd', 'ck', 'ng']
const CYRILLIC = ['мо', 'ре', 'во', 'да', 'не', 'бо', 'зи', 'ма', 'ёл', 'ка']
const HAN = Array.from('海山川空月日風雪花夜星雨春夏秋冬')

function makeWord(random: () => number): string {
	const script = random()
	if (script < 0.01) return Array.from({ length: 2 + Math.floor(random() * 2) }, () => pick(random, HAN)).join('')
	if (script < 0.03)
		return Array.from({ length: 2 + Math.floor(random() * 2) }, () => pick(random, CYRILLIC)).join('')
	return Array.from({ length: 1 + Math.floor(random() * 3) }, () => {
		const nucleus = random() < 0.05 ? pick(random, NUCLEI) : (NUCLEI[Math.floor(random() * PLAIN_NUCLEI)] ?? 'a')
		return `${pick(random, ONSETS)}${nucleus}${pick(random, CODAS)}`
	}).join('')
}

function pick<Item>(random: () => number, items: readonly Item[]): Item {
	return items[Math.floor(random() * items.length)] as Item
}

function randomBytes(random: () => number, count: number): Uint8Array {
	return Uint8Array.from({ length: count }, () => Math.floor(random() * 256))
}

const randomCid = (random: () => number) => CID.createV1(RAW, createDigest(SHA2_256, randomBytes(random, 32)))

/** Of a key that nobody has. */
export function ipnsName(random: () => number): string {
	const key = Uint8Array.from([...ED25519_KEY, ...randomBytes(random, 32)])
	return CID.createV1(LIBP2P_KEY, identity.digest(key)).toString(base36)
}
