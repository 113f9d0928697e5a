import { AppError } from '../errors'
import { extensionOf, extensionOfMime } from '../gateway/media-types'
import { cidText, type Clip } from './entry'
import { MAX_LIST_BYTES, MAX_LISTED_ENTRIES } from './limits'
import type { Playlist, PlaylistItem } from './playlist'
import { isMap } from './rule'
import { displayText } from './text'
import { escapeXml, parseXml, type XmlElement } from './xml'

/** One item as a playlist file has it; `location` is still text, see {@link parseLocation}. */
export interface FileItem {
	/** Empty where the file has only words for it. */
	readonly location: string
	readonly title?: string
	readonly artists?: readonly string[]
	readonly album?: string
	readonly track?: number
	readonly durationMs?: number
	/** Location of an image. */
	readonly cover?: string
	readonly clip?: Clip
}

export interface PlaylistFile {
	readonly title?: string
	readonly note?: string
	readonly items: readonly FileItem[]
	/** Items past the bound, or with neither a location nor a title. */
	readonly dropped: number
}

/**
 * Reads M3U, M3U8, XSPF or JSPF, told apart by what is in it.
 * @throws AppError `too-large`, `content-unsupported` for what is none of them
 */
export function parsePlaylistFile(bytes: Uint8Array): PlaylistFile {
	if (bytes.byteLength > MAX_LIST_BYTES) throw new AppError('too-large', 'a playlist file over its bound')
	const text = listText(bytes)
	const file = text.startsWith('<')
		? parseXspf(text)
		: text.startsWith('{')
			? parseJspf(parseJson(text))
			: parseM3u(text)
	if (file === undefined) throw new AppError('content-unsupported', 'not a playlist in M3U, XSPF or JSPF')
	return file
}

/** UTF-8, or Windows-1252 as old M3U files are; without byte order mark and blanks around. */
export function listText(bytes: Uint8Array): string {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim()
	} catch {
		return new TextDecoder('windows-1252').decode(bytes).trim()
	}
}

export function looksLikeXml(text: string): boolean {
	return /^<(?:\?xml|playlist|!--)/.test(text)
}

/** @returns `undefined` for what is not JSON */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown
	} catch {
		return undefined
	}
}

/** M3U, extended or plain. @returns `undefined` when it names no location */
export function parseM3u(text: string): PlaylistFile | undefined {
	const items: FileItem[] = []
	let dropped = 0
	let title: string | undefined
	let album: string | undefined
	let next: Omit<FileItem, 'location'> = {}
	for (const raw of text.split(/\r\n|\r|\n/)) {
		const line = raw.trim()
		if (line === '') continue
		if (!line.startsWith('#')) {
			if (items.length < MAX_LISTED_ENTRIES)
				items.push({ ...(album !== undefined && { album }), ...next, location: line })
			else dropped++
			next = {}
			continue
		}
		const [, name = '', value = ''] = /^#([A-Za-z0-9-]+)\s*:\s*(.*)$/.exec(line) ?? []
		switch (name.toUpperCase()) {
			case 'EXTINF':
				next = { ...next, ...extinf(value) }
				break
			case 'PLAYLIST':
				title = value
				break
			case 'EXTALB':
				album = value
				break
			case 'EXTIMG':
				next = { ...next, cover: value }
				break
			case 'EXTVLCOPT':
				next = withVlcTime(next, value)
		}
	}
	if (items.length === 0) return undefined
	return { ...(title !== undefined && { title }), items, dropped }
}

/** `123,Artist - Title`, with or without attributes after the seconds; -1 seconds are unknown ones. */
function extinf(value: string): Omit<FileItem, 'location'> {
	const [, seconds = '', words = ''] = /^(-?\d{1,9}(?:\.\d{1,9})?)?(?:\s[^,]*)?,?(.*)$/.exec(value) ?? []
	const dash = words.indexOf(' - ')
	const artist = words.slice(0, Math.max(0, dash)).trim()
	const title = (dash === -1 ? words : words.slice(dash + 3)).trim()
	return {
		...(Number(seconds) > 0 && { durationMs: Math.round(Number(seconds) * 1000) }),
		...(title !== '' && { title }),
		...(artist !== '' && { artists: [artist] })
	}
}

