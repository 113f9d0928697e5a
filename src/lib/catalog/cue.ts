import { AppError } from '../errors'
import type { Clip, Entry } from './entry'
import { MAX_CUE_BYTES, MAX_CUE_TRACKS, MAX_KEY_LENGTH, MAX_TAG_LENGTH, MAX_TITLE_LENGTH } from './limits'
import { cut, normalText } from './text'

export interface CueTrack {
	readonly number: number
	readonly title?: string
	readonly performer?: string
	readonly songwriter?: string
	readonly isrc?: string
	/** From this track's INDEX 01 to that of the next one in the same file. */
	readonly clip: Clip
}

export interface CueFile {
	/** As the sheet names it; the name of a file beside the sheet. */
	readonly name: string
	readonly tracks: readonly CueTrack[]
}

/** A CUE sheet: what cuts one long file into tracks. */
export interface CueSheet {
	readonly title?: string
	readonly performer?: string
	readonly songwriter?: string
	/** `YYYY` */
	readonly date?: string
	readonly genre?: string
	readonly files: readonly CueFile[]
}

type Draft<T> = { -readonly [K in keyof T]: T[K] }
interface DraftTrack extends Draft<Omit<CueTrack, 'clip'>> {
	startMs?: number
}

/**
 * Reads a CUE sheet in UTF-8 or, where it is not that, Windows-1252, as most old ones are.
 * A track without INDEX 01, or not later than the one before it in its file, is left out.
 * @throws AppError `too-large`, `content-unsupported` for something that is not a CUE sheet
 */
export function parseCue(bytes: Uint8Array): CueSheet {
	if (bytes.byteLength > MAX_CUE_BYTES) throw new AppError('too-large', 'a CUE sheet over its bound')
	const sheet: Draft<CueSheet> = { files: [] }
	const files: { name: string; tracks: DraftTrack[] }[] = []
	let track: DraftTrack | undefined
	let count = 0
	for (const line of textOf(bytes).split(/\r\n|\r|\n/)) {
		const [command = '', ...words] = wordsOf(line)
		const value = normalText(cut(words[0] ?? '', MAX_TAG_LENGTH))
		switch (command.toUpperCase()) {
			case 'FILE':
				files.push({ name: value, tracks: [] })
				track = undefined
				break
			case 'TRACK':
				track = undefined
				if (++count > MAX_CUE_TRACKS || !/^\d{1,2}$/.test(value)) break
				track = { number: Number(value) }
				files.at(-1)?.tracks.push(track)
				break
			case 'TITLE':
				;(track ?? sheet).title = value
				break
			case 'PERFORMER':
				;(track ?? sheet).performer = value
				break
			case 'SONGWRITER':
				;(track ?? sheet).songwriter = value
				break
			case 'ISRC':
				if (track !== undefined) track.isrc = value
				break
			case 'INDEX':
				if (track !== undefined && Number(value) === 1) setStart(track, words[1])
				break
			case 'REM':
				if (track === undefined) remark(sheet, value, words[1])
		}
	}
	if (files.length === 0) throw new AppError('content-unsupported', 'not a CUE sheet: it names no file')
	return { ...sheet, files: files.map(({ name, tracks }) => ({ name, tracks: clipped(tracks) })) }
}

function textOf(bytes: Uint8Array): string {
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
	} catch {
		return new TextDecoder('windows-1252').decode(bytes)
	}
}

/** Words of a line; one in quotation marks is one word. */
function wordsOf(line: string): string[] {
	return Array.from(line.matchAll(/"([^"]*)"?|[^\s"]+/g), ([word, quoted]) => quoted ?? word)
}

/** `mm:ss:ff`, 75 frames a second; minutes go past 99 in long files. */
function setStart(track: DraftTrack, text: string | undefined): void {
	const [, minutes, seconds, frames] = /^(\d{1,5}):([0-5]?\d):(\d{1,2})$/.exec(text ?? '') ?? []
	if (minutes === undefined || Number(frames) > 74) return
	track.startMs = (Number(minutes) * 60 + Number(seconds)) * 1000 + Math.round((Number(frames) * 1000) / 75)
}

function remark(sheet: Draft<CueSheet>, key: string, value: string | undefined): void {
	if (value === undefined) return
	if (key.toUpperCase() === 'GENRE') sheet.genre = normalText(cut(value, MAX_TAG_LENGTH))
	const year = key.toUpperCase() === 'DATE' ? /\b\d{4}\b/.exec(value)?.[0] : undefined
	if (year !== undefined) sheet.date = year
}

function clipped(drafts: readonly DraftTrack[]): CueTrack[] {
	const tracks: (Draft<Omit<CueTrack, 'clip'>> & { clip: Draft<Clip> })[] = []
	for (const { startMs, ...draft } of drafts) {
		const before = tracks.at(-1)
		if (startMs === undefined || (before !== undefined && startMs <= before.clip.start)) continue
		if (before !== undefined) before.clip.end = startMs
		tracks.push({ ...draft, clip: { start: startMs } })
	}
	return tracks
}

/**
 * The tracks that a sheet cuts out of one file, as entries of their own; the file's own entry gives what the sheet does
 * not say. Keys are the file's with `#01`, `#02` behind it.
 */
export function splitByCue(entry: Entry, sheet: CueSheet, file: CueFile): Entry[] {
	return file.tracks.map((track) => {
		const performer = track.performer ?? sheet.performer
		const composer = track.songwriter ?? sheet.songwriter
		const album = sheet.title ?? entry.album
		const date = sheet.date ?? entry.date
		const end = track.clip.end ?? entry.durationMs
		// What is said of the whole file is wrong of its parts: chapters, and gain and ids of the one recording.
		const {
			track: _track,
			tracks: _tracks,
			durationMs: _length,
			chapters: _chapters,
			gain: _gain,
			mbid: _mbid,
			...whole
		} = entry
		return {
			...whole,
			k: cut(entry.k, MAX_KEY_LENGTH - 3) + `#${String(track.number).padStart(2, '0')}`,
			title: cut(track.title ?? `${entry.title} ${track.number}`, MAX_TITLE_LENGTH),
			track: track.number,
			tracks: file.tracks.length,
			clip: track.clip,
			...(end !== undefined && end > track.clip.start && { durationMs: end - track.clip.start }),
			...(performer !== undefined && { artists: [performer] }),
			...(sheet.performer !== undefined && { albumArtists: [sheet.performer] }),
			...(composer !== undefined && { composers: [composer] }),
			...(album !== undefined && { album }),
			...(date !== undefined && { date }),
			...(sheet.genre !== undefined && { genres: [sheet.genre] }),
			...(track.isrc !== undefined && { isrc: track.isrc })
		}
	})
}
