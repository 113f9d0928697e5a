import type * as MusicMetadata from 'music-metadata'
import type { IAudioMetadata, ICommonTagsResult, ITrackInfo } from 'music-metadata'
import { tagsOfPath } from '../path-tags'
import type { ChosenFile, Draft, DraftEntry, PublishProgress } from '../publishing'
import { fileKind, imageMime, type FileKind } from './file-kind'
import { FolderCovers, MAX_COVER_BYTES } from './folder-covers'
import { findLocation } from './location'
import { withReadAhead } from './read-ahead'
import { parted } from './sidecars'
import { meantText, nativeTags, type NativeTags } from './tags/native-tags'
import { quickTimeLook } from './tags/quicktime'
import { videoLook } from './video-look'

export interface ReadOptions {
	readonly signal: AbortSignal
	readonly onprogress?: (progress: PublishProgress) => void
}

/** Files read at once; reading is bound by the disk, not by the processor. */
const CONCURRENCY = 2
/** One file's tags; a hostile or broken file may keep a parser busy. */
const FILE_MS = 20_000
const MAX_TITLE = 500
const DAMAGED = 'Nothing can be played of this file; it may be damaged.'
const MAX_LIST = 50

/** What file systems and desktops leave behind. */
const JUNK = /^(?:\..*|thumbs\.db|desktop\.ini|ehthumbs\.db|__macosx|\$recycle\.bin|system volume information)$/i
/**
 * Reads the tags of all chosen files. No file fails the whole: one that cannot be read has a `problem`, and its name as
 * title. Junk is left out; of two files with one path the first is taken.
 */
export async function readChosenFiles(chosen: readonly ChosenFile[], options: ReadOptions): Promise<Draft> {
	const { signal, onprogress } = options
	// A folder gives its files in any order; people read 2 before 10.
	const { compare } = new Intl.Collator(undefined, { numeric: true })
	const files = [...clean(chosen)].sort((one, other) => compare(one.path, other.path))
	const bytes = files.reduce((sum, { file }) => sum + file.size, 0)
	const folderCovers = new FolderCovers(files)
	const kinds = new Map<ChosenFile, FileKind | undefined>()
	for (const chosenFile of files) {
		signal.throwIfAborted()
		// A file that cannot be read at all fails where it is read in full, with its name.
		kinds.set(chosenFile, await fileKind(chosenFile.path, chosenFile.file).catch(() => undefined))
	}
	// Pictures beside music or film are sleeves and booklets; in a folder of pictures they are what is published.
	const played = [...kinds.values()].some((kind) => kind?.kind === 'audio' || kind?.kind === 'video')
	const isEntry = (file: ChosenFile) => {
		const kind = kinds.get(file)?.kind
		return kind !== undefined && !(kind === 'image' && played)
	}
	const parser = await import('music-metadata')
	const start = performance.now()
	const entries = new Map<ChosenFile, DraftEntry>()
	const queue = files.filter(isEntry).values()
	let filesDone = 0
	let bytesDone = 0
	const covers = new SameBlobs()
	const work = async () => {
		for (const chosenFile of queue) {
			signal.throwIfAborted()
			const kind = kinds.get(chosenFile)
			if (kind === undefined) continue
			const entry = await readEntry(chosenFile, kind, { folderCovers, covers }, parser, signal)
			entries.set(chosenFile, { ...entry, ...(await locationOf(chosenFile, kind.mime)) })
			filesDone++
			bytesDone += chosenFile.file.size
			onprogress?.({ step: 'reading', filesDone, files: files.length, bytesDone, bytes, path: chosenFile.path })
		}
	}
	await Promise.all(Array.from({ length: CONCURRENCY }, work))
	performance.measure('antiphon:tags', { start, detail: { files: entries.size } })
	const others: ChosenFile[] = []
	for (const file of files) {
		if (entries.has(file)) continue
		signal.throwIfAborted()
		const kind = kinds.get(file)
		others.push(kind === undefined ? file : { ...file, ...(await locationOf(file, kind.mime)) })
	}
	onprogress?.({ step: 'reading', filesDone: files.length, files: files.length, bytesDone: bytes, bytes })
	return {
		name: '',
		about: '',
		licence: '',
		entries: files.flatMap((file) => entries.get(file) ?? []),
		others
	}
}

