import { createHash } from 'node:crypto'
import { createWriteStream, type WriteStream } from 'node:fs'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { once } from 'node:events'
import { runnerImport } from 'vite'
import type { PublicationInput } from '../../src/lib/catalog/catalog'
import type * as generator from '../catalog-generator'
import { seededRandom } from '../../src/lib/catalog/seeded-random.fixture.ts'
import { realEntries } from './relevance/real-entries.ts'

/** Entries that are kept beside the publications: queries are made of them. */
const SAMPLES = 4000
/** Entries whose words are counted. */
const COUNTED = 20_000
const SEED = 20261121
const DESCRIPTION_CHARS = 250
const ENTRIES_A_PUBLISHER = 1000
/** The part of all that the largest publisher has: 40,000 of a million. */
const LARGEST_SHARE = 0.04
/** More than the set's entries, to be indexed while queries run. */
const LATER_ENTRIES = 100_000

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const CACHE = `${ROOT}.cache/bench-search/`
const GENERATOR = `${ROOT}bench/catalog-generator.ts`

/** What a query is made of. */
export interface Sample {
	readonly title: string
	readonly artist: string
	readonly album: string
	readonly genre: string
	readonly year: number
	readonly kind: 'audio' | 'video'
	readonly description: string
	readonly publisher: string
}

export interface StoredPublication {
	readonly publisher: string
	readonly entries: number
	/** In the file of the set. */
	readonly offset: number
	readonly bytes: number
}

/** Generated publications in one file, so that making them costs nothing while something is measured. */
export interface DataSet {
	readonly entries: number
	/** Names the folder in the cache. */
	readonly key: string
	readonly publications: readonly StoredPublication[]
	/** How many publications have {@link entries}; those after them come while queries run. */
	readonly base: number
	readonly samples: readonly Sample[]
	/** Words by the number of entries that have them. */
	readonly commonest: readonly string[]
}

export const dataFile = (key: string): string => `${CACHE}${key}/publications.bin`

/** The set of so many entries, from the cache where it was made before. */
export async function dataSet(entries: number): Promise<DataSet> {
	const source = await readFile(GENERATOR, 'utf8')
	const made = JSON.stringify([source, SEED, DESCRIPTION_CHARS, LATER_ENTRIES, entries])
	const key = `${String(entries)}-${createHash('sha256').update(made).digest('hex').slice(0, 12)}`
	const index = `${CACHE}${key}/index.json`
	try {
		return JSON.parse(await readFile(index, 'utf8')) as DataSet
	} catch {
		const set = await generate(entries, key)
		await writeFile(index, JSON.stringify(set))
		return set
	}
}

/** The set of real records that the hand-written queries are asked of. */
export async function realSet(): Promise<DataSet> {
	const { module } = await runnerImport<typeof generator>(GENERATOR, { configFile: false, logLevel: 'error' })
	const random = seededRandom(SEED)
	const writer = await SetWriter.begin('real')
	for (const [displayName, entries] of await realEntries()) {
		const publisher = module.ipnsName(random)
		await writer.write(await module.toPublication({ publisher, displayName, entries }), entries.length)
	}
	const publications = await writer.end()
	return {
		entries: entriesIn(publications),
		key: 'real',
		publications,
		base: publications.length,
		samples: [],
		commonest: []
	}
}

async function generate(entries: number, key: string): Promise<DataSet> {
	const { module } = await runnerImport<typeof generator>(GENERATOR, { configFile: false, logLevel: 'error' })
	const writer = await SetWriter.begin(key)
	const samples: Sample[] = []
	const counts = new Map<string, number>()
	const every = Math.max(1, Math.floor(entries / SAMPLES))
	let [seen, publishers, base] = [0, 0, 0]
	for (const catalog of module.generateCatalogs({
		seed: SEED,
		publishers: Math.ceil((entries + LATER_ENTRIES) / ENTRIES_A_PUBLISHER),
		entries: entries + LATER_ENTRIES,
		firstEntries: Math.round(entries * LARGEST_SHARE),
		descriptionChars: DESCRIPTION_CHARS
	})) {
		await writer.write(await module.toPublication(catalog), catalog.entries.length)
		publishers++
		if (seen >= entries) continue
		base = publishers
		for (const entry of catalog.entries) {
			if (seen < COUNTED) {
				for (const word of new Set(wordsOf(`${entry.title} ${entry.comment ?? ''}`.toLowerCase())))
					counts.set(word, (counts.get(word) ?? 0) + 1)
			}
			if (seen++ % every === 0) samples.push(sampleOf(catalog.publisher, entry))
		}
	}
	const publications = await writer.end()
	const commonest = [...counts].sort(([, a], [, b]) => b - a).slice(0, 100)
	return {
		entries: entriesIn(publications.slice(0, base)),
		key,
		publications,
		base,
		samples,
		commonest: commonest.map(([word]) => word)
	}
}

const entriesIn = (publications: readonly StoredPublication[]): number =>
	publications.reduce((sum, { entries }) => sum + entries, 0)

/** Puts publications one after the other into a file, which has its name only once it is whole. */
class SetWriter {
	readonly #path: string
	readonly #file: WriteStream
	readonly #written: StoredPublication[] = []
	#offset = 0

	private constructor(path: string) {
		this.#path = path
		this.#file = createWriteStream(`${path}.unfinished`)
	}

	static async begin(key: string): Promise<SetWriter> {
		await mkdir(`${CACHE}${key}`, { recursive: true })
		return new SetWriter(dataFile(key))
	}

	async write(publication: PublicationInput, entries: number): Promise<void> {
		const packed = pack(publication)
		const bytes = packed.byteLength
		this.#written.push({ publisher: publication.publisher, entries, offset: this.#offset, bytes })
		this.#offset += bytes
		if (!this.#file.write(packed)) await once(this.#file, 'drain')
	}

	async end(): Promise<StoredPublication[]> {
		this.#file.end()
		await once(this.#file, 'close')
		await rename(`${this.#path}.unfinished`, this.#path)
		return this.#written
	}
}

export const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []

function sampleOf(publisher: string, entry: generator.GeneratedCatalog['entries'][number]): Sample {
	return {
		title: entry.title,
		artist: entry.artists?.[0] ?? '',
		album: entry.album ?? '',
		genre: entry.genres?.[0] ?? '',
		year: Number(entry.date),
		kind: entry.t === 'video' ? 'video' : 'audio',
		description: entry.comment ?? '',
		publisher
	}
}

/** Length of what follows as JSON, that JSON, the head, the pages. */
function pack({
	head = new Uint8Array(),
	pages,
	...facts
}: Awaited<ReturnType<typeof generator.toPublication>>): Buffer {
	const json = Buffer.from(
		JSON.stringify({
			...facts,
			// JSON has no Infinity.
			validUntilMs: Number.MAX_SAFE_INTEGER,
			head: head.byteLength,
			pages: pages.map(({ cid, bytes }) => [cid, bytes?.byteLength ?? 0])
		})
	)
	const length = Buffer.alloc(4)
	length.writeUInt32LE(json.byteLength)
	return Buffer.concat([length, json, head, ...pages.map(({ bytes }) => bytes ?? new Uint8Array())])
}
