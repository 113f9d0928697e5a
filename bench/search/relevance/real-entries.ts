import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { CID } from 'multiformats/cid'
import { create as createDigest } from 'multiformats/hashes/digest'
import type { Entry } from '../../../src/lib/catalog/entry'

const RAW = 0x55
const SHA2_256 = 0x12

/** How a publisher's files are, where that differs from MP3 of 256 kbit/s. */
const PUBLISHERS: Readonly<Record<string, Partial<Entry>>> = {
	'Blue Hour Jazz': { lossless: true, bitrate: 900_000, mime: 'audio/flac' },
	'Concert Hall Open Recordings': { lossless: true, bitrate: 900_000, mime: 'audio/flac' },
	'Free Game Music Depot': { licence: 'CC-BY-SA-4.0' },
	'Films under a free licence': { t: 'video', bitrate: 4_000_000, mime: 'video/mp4', licence: 'CC-BY-3.0' },
	'Basement Tapes': { bitrate: 128_000 },
	'Two Left Ears Podcast': { bitrate: 96_000, licence: 'CC-BY-NC-4.0' }
}

const names = (text: string): string[] =>
	text
		.split(' + ')
		.map((name) => name.trim())
		.filter((name) => name !== '')

/** What stands in `albums.txt`, by publisher; its first lines say how it is written. CIDs, sizes and lengths are made up. */
export async function realEntries(): Promise<ReadonlyMap<string, readonly Entry[]>> {
	const text = await readFile(new URL('albums.txt', import.meta.url), 'utf8')
	const publishers = new Map<string, Entry[]>()
	let publisher = ''
	for (const line of text.split('\n')) {
		if (line === '' || line.startsWith('# ')) continue
		if (line.startsWith('== ')) {
			publishers.set((publisher = line.slice(3)), [])
			continue
		}
		publishers.get(publisher)?.push(...entriesOf(line, publisher))
	}
	return publishers
}

function entriesOf(line: string, publisher: string): Entry[] {
	const [artists = '', album = '', date = '', genre = '', composers = '', titles = ''] = line.split(/ *\| */)
	// A description has commas and full stops, and no semicolon.
	const said = titles.split('; ')
	return said.map((one, at): Entry => {
		const [own = '', comment] = one.split(' :: ')
		const [title = '', others] = own.split(' // ').toReversed()
		const k = `${artists}/${album}/${String(at + 1).padStart(2, '0')} ${title.trim()}`
		const digest = createHash('sha256').update(`${publisher} ${k} ${date}`).digest()
		return {
			k,
			t: 'audio',
			file: CID.createV1(RAW, createDigest(SHA2_256, new Uint8Array(digest))),
			size: 5_000_000,
			mime: 'audio/mpeg',
			bitrate: 256_000,
			title: title.trim(),
			artists: names(others ?? artists),
			albumArtists: names(artists),
			...(album === '' ? {} : { album, track: at + 1, tracks: said.length }),
			...(composers === '' ? {} : { composers: names(composers) }),
			genres: [genre],
			date,
			durationMs: 120_000 + digest.readUInt16LE(0) * 4,
			...(comment === undefined ? {} : { comment }),
			...PUBLISHERS[publisher]
		}
	})
}
