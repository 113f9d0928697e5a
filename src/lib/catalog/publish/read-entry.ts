import type * as MusicMetadata from 'music-metadata'
import type { IAudioMetadata, ICommonTagsResult } from 'music-metadata'
import { untilAborted } from '../../errors'
import { tagsOfPath } from '../path-tags'
import type { ChosenFile, DraftEntry, FileProblem } from '../publishing'
import { imageMime, type FileKind } from './file-kind'
import { MAX_COVER_BYTES, type FolderCovers } from './folder-covers'
import { withReadAhead } from './read-ahead'
import type { SameBlobs } from './same-blobs'
import { parted } from './sidecars'
import { bitrateOf, chaptersOf, codecOf, creditedArtists, dateOf, gainOf, mbidOf } from './tags/fields'
import { nativeTags } from './tags/native-tags'
import { quickTimeLook } from './tags/quicktime'
import { bounded, given, list, positive } from './tags/values'
import { videoLook } from './video-look'

/** One file's tags; a hostile or broken file may keep a parser busy. */
const FILE_MS = 20_000

/** The parser's code, which is loaded when files are first chosen. */
export type Parser = Pick<typeof MusicMetadata, 'parseBlob'>

export interface CoversAround {
	readonly folderCovers: FolderCovers
	readonly covers: SameBlobs
}

/**
 * Reads what one file tells of itself. One that cannot be read has a `problem`, and its name as title.
 * @throws what `signal` was aborted with, and nothing else
 */
export async function readEntry(
	{ path, file }: ChosenFile,
	{ kind, mime }: FileKind,
	{ folderCovers, covers }: CoversAround,
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
	if (file.size === 0) return { ...bare, problem: 'empty' }
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
		return { ...bare, problem: 'damaged' }
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
	// It lets go of the signal: else what was read of each file stays in memory for as long as that may abort.
	return await untilAborted(parsed, deadline)
}

function problemOf(error: unknown): FileProblem {
	if (error instanceof DOMException && error.name === 'NotReadableError') return 'unreadable'
	if (error instanceof DOMException && error.name === 'TimeoutError') return 'slow'
	return 'damaged'
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