/** What a file tells of places. One that cannot be read fails where it is read in full. */
async function locationOf({ file }: ChosenFile, mime: string): Promise<Pick<ChosenFile, 'location'>> {
	const location = await findLocation(file, mime).catch(() => undefined)
	return location === undefined ? {} : { location }
}

/** Gives one Blob for the same bytes: a thousand songs of a hundred albums have a hundred covers. */
class SameBlobs {
	readonly #byHash = new Map<string, Blob>()

	async of(bytes: Uint8Array<ArrayBuffer>, make: () => Promise<Blob | undefined>): Promise<Blob | undefined> {
		const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
		const key = String.fromCharCode(...hash)
		const held = this.#byHash.get(key)
		if (held !== undefined) return held
		const made = await make()
		if (made !== undefined) this.#byHash.set(key, made)
		return made
	}
}

interface Covers {
	readonly folderCovers: FolderCovers
	readonly covers: SameBlobs
}

function* clean(chosen: readonly ChosenFile[]): Generator<ChosenFile> {
	const seen = new Set<string>()
	for (const { path: given, file } of chosen) {
		const names = given
			.normalize('NFC')
			.split('/')
			.filter((name) => name !== '' && name !== '.')
		const path = names.join('/')
		if (names.length === 0 || names.some((name) => JUNK.test(name)) || seen.has(path)) continue
		seen.add(path)
		yield { path, file }
	}
}

async function readEntry(
	{ path, file }: ChosenFile,
	{ kind, mime }: FileKind,
	{ folderCovers, covers }: Covers,
	parser: Parser,
	signal: AbortSignal
): Promise<DraftEntry> {
	const fromPath = tagsOfPath(path)
	const bare: DraftEntry = {
		path,
		file,
		kind,
		mime,
		sizeBytes: file.size,
		title: parted(path)[1].replace(/\.[^.]+$/, '') || path,
		artists: [],
		albumArtists: [],
		album: '',
		genres: [],
		date: '',
		composers: [],
		licence: '',
		comment: ''
	}
	if (kind === 'image' || kind === 'document') return bare
	if (file.size === 0) return { ...bare, problem: 'This file is empty.' }
	let read: IAudioMetadata
	try {
		read = await parse(parser, file, mime, signal)
	} catch (error) {
		signal.throwIfAborted()
		return { ...bare, problem: problemOf(error) }
	}
	const { common, format } = read
	// Some parsers look for the first frame to the end, and say nothing when there is none.
	const found =
		format.sampleRate ?? format.duration ?? format.trackInfo.find(({ codecName }) => codecName !== undefined)
	if (found === undefined) {
		return { ...bare, problem: DAMAGED }
	}
	const video = format.trackInfo.find(({ video }) => video?.pixelWidth !== undefined)?.video
	const isVideo = kind === 'video' && !(format.hasVideo === false && format.hasAudio === true)
	const native = nativeTags(read)
	const quickTime = isVideo && video === undefined ? await quickTimeLook(file).catch(() => undefined) : undefined
	const words = (key: string) => bounded(quickTime?.texts.get(key))
	const embedded = await embeddedCover(common, covers)
	const beside = folderCovers.of(path)
	const wantsFrame = embedded === undefined && beside === undefined
	const measured =
		isVideo && ((video ?? quickTime?.width) === undefined || wantsFrame)
			? await videoLook(file, signal, wantsFrame)
			: undefined
	const durationS = format.duration ?? quickTime?.durationS ?? measured?.durationS
	const width = video?.pixelWidth ?? quickTime?.width ?? measured?.width
	const height = video?.pixelHeight ?? quickTime?.height ?? measured?.height
	const cover = embedded ?? beside ?? measured?.frame
	const credited = creditedArtists(common)
	const artists = credited.length > 0 ? credited : list(words('©ART'))
	return {
		...bare,
		kind: isVideo ? 'video' : kind === 'video' ? 'audio' : kind,
		mime: isVideo ? mime : mime.replace(/^video\/(?=mp4|webm|ogg)/, 'audio/'),
		...given({
			durationMs: positive(durationS === undefined ? undefined : durationS * 1000),
			bitrate: positive(format.bitrate ?? bitrateOf(file.size, durationS)),
			sampleRate: positive(format.sampleRate),
			channels: positive(format.numberOfChannels),
			width: positive(width),
			height: positive(height),
			codec: codecOf(read, isVideo),
			lossless: format.lossless,
			gain: gainOf(common, native),
			mbid: mbidOf(common),
			label: bounded(common.label?.[0]),
			isrc: bounded(common.isrc?.[0]),
			bpm: positive(common.bpm),
			compilation: common.compilation,
			lang: bounded(common.language),
			chapters: chaptersOf(read),
			track: positive(common.track.no ?? native.track ?? fromPath.track),
			tracks: positive(common.track.of ?? native.tracks),
			disc: positive(common.disk.no ?? fromPath.disc),
			discs: positive(common.disk.of)
		}),
		title: bounded(common.title) ?? words('©nam') ?? bounded(fromPath.title) ?? bare.title,
		artists: artists.length > 0 ? artists : list(fromPath.artist),
		albumArtists: list(common.albumartists ?? common.albumartist),
		album: bounded(common.album) ?? bounded(native.album) ?? words('©alb') ?? bounded(fromPath.album) ?? '',
		// Many taggers write several into one text.
		genres: list((common.genre ?? native.genres)?.flatMap((genre) => genre.split(';'))),
		date: dateOf(common, [native.date, words('©day')]) || (fromPath.date ?? ''),
		composers: list(common.composer),
		licence: bounded(common.license) ?? '',
		comment: bounded(common.comment?.find(({ text }) => text !== undefined)?.text) ?? '',
		...(cover && { cover, coverFrom: embedded ? 'file' : beside ? 'folder' : 'frame' })
	}
}

