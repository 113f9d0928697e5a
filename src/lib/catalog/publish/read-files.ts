import type * as MusicMetadata from 'music-metadata'
import type { IAudioMetadata, ICommonTagsResult, ITrackInfo } from 'music-metadata'
import { isDiscFolder, tagsOfPath } from '../path-tags'
import type { ChosenFile, Draft, DraftEntry, PublishProgress } from '../publishing'
import { fileKind, imageMime, type FileKind } from './file-kind'
import { withReadAhead } from './read-ahead'
import { parted } from './sidecars'
import { videoSize } from './video-size'

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
const MAX_COVER_BYTES = 16 * 1024 * 1024

/** What file systems and desktops leave behind. */
const JUNK = /^(?:\..*|thumbs\.db|desktop\.ini|ehthumbs\.db|__macosx|\$recycle\.bin|system volume information)$/i
/** Best first. */
const COVER_NAMES = ['cover', 'folder', 'front', 'album', 'albumart']
const COVER_EXTENSIONS = /\.(?:jpe?g|png|webp)$/i

/**
 * Reads the tags of all chosen files. No file fails the whole: one that cannot be read has a `problem`, and its name as
 * title. Junk is left out; of two files with one path the first is taken.
 */
export async function readChosenFiles(chosen: readonly ChosenFile[], options: ReadOptions): Promise<Draft> {
	const { signal, onprogress } = options
	const files = [...clean(chosen)]
	const bytes = files.reduce((sum, { file }) => sum + file.size, 0)
	const folderCovers = findFolderCovers(files)
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
	const entries = new Map<ChosenFile, DraftEntry>()
	const queue = files.filter(isEntry).values()
	let filesDone = 0
	let bytesDone = 0
	const work = async () => {
		for (const chosenFile of queue) {
			signal.throwIfAborted()
			const kind = kinds.get(chosenFile)
			if (kind === undefined) continue
			entries.set(chosenFile, await readEntry(chosenFile, kind, folderCovers, parser, signal))
			filesDone++
			bytesDone += chosenFile.file.size
			onprogress?.({ step: 'reading', filesDone, files: files.length, bytesDone, bytes, path: chosenFile.path })
		}
	}
	await Promise.all(Array.from({ length: CONCURRENCY }, work))
	const others = files.filter((file) => !entries.has(file))
	onprogress?.({ step: 'reading', filesDone: files.length, files: files.length, bytesDone: bytes, bytes })
	return {
		name: '',
		about: '',
		licence: '',
		entries: files.flatMap((file) => entries.get(file) ?? []),
		others
	}
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

/** The picture of each folder that has one, by folder; a disc's folder without one takes its parent's. */
function findFolderCovers(files: readonly ChosenFile[]): ReadonlyMap<string, File> {
	const best = new Map<string, { readonly file: File; readonly rank: number }>()
	for (const { path, file } of files) {
		const [folder, name] = parted(path)
		if (!COVER_EXTENSIONS.test(name) || file.size > MAX_COVER_BYTES) continue
		const rank = COVER_NAMES.indexOf(name.replace(/\.[^.]*$/, '').toLowerCase())
		if (rank === -1) continue
		const held = best.get(folder)
		if (held === undefined || rank < held.rank) best.set(folder, { file, rank })
	}
	return new Map([...best].map(([folder, { file }]) => [folder, file]))
}

function coverOfFolder(path: string, covers: ReadonlyMap<string, File>): File | undefined {
	const [folder] = parted(path)
	const own = covers.get(folder)
	if (own !== undefined) return own
	const [parent, name] = parted(folder.slice(0, -1))
	return isDiscFolder(name) ? covers.get(parent) : undefined
}

async function readEntry(
	{ path, file }: ChosenFile,
	{ kind, mime }: FileKind,
	folderCovers: ReadonlyMap<string, File>,
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
	const measured = isVideo && video === undefined ? await videoSize(file, signal) : undefined
	const durationS = format.duration ?? measured?.durationS
	const width = video?.pixelWidth ?? measured?.width
	const height = video?.pixelHeight ?? measured?.height
	const embedded = await embeddedCover(common)
	const beside = coverOfFolder(path, folderCovers)
	const cover = embedded ?? beside
	const artists = creditedArtists(common)
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
			gain: gainOf(common),
			mbid: mbidOf(common),
			label: bounded(common.label?.[0]),
			isrc: bounded(common.isrc?.[0]),
			bpm: positive(common.bpm),
			compilation: common.compilation,
			lang: bounded(common.language),
			chapters: chaptersOf(read),
			track: positive(common.track.no ?? fromPath.track),
			tracks: positive(common.track.of),
			disc: positive(common.disk.no ?? fromPath.disc),
			discs: positive(common.disk.of)
		}),
		title: bounded(common.title) ?? bounded(fromPath.title) ?? bare.title,
		artists: artists.length > 0 ? artists : list(fromPath.artist),
		albumArtists: list(common.albumartists ?? common.albumartist),
		album: bounded(common.album) ?? bounded(fromPath.album) ?? '',
		// Many taggers write several into one text.
		genres: list(common.genre?.flatMap((genre) => genre.split(';'))),
		date: dateOf(common) || (fromPath.date ?? ''),
		composers: list(common.composer),
		licence: bounded(common.license) ?? '',
		comment: bounded(common.comment?.find(({ text }) => text !== undefined)?.text) ?? '',
		...(cover && { cover, coverFrom: embedded ? ('file' as const) : ('folder' as const) })
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
	const clean = text.replaceAll('\0', ' ').trim().normalize('NFC').slice(0, MAX_TITLE).trim()
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
function dateOf({ date, releasedate, originaldate, year }: ICommonTagsResult): string {
	for (const text of [date, releasedate, originaldate]) {
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

function gainOf(common: ICommonTagsResult): DraftEntry['gain'] {
	const finite = (value: number | undefined) => (Number.isFinite(value) ? value : undefined)
	const gain = given({
		track: finite(common.replaygain_track_gain?.dB),
		album: finite(common.replaygain_album_gain?.dB),
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

async function embeddedCover({ picture }: ICommonTagsResult): Promise<Blob | undefined> {
	if (picture === undefined || picture.length === 0) return undefined
	const front = picture.find(({ type }) => /front/i.test(type ?? '')) ?? picture[0]
	if (front === undefined || front.data.byteLength > MAX_COVER_BYTES) return undefined
	const blob = new Blob([front.data.slice()])
	const mime = await imageMime(blob)
	return mime === undefined ? undefined : blob.slice(0, blob.size, mime)
}

/** Leaves out what is undefined. */
function given<T extends object>(map: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
	return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined)) as {
		[K in keyof T]?: Exclude<T[K], undefined>
	}
}
