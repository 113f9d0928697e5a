import { albumKey } from '$lib/catalog/album-key'
import { foldWords } from '$lib/catalog/index/text-folding'
import { decadeOf, formatOf, genreName, licenceClass, yearOf } from '$lib/catalog/query/entry-facts'
import { qualityOf } from '$lib/catalog/query/quality'
import type { QueryFilters } from '$lib/catalog/query/query'
import { readQuery } from '$lib/catalog/query/read-query'
import type {
	AlbumRow,
	Catalog,
	CatalogTotals,
	Facets,
	PublisherRow,
	SearchAnswer,
	Wish
} from '$lib/catalog/catalog'
import { STARTER_NAME } from '$lib/catalog/starter'
import type { EntryRow } from '$lib/catalog/row'

const TIDEWATER = 'k51qzi5uqu5dh9ihj4p2v5sl3hxvv27ryx2w0xrsv6jmmqi91t9xp8p9kaipc2'
const NORTHING = 'k51qzi5uqu5dm6hxvkzovuzjxefg2dqvlxqz7nt3qxj2tkb1a0q5mzt1v2hdqi'

/** A row with what it must have, for tests. */
export function aRow(fields: Partial<EntryRow> = {}): EntryRow {
	const title = fields.title ?? 'Two Valleys'
	return {
		id: 1,
		publisher: TIDEWATER,
		publisherName: 'Tidewater Archive',
		root: 'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi',
		k: `${fields.album ?? 'Answering Hills'}/${title}.flac`,
		kind: 'audio',
		file: `bafkreif${Array.from(title, (char) => char.charCodeAt(0).toString(36)).join('')}`,
		sizeBytes: 41_000_000,
		mime: 'audio/flac',
		title,
		artists: ['Saltmarsh Choir'],
		albumArtists: [],
		genres: ['Choral'],
		album: 'Answering Hills',
		date: '2024-03-01',
		durationMs: 341_000,
		lossless: true,
		sampleRate: 96_000,
		hue: 152,
		...fields
	}
}

const album = (of: Partial<EntryRow>, titles: readonly (readonly [string, number])[]): EntryRow[] =>
	titles.map(([title, seconds], at) => aRow({ ...of, title, track: at + 1, durationMs: seconds * 1000 }))

const starter = {
	publisher: STARTER_NAME,
	publisherName: 'Antiphon',
	lossless: false,
	mime: 'audio/ogg',
	bitrate: 128_000
}
const northing = { publisher: NORTHING, publisherName: 'Northing' }

/** Three publishers, six albums, a video: enough for every screen. */
export const fixtureRows: readonly EntryRow[] = [
	...album({}, [
		['Call to the Ferry', 184],
		['Two Valleys', 341],
		['Answering Hills', 372],
		['Stone, Water, Stone', 258]
	]),
	...album({ disc: 2 }, [
		['Ferry, Returning', 202],
		['What the Weir Said', 309]
	]),
	...album({ ...northing, album: 'Tin Cathedral', artists: ['Halden Field'], hue: 190, cover: 'bafycovertin' }, [
		['Chapel, Answering', 423],
		['Wether Bell', 157]
	]),
	...album({ ...starter, album: 'Slow Harbour', artists: ['Ilse Varn'], hue: 20, cover: 'bafycoverharbour' }, [
		['Lamp at the Pier', 122],
		['Slow Harbour', 187]
	]),
	...album(
		{ ...starter, album: 'The Lesser Light', artists: ['Low Meridian'], hue: 260, cover: 'bafycovermoon' },
		[
			['Crescent', 95],
			['Perigee', 143]
		]
	),
	aRow({
		...northing,
		kind: 'video',
		mime: 'video/mp4',
		title: 'Tide Clock: filming the hills',
		artists: ['Cassia Brandt'],
		album: undefined as never,
		durationMs: 1_450_000,
		hue: 205
	})
].map((row, at) => {
	const { album: of, ...rest } = row
	return { ...rest, ...(of === undefined ? {} : { album: of }), id: at + 1 }
})