type Parser = Pick<typeof MusicMetadata, 'parseBlob'>

async function parse(
	{ parseBlob }: Parser,
	file: File,
	mime: string,
	signal: AbortSignal
): Promise<IAudioMetadata> {
	const deadline = AbortSignal.any([signal, AbortSignal.timeout(FILE_MS)])
	// The parser goes by name and type as well; a File made by a drop may have neither.
	const typed = withReadAhead(file.type === '' ? new File([file], file.name, { type: mime }) : file)
	// Some files tell their length only to who reads all of them.
	const parsed = parseBlob(typed).then(async (read) =>
		read.format.duration === undefined && read.format.hasAudio === true
			? parseBlob(typed, { duration: true })
			: read
	)
	return await new Promise((resolve, reject) => {
		deadline.addEventListener(
			'abort',
			() => {
				reject(deadline.reason as Error)
			},
			{ once: true }
		)
		parsed.then(resolve, reject)
	})
}

function problemOf(error: unknown): string {
	if (error instanceof DOMException && error.name === 'NotReadableError') return 'This file cannot be read.'
	if (error instanceof DOMException && error.name === 'TimeoutError') return 'Reading its tags took too long.'
	return DAMAGED
}

function creditedArtists(common: ICommonTagsResult): string[] {
	const all = list(common.artists)
	return all.length > 0 ? all : list(common.artist)
}

function list(value: string | readonly string[] | undefined): string[] {
	const texts = value === undefined ? [] : typeof value === 'string' ? [value] : value
	return [...new Set(texts.flatMap((text) => bounded(text) ?? []))].slice(0, MAX_LIST)
}

/** Trimmed, in NFC, without NULs and at most 500 characters; undefined when nothing is left. */
function bounded(text: unknown): string | undefined {
	if (typeof text !== 'string') return undefined
	const clean = meantText(text).replaceAll('\0', ' ').trim().normalize('NFC').slice(0, MAX_TITLE).trim()
	return clean === '' ? undefined : clean
}