function withVlcTime(item: Omit<FileItem, 'location'>, option: string): Omit<FileItem, 'location'> {
	const [, which, seconds] = /^(start|stop)-time=(\d{1,7}(?:\.\d{1,9})?)$/.exec(option) ?? []
	if (which === undefined) return item
	const ms = Math.round(Number(seconds) * 1000)
	if (which === 'start') return { ...item, clip: { start: ms } }
	const start = item.clip?.start ?? 0
	return ms > start ? { ...item, clip: { start, end: ms } } : item
}

/** XSPF 1 (https://xspf.org/spec). @returns `undefined` for other XML */
export function parseXspf(text: string): PlaylistFile | undefined {
	const root = parseXml(text)
	if (root?.name !== 'playlist') return undefined
	const list = root.children.find(({ name }) => name === 'trackList')
	const tracks = (list?.children ?? []).filter(({ name }) => name === 'track')
	const fields = (track: XmlElement) => (name: string) =>
		track.children.filter((child) => child.name === name).map((child) => child.text.trim())
	return fromTracks(fields(root), tracks.map(fields))
}

/** JSPF, the JSON form of XSPF. @returns `undefined` for other JSON */
export function parseJspf(value: unknown): PlaylistFile | undefined {
	const root = isMap(value) ? value.playlist : undefined
	if (!isMap(root) || !Array.isArray(root.track)) return undefined
	const fields = (track: unknown) => (name: string) => {
		const field = isMap(track) && Object.hasOwn(track, name) ? track[name] : undefined
		const all: readonly unknown[] = Array.isArray(field) ? field : [field]
		return all.filter((one) => typeof one === 'string' || typeof one === 'number').map((one) => String(one).trim())
	}
	return fromTracks(fields(root), root.track.map(fields))
}

type Fields = (name: string) => readonly string[]

function fromTracks(list: Fields, tracks: readonly Fields[]): PlaylistFile {
	const items: FileItem[] = []
	for (const fields of tracks.slice(0, MAX_LISTED_ENTRIES)) {
		const filled = (name: string) => fields(name).find((one) => one !== '')
		const [title, album, cover] = [filled('title'), filled('album'), filled('image')]
		const location = filled('location') ?? filled('identifier') ?? ''
		if (location === '' && title === undefined) continue
		const artists = fields('creator').filter((one) => one !== '')
		const [durationMs, track] = [whole(filled('duration')), whole(filled('trackNum'))]
		items.push({
			location,
			...(title !== undefined && { title }),
			...(artists.length > 0 && { artists }),
			...(album !== undefined && { album }),
			...(track !== undefined && { track }),
			...(durationMs !== undefined && { durationMs }),
			...(cover !== undefined && { cover })
		})
	}
	const title = list('title').find((one) => one !== '')
	const note = list('annotation').find((one) => one !== '')
	return {
		...(title !== undefined && { title }),
		...(note !== undefined && { note }),
		items,
		dropped: tracks.length - items.length
	}
}

function whole(text: string | undefined): number | undefined {
	return text !== undefined && /^\d{1,15}$/.test(text) && Number(text) > 0 ? Number(text) : undefined
}

/** How files are named in an export: by a gateway's origin (`https://…`), or `ipfs://` for players that know it. */
export type ExportTarget = { readonly gateway: string } | 'ipfs'

/** Extended M3U in UTF-8. A clip is written for VLC, which alone among players reads it. */
export function toM3u8(playlist: Playlist, target: ExportTarget): string {
	const lines = ['#EXTM3U', `#PLAYLIST:${displayText(playlist.title)}`]
	for (const item of playlist.items) {
		const seconds = item.durationMs === undefined ? -1 : Math.round(item.durationMs / 1000)
		lines.push(`#EXTINF:${seconds},${credit(item)}`)
		if (item.album !== undefined) lines.push(`#EXTALB:${displayText(item.album)}`)
		if (item.clip !== undefined) {
			lines.push(`#EXTVLCOPT:start-time=${item.clip.start / 1000}`)
			if (item.clip.end !== undefined) lines.push(`#EXTVLCOPT:stop-time=${item.clip.end / 1000}`)
		}
		lines.push(locationOf(item, target))
	}
	return `${lines.join('\n')}\n`
}

/** The same for players that know no UTF-8: each letter that Latin-1 lacks becomes a question mark; locations have none. */
export function toM3u(playlist: Playlist, target: ExportTarget): Uint8Array<ArrayBuffer> {
	return Uint8Array.from(toM3u8(playlist, target), (letter) => {
		const code = letter.codePointAt(0) ?? 0
		return code < 256 ? code : 63
	})
}

