import { AppError } from '../../errors'
import { MAX_LIST_BYTES, MAX_LISTED_ENTRIES, MAX_TAG_LENGTH, MAX_TITLE_LENGTH } from '../limits'
import { listText, type FileItem, type PlaylistFile } from '../playlist-files'
import { cut } from '../text'

/** Names that a header line may have, in any case, by what the column says. */
const HEADERS: Readonly<Record<'artist' | 'title' | 'album' | 'location' | 'duration', readonly string[]>> = {
	artist: ['artist', 'artists', 'artist name', 'artist name(s)', 'creator', 'performer'],
	title: ['title', 'track', 'track name', 'song', 'name'],
	album: ['album', 'album name', 'release'],
	location: ['cid', 'location', 'url', 'uri', 'link'],
	duration: ['duration', 'length', 'duration (ms)', 'track duration (ms)', 'time']
}
type Column = keyof typeof HEADERS

/**
 * Reads a list of "artist, title" lines: CSV (RFC 4180) parted by commas, semicolons or tabs, with or without a header,
 * or plain lines of `Artist - Title`.
 * @throws AppError `too-large`, `content-unsupported` when no line says a title
 */
export function parseTrackList(bytes: Uint8Array): PlaylistFile {
	if (bytes.byteLength > MAX_LIST_BYTES) throw new AppError('too-large', 'a list over its bound')
	const text = listText(bytes)
	const separator = separatorOf(text)
	const lines = separator === undefined ? dashLines(text) : parseCsv(text, separator)
	const [first = []] = lines
	const named = separator === undefined ? undefined : columnsOf(first)
	const columns = named ?? { artist: 0, title: first.length === 1 ? 0 : 1, album: 2 }
	const items: FileItem[] = []
	let dropped = 0
	for (const cells of named === undefined ? lines : lines.slice(1)) {
		if (cells.every((cell) => cell === '')) continue
		const item = itemOf(cells, columns)
		if (item === undefined || items.length >= MAX_LISTED_ENTRIES) dropped++
		else items.push(item)
	}
	if (items.length === 0) throw new AppError('content-unsupported', 'no line has a title')
	return { items, dropped }
}

function itemOf(cells: readonly string[], columns: Partial<Record<Column, number>>): FileItem | undefined {
	const cell = (column: Column) => {
		const at = columns[column]
		return at === undefined ? '' : (cells[at] ?? '')
	}
	const title = cut(cell('title'), MAX_TITLE_LENGTH)
	const location = cell('location')
	if (title === '' && location === '') return undefined
	const artist = columns.artist === columns.title ? '' : cut(cell('artist'), MAX_TAG_LENGTH)
	const album = cut(cell('album'), MAX_TAG_LENGTH)
	const durationMs = durationOf(cell('duration'))
	return {
		location,
		...(title !== '' && { title }),
		...(artist !== '' && { artists: [artist] }),
		...(album !== '' && { album }),
		...(durationMs !== undefined && { durationMs })
	}
}

/** `3:25`, `1:02:03`, seconds up to 9,999, else ms. */
function durationOf(text: string): number | undefined {
	const clock = /^(?:(\d{1,3}):)?(\d{1,3}):(\d{2})(?:\.\d+)?$/.exec(text)
	if (clock !== null) {
		return ((Number(clock[1] ?? 0) * 60 + Number(clock[2])) * 60 + Number(clock[3])) * 1000
	}
	if (!/^\d{1,9}(?:\.\d+)?$/.test(text) || Number(text) === 0) return undefined
	return Math.round(Number(text) < 10_000 ? Number(text) * 1000 : Number(text))
}

/** Which separator the first lines agree on; undefined for lines of `Artist - Title`. */
function separatorOf(text: string): string | undefined {
	const lines = text.split(/\r\n|\r|\n/, 20).filter((line) => line.trim() !== '')
	return ['\t', ';', ','].find((separator) => {
		const parted = lines.filter((line) => line.includes(separator)).length
		const dashed = lines.filter((line) => / [-–—] /.test(line)).length
		return parted > 0 && parted >= lines.length / 2 && (parted >= dashed || separator === '\t')
	})
}

function dashLines(text: string): string[][] {
	return text.split(/\r\n|\r|\n/).map((line) => {
		const words = line.replace(/^\s*\d{1,4}[.)]\s+/, '').trim()
		const [, artist, title] = /^(.+?) [-–—] (.+)$/.exec(words) ?? []
		return artist === undefined || title === undefined ? ['', words] : [artist.trim(), title.trim()]
	})
}

function columnsOf(header: readonly string[]): Partial<Record<Column, number>> | undefined {
	const columns: Partial<Record<Column, number>> = {}
	for (const [column, names] of Object.entries(HEADERS) as [Column, readonly string[]][]) {
		const at = header.findIndex((cell) => names.includes(cell.toLowerCase()))
		if (at >= 0) columns[column] = at
	}
	return columns.title === undefined ? undefined : columns
}

/** RFC 4180, with line ends of any kind and blanks around cells cut off. */
function parseCsv(text: string, separator: string): string[][] {
	const lines: string[][] = []
	let cells: string[] = []
	let cell = ''
	let quoted = false
	const endLine = () => {
		lines.push([...cells, cell.trim()])
		cells = []
		cell = ''
	}
	for (let at = 0; at < text.length; at++) {
		const letter = text[at] ?? ''
		if (quoted) {
			if (letter !== '"') cell += letter
			else if (text[at + 1] === '"') {
				cell += '"'
				at++
			} else quoted = false
		} else if (letter === '"' && cell.trim() === '') {
			quoted = true
			cell = ''
		} else if (letter === separator) {
			cells.push(cell.trim())
			cell = ''
		} else if (letter === '\n' || letter === '\r') {
			if (letter === '\r' && text[at + 1] === '\n') at++
			endLine()
		} else cell += letter
	}
	if (cell !== '' || cells.length > 0) endLine()
	return lines
}