/** A whole number over 0. */
function positive(value: number | null | undefined): number | undefined {
	if (typeof value !== 'number' || !Number.isFinite(value)) return undefined
	const whole = Math.round(value)
	return whole > 0 && Number.isSafeInteger(whole) ? whole : undefined
}

const bitrateOf = (sizeBytes: number, durationS: number | undefined) =>
	durationS !== undefined && durationS > 0 ? (sizeBytes * 8) / durationS : undefined

/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; the release that this file is of, not the first one. */
function dateOf(
	{ date, releasedate, originaldate, year }: ICommonTagsResult,
	others: readonly (string | undefined)[]
): string {
	for (const text of [date, releasedate, originaldate, ...others]) {
		const found = /^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?(?=$|\D)/.exec(text ?? '')?.[0]
		if (found !== undefined) return found
	}
	return year !== undefined && year >= 1000 && year <= 9999 ? `${year}` : ''
}

function codecOf({ format }: IAudioMetadata, isVideo: boolean): string | undefined {
	const ofVideo = isVideo ? format.trackInfo.find((track: ITrackInfo) => track.video !== undefined) : undefined
	const name = ofVideo?.codecName ?? ofVideo?.codecId ?? format.codec
	if (/^MPEG .* Layer 3$/.test(name ?? '')) return 'MP3'
	return bounded(name?.replace(/^[AV]_/, ''))
}

function gainOf(common: ICommonTagsResult, { trackGain, albumGain }: NativeTags): DraftEntry['gain'] {
	const finite = (value: number | undefined) => (Number.isFinite(value) ? value : undefined)
	const gain = given({
		track: finite(common.replaygain_track_gain?.dB) ?? trackGain,
		album: finite(common.replaygain_album_gain?.dB) ?? albumGain,
		trackPeak: finite(common.replaygain_track_peak?.ratio),
		albumPeak: finite(common.replaygain_album_peak?.ratio)
	})
	return Object.keys(gain).length > 0 ? gain : undefined
}

function mbidOf(common: ICommonTagsResult): DraftEntry['mbid'] {
	const ids = (value: readonly string[] | undefined) => {
		const found = list(value)
		return found.length > 0 ? found : undefined
	}
	const mbid = given({
		recording: bounded(common.musicbrainz_recordingid),
		track: bounded(common.musicbrainz_trackid),
		release: bounded(common.musicbrainz_albumid),
		releaseGroup: bounded(common.musicbrainz_releasegroupid),
		artists: ids(common.musicbrainz_artistid),
		albumArtists: ids(common.musicbrainz_albumartistid)
	})
	return Object.keys(mbid).length > 0 ? mbid : undefined
}

function chaptersOf({ format }: IAudioMetadata): DraftEntry['chapters'] {
	const chapters = (format.chapters ?? []).flatMap(({ title, start, timeScale, sampleOffset }) => {
		const startMs = timeScale !== undefined && timeScale > 0 ? (start / timeScale) * 1000 : start
		const ofSample =
			sampleOffset !== undefined && format.sampleRate ? (sampleOffset / format.sampleRate) * 1000 : startMs
		const ms = Math.round(Number.isFinite(startMs) ? startMs : ofSample)
		const name = bounded(title)
		return name !== undefined && ms >= 0 ? [{ start: ms, title: name }] : []
	})
	return chapters.length > 0 ? chapters.slice(0, 1000) : undefined
}

async function embeddedCover({ picture }: ICommonTagsResult, covers: SameBlobs): Promise<Blob | undefined> {
	if (picture === undefined || picture.length === 0) return undefined
	const front = picture.find(({ type }) => /front/i.test(type ?? '')) ?? picture[0]
	if (front === undefined || front.data.byteLength > MAX_COVER_BYTES) return undefined
	const bytes = front.data.slice()
	return await covers.of(bytes, async () => {
		const blob = new Blob([bytes])
		const mime = await imageMime(blob)
		return mime === undefined ? undefined : blob.slice(0, blob.size, mime)
	})
}

/** Leaves out what is undefined. */
function given<T extends object>(map: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
	return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined)) as {
		[K in keyof T]?: Exclude<T[K], undefined>
	}
}