/** A list that table programs open, and that `parseTrackList` reads (RFC 4180). */
export function toCsv(playlist: Playlist, target: ExportTarget): string {
	const cell = (text = '') => (/[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
	const rows = playlist.items.map((item) => [
		item.artists?.map(displayText).join(', '),
		displayText(item.title),
		item.album === undefined ? undefined : displayText(item.album),
		clockOf(item.durationMs),
		locationOf(item, target) + fragmentOf(item.clip)
	])
	return [['artist', 'title', 'album', 'duration', 'location'], ...rows]
		.map((row) => `${row.map(cell).join(',')}\r\n`)
		.join('')
}

/** `1:02:03` or `0:05`. */
function clockOf(ms: number | undefined): string | undefined {
	if (ms === undefined) return undefined
	const seconds = Math.round(ms / 1000)
	const pad = (value: number) => String(value).padStart(2, '0')
	const minutes = Math.floor(seconds / 60)
	const clock = `${minutes % 60}:${pad(seconds % 60)}`
	return minutes < 60 ? clock : `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(seconds % 60)}`
}

/** XSPF 1. A clip is a media fragment of its location. */
export function toXspf(playlist: Playlist, target: ExportTarget): string {
	const element = (name: string, text: string | undefined) =>
		text === undefined || text === '' ? '' : `<${name}>${escapeXml(text)}</${name}>`
	const tracks = playlist.items.map((item) =>
		[
			'<track>',
			element('location', locationOf(item, target) + fragmentOf(item.clip)),
			element('title', displayText(item.title)),
			element('creator', item.artists?.map(displayText).join(', ')),
			element('album', item.album === undefined ? undefined : displayText(item.album)),
			element('duration', item.durationMs?.toString()),
			'</track>'
		].join('')
	)
	return [
		'<?xml version="1.0" encoding="UTF-8"?>',
		'<playlist version="1" xmlns="http://xspf.org/ns/0/">',
		element('title', displayText(playlist.title)),
		element('annotation', playlist.note === undefined ? undefined : displayText(playlist.note)),
		'<trackList>',
		...tracks,
		'</trackList>',
		'</playlist>',
		''
	].join('\n')
}

/** JSPF, the JSON form of XSPF. */
export function toJspf(playlist: Playlist, target: ExportTarget): string {
	const track = playlist.items.map((item) => ({
		location: [locationOf(item, target) + fragmentOf(item.clip)],
		title: displayText(item.title),
		...(item.artists && { creator: item.artists.map(displayText).join(', ') }),
		...(item.album !== undefined && { album: displayText(item.album) }),
		...(item.durationMs !== undefined && { duration: item.durationMs })
	}))
	const { note } = playlist
	const list = {
		title: displayText(playlist.title),
		...(note !== undefined && { annotation: displayText(note) }),
		track
	}
	return `${JSON.stringify({ playlist: list }, undefined, '\t')}\n`
}

/** A name for saving an item's file, with the extension that its type asks for. */
export function fileNameOf(item: Pick<PlaylistItem, 'title' | 'artists' | 'mime' | 'k'>): string {
	const extension = extensionOf(item.k ?? '') || extensionOfMime(item.mime)
	const stem =
		credit(item)
			.replace(/[\\/:*?"<>|]/g, '_')
			.slice(0, 120)
			.trim() || 'file'
	return extension === undefined ? stem : `${stem}.${extension}`
}

function credit({ artists = [], title }: Pick<PlaylistItem, 'title' | 'artists'>): string {
	const by = artists.map(displayText).join(', ')
	return by === '' ? displayText(title) : `${by} - ${displayText(title)}`
}

function locationOf(item: PlaylistItem, target: ExportTarget): string {
	const cid = cidText(item.file)
	const query = `?filename=${encodeURIComponent(fileNameOf(item).toWellFormed())}`
	return target === 'ipfs' ? `ipfs://${cid}${query}` : `${target.gateway.replace(/\/+$/, '')}/ipfs/${cid}${query}`
}

function fragmentOf(clip: Clip | undefined): string {
	if (clip === undefined) return ''
	return `#t=${clip.start / 1000}${clip.end === undefined ? '' : `,${clip.end / 1000}`}`
}
