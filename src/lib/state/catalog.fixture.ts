import { albumKey } from '$lib/catalog/album-key'
import type { AlbumRow, Catalog, CatalogTotals, PublisherRow, SearchAnswer } from '$lib/catalog/catalog'
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
	publishers = () => Promise.resolve(this.#publishers)
	publisher = (name: string) => Promise.resolve(publishers.find((publisher) => publisher.name === name))
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
	dispose = () => undefined

	search: Catalog['search'] = ({ text, kinds = [], limit = 50 }) => {
		const wanted = words(text)
		const matches = this.#rows.filter((row) => {
			const has = words([row.title, row.album ?? '', ...row.artists].join(' '))
			return wanted.every((word) => has.some((other) => other.startsWith(word)))
		})
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
					at === 0 ? [aRow({ ...row, ...northing, mime: 'audio/opus', lossless: false, bitrate: 160_000 })] : []
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
			tookMs: 1
		}
		return Promise.resolve(answer)
	}
}