const publishers: readonly PublisherRow[] = [
	[TIDEWATER, 'Tidewater Archive', 'Choirs, ferries, weirs and weather of the estuary, recorded since 1987.'],
	[NORTHING, 'Northing', ''],
	[STARTER_NAME, 'Antiphon starter collection', 'A first handful, free for everyone.']
].map(([name = '', displayName = '', about = ''], at) => {
	const own = fixtureRows.filter((row) => row.publisher === name)
	return {
		name,
		displayName,
		about,
		licence: 'CC-BY-SA-4.0',
		root: own[0]?.root ?? '',
		sequence: 3,
		createdMs: Date.UTC(2026, 10, 3),
		indexedMs: Date.now() - (at + 1) * 3_600_000,
		validUntilMs: Date.now() + 80 * 86_400_000,
		entries: own.length,
		dropped: 0,
		sizeBytes: own.reduce((total, row) => total + row.sizeBytes, 0),
		pages: []
	}
})

const words = (text: string) =>
	text
		.toLowerCase()
		.split(/[^\p{L}\p{N}]+/u)
		.filter(Boolean)

/** A catalog of {@link fixtureRows}, in memory. What it is given to change is not kept. */
export class FixtureCatalog implements Catalog {
	readonly #rows: readonly EntryRow[]
	#wishes: readonly Wish[] = []

	constructor(rows: readonly EntryRow[] = fixtureRows) {
		this.#rows = rows
	}

	get #totals(): CatalogTotals {
		return { entries: this.#rows.length, publishers: this.#publishers.length, albums: this.#albums().length }
	}
	get #publishers(): readonly PublisherRow[] {
		return publishers.filter(({ name }) => this.#rows.some((row) => row.publisher === name))
	}
	#albums(): AlbumRow[] {
		return [...Map.groupBy(this.#rows, (row) => albumKey(row))].flatMap(([key, rows]) => {
			const first = rows[0]
			if (key === undefined || first === undefined) return []
			return {
				key,
				album: first.album ?? '',
				artists: first.artists,
				publisher: first.publisher,
				publisherName: first.publisherName,
				tracks: rows.length,
				durationMs: rows.reduce((total, row) => total + (row.durationMs ?? 0), 0),
				indexedMs: Date.now() - rows.length * 600_000,
				...(first.cover === undefined ? {} : { cover: first.cover }),
				...(first.hue === undefined ? {} : { hue: first.hue })
			}
		})
	}

	open = () => Promise.resolve(this.#totals)
	apply = () => Promise.resolve({ accepted: 0, dropped: 0, reasons: [] })
	heldPages = () => Promise.resolve([])
	remove = () => Promise.resolve()
	left = () => Promise.resolve([])
	publishers = () => Promise.resolve(this.#publishers)
	publisher = (name: string) => Promise.resolve(publishers.find((publisher) => publisher.name === name))
	keepersOf: Catalog['keepersOf'] = () => Promise.resolve({ total: 0, keepers: [] })
	entriesOf = (publisher: string, from: number, limit: number) =>
		Promise.resolve(this.#rows.filter((row) => row.publisher === publisher).slice(from, from + limit))
	entriesByFile = (file: string) => Promise.resolve(this.#rows.filter((row) => row.file === file))
	albums = ({ publisher, limit }: { publisher?: string; limit: number }) =>
		Promise.resolve(
			this.#albums()
				.filter((album) => publisher === undefined || album.publisher === publisher)
				.slice(0, limit)
		)
	album = (key: string) => {
		const found = this.#albums().find((album) => album.key === key)
		const rows = this.#rows.filter((row) => albumKey(row) === key)
		return Promise.resolve(found && { album: found, rows })
	}
	onchange = () => () => undefined
	know = () => Promise.resolve()
	dispose = () => undefined

	suggest: Catalog['suggest'] = (text) => {
		const wanted = words(text)
		const last = wanted.at(-1)
		if (last === undefined) return Promise.resolve([])
		const artists = [...new Set(this.#rows.flatMap((row) => row.artists))]
		return Promise.resolve(
			artists
				.filter((artist) => words(artist).some((word) => word.startsWith(last)))
				.map((artist) => ({ kind: 'artist' as const, text: artist, entries: 1 }))
		)
	}

	wishes = () => Promise.resolve(this.#wishes)
	wish: Catalog['wish'] = (asked) => {
		const wish = { id: asked.text, createdMs: Date.UTC(2026, 10, 21), newHits: 0, seenMs: 0, ...asked }
		this.#wishes = [wish, ...this.#wishes.filter(({ id }) => id !== wish.id)]
		return Promise.resolve(wish)
	}
	sawWish = (id: string) => {
		this.#wishes = this.#wishes.map((wish) => (wish.id === id ? { ...wish, newHits: 0 } : wish))
		return Promise.resolve()
	}
	forgetWish = (id: string) => {
		this.#wishes = this.#wishes.filter((wish) => wish.id !== id)
		return Promise.resolve()
	}

	/** Words that begin as asked, in title, artist or album; of the filters genre, kind, publisher and quality. */
	search: Catalog['search'] = ({
		text,
		kinds = [],
		limit = 50,
		filters = {},
		facets = false,
		explain = false
	}) => {
		const query = readQuery(text)
		const wanted = query.words.map(({ word }) => word)
		const all: QueryFilters = { ...query.filters, ...filters }
		const found = this.#rows.filter((row) => {
			const has = foldWords([row.title, row.album ?? '', ...row.artists].join(' '))
			return wanted.every((word) => has.some((other) => other.startsWith(word)))
		})
		const matches = found.filter(
			(row) =>
				(all.genres ?? row.genres.map(genreName)).some((genre) => row.genres.map(genreName).includes(genre)) &&
				(all.kinds ?? [row.kind]).includes(row.kind) &&
				(all.publishers ?? [row.publisher]).includes(row.publisher) &&
				(all.lossless ?? row.lossless) === row.lossless &&
				all.kept !== true
		)
		const shown = matches.filter((row) => kinds.length === 0 || kinds.includes(row.kind))
		const keys = new Set(matches.map((row) => albumKey(row)))
		const artists = [...Map.groupBy(matches, (row) => row.artists[0] ?? '')]
		const answer: SearchAnswer = {
			total: shown.length,
			hits: shown.slice(0, limit).map((row, at) => ({
				row,
				score: 1,
				words: wanted,
				edits: 0,
				copies:
					at === 0 ? [aRow({ ...row, ...northing, mime: 'audio/opus', lossless: false, bitrate: 160_000 })] : [],
				...(explain
					? {
							why: [
								{
									part: 'word',
									points: 66.7,
									word: { typed: wanted[0] ?? '', found: words(row.title)[0] ?? '', field: 'title', how: 'prefix' }
								},
								{ part: 'completeness', points: 16.6 },
								{ part: 'quality', points: 1 }
							]
						}
					: {})
			})),
			albums: this.#albums().filter((album) => keys.has(album.key)),
			artists: artists.map(([artist, rows]) => ({
				artist,
				tracks: rows.length,
				albums: 1,
				hue: rows[0]?.hue ?? 0
			})),
			publishers: this.#publishers.filter(({ displayName }) =>
				displayName.toLowerCase().includes(text.toLowerCase())
			),
			byKind: {
				audio: matches.filter((row) => row.kind === 'audio').length,
				video: matches.filter((row) => row.kind === 'video').length
			},
			problems: query.problems,
			...(facets ? { facets: facetsOf(found) } : {}),
			tookMs: 1
		}
		return Promise.resolve(answer)
	}
}

function facetsOf(rows: readonly EntryRow[]): Facets {
	const count = (valueOf: (row: EntryRow) => readonly string[]) =>
		[...Map.groupBy(rows.flatMap(valueOf), (value) => value)]
			.map(([value, all]) => ({ value, count: all.length }))
			.toSorted((a, b) => b.count - a.count)
	return {
		kinds: count((row) => [row.kind]),
		genres: count((row) => row.genres.map(genreName)),
		decades: count((row) => [String(decadeOf(yearOf(row.date)))]),
		formats: count((row) => [formatOf(row)]),
		qualities: count((row) => [qualityOf(row) ?? 'low']),
		licences: count((row) => [licenceClass(row.licence)]),
		publishers: count((row) => [row.publisher]),
		available: rows.length,
		kept: 0
	}
}
