import type { CID } from 'multiformats/cid'
import { errorCode, isAbort } from '../../errors'
import { extensionOf, typeOfName } from '../../gateway/media-types'
import { parseCue, splitByCue, type CueFile, type CueSheet } from '../cue'
import {
	MAX_CUE_BYTES,
	MAX_HLS_BYTES,
	MAX_KEY_LENGTH,
	MAX_MEASURED_FILES,
	MAX_WALKED_FILES,
	MAX_WALKED_FOLDERS,
	MAX_WALKED_LINKS,
	MAX_WALK_DEPTH,
	READ_CONCURRENCY
} from '../limits'
import { isDiscFolder } from '../path-tags'
import { compareBytes, normalText } from '../text'
import { HlsFolders } from './hls-folders'
import { Listing, fieldsOfPath } from './listing'
import { inLanes, type UnixFsReader } from './unixfs'

const RAW = 0x55
const DAG_PB = 0x70

interface FoundFile {
	readonly path: string
	readonly cid: CID
	/** 0 when unknown. */
	readonly sizeBytes: number
}

export interface WalkProgress {
	readonly folders: number
	readonly files: number
}

/**
 * Lists every media file below a folder that has no catalog. Covers, lyrics, subtitles and CUE sheets that lie beside
 * the media go with it instead of standing as entries of their own.
 */
export async function walkFolder(
	reader: UnixFsReader,
	root: CID,
	onprogress?: (progress: WalkProgress) => void
): Promise<Listing> {
	const listing = new Listing(MAX_WALKED_FILES)
	const walk = new Walk(reader, listing, onprogress)
	const files = await walk.run(root)
	files.sort((one, other) => compareBytes(one.path, other.path))
	await new Arrangement(reader, listing, files, walk.folders).run()
	return listing
}

/** A child of a folder that has been read. */
interface Child {
	readonly path: string
	readonly cid: CID
	readonly claimedBytes: number
}

class Walk {
	readonly #reader: UnixFsReader
	readonly #listing: Listing
	readonly #onprogress: ((progress: WalkProgress) => void) | undefined
	readonly #files: FoundFile[] = []
	/** Those that were read, by path. */
	readonly folders = new Map<string, CID>()
	#links = 0
	#measured = 0

	constructor(reader: UnixFsReader, listing: Listing, onprogress?: (progress: WalkProgress) => void) {
		this.#reader = reader
		this.#listing = listing
		this.#onprogress = onprogress
	}

	/** Level by level, so that everything of one level is fetched side by side. */
	async run(root: CID): Promise<FoundFile[]> {
		let level: Pick<Child, 'path' | 'cid'>[] = [{ path: '', cid: root }]
		for (let depth = 0; level.length > 0; depth++) {
			if (depth > MAX_WALK_DEPTH) {
				this.#listing.drop(level[0]?.path ?? '', `folders deeper than ${MAX_WALK_DEPTH}`, level.length)
				break
			}
			const children: Child[] = []
			await inLanes(READ_CONCURRENCY, level, async ({ path, cid }) => {
				await this.#open(path, cid, children)
				this.#report()
			})
			level = []
			await inLanes(READ_CONCURRENCY, children, async (child) => {
				if (await this.#mayBeFolder(child)) level.push(child)
			})
			this.#report()
		}
		return this.#files
	}

	async #open(path: string, cid: CID, children: Child[]): Promise<void> {
		if (this.folders.size >= MAX_WALKED_FOLDERS || this.#links >= MAX_WALKED_LINKS) {
			this.#listing.drop(path, 'past the bounds of one walk')
			return
		}
		try {
			const node = await this.#reader.node(cid)
			if (node.type === 'file') return
			this.folders.set(path, cid)
			for await (const { name, cid: child, claimedBytes } of node.links()) {
				if (++this.#links > MAX_WALKED_LINKS) break
				if (name === '' || name.includes('/') || name.length > MAX_KEY_LENGTH)
					this.#listing.drop(path, 'a name that cannot be')
				else children.push({ path: normalText(path === '' ? name : `${path}/${name}`), cid: child, claimedBytes })
			}
		} catch (error) {
			// The folder itself must be had; a sub-folder that nobody holds costs only what is in it.
			if (path === '') throw error
			this.#skip(path, error)
		}
	}

	/** Takes a file in. False when it is one for certain. */
	async #mayBeFolder({ path, cid, claimedBytes }: Child): Promise<boolean> {
		const type = typeOfName(path)
		if (cid.code === RAW) {
			this.#take({ path, cid, sizeBytes: claimedBytes })
			return false
		}
		if (cid.code !== DAG_PB) {
			if (type !== undefined) this.#listing.drop(path, 'not a UnixFS file')
			return false
		}
		if (type === undefined) return true
		// A link alone does not tell how long a file is. Past the bound, and for side files, it does not matter.
		let sizeBytes = 0
		if (type.kind !== 'other' && this.#measured++ < MAX_MEASURED_FILES) {
			try {
				const node = await this.#reader.node(cid)
				if (node.type === 'folder') return true
				sizeBytes = node.sizeBytes
			} catch (error) {
				this.#skip(path, error)
				return false
			}
		}
		this.#take({ path, cid, sizeBytes })
		return false
	}

	#take(file: FoundFile): void {
		if (typeOfName(file.path) === undefined) return
		if (this.#files.length < MAX_WALKED_FILES) this.#files.push(file)
		else this.#listing.drop(file.path, `more than ${MAX_WALKED_FILES} files`)
	}

	#report(): void {
		this.#onprogress?.({ folders: this.folders.size, files: this.#files.length })
	}

	#skip(path: string, error: unknown): void {
		this.#listing.drop(path, lostReason(error))
	}
}

/** Why one part of a walk could not be read. @throws the error itself when it ends the whole walk */
function lostReason(error: unknown): string {
	const code = errorCode(error)
	if (isAbort(error) || code === undefined || code === 'too-many') throw error
	return code
}

const COVER_NAMES = /^(?:cover|folder|front|album|albumart|albumartsmall|artwork)\.[a-z]+$/i

/** Puts what lies beside media with it. */
class Arrangement {
	readonly #reader: UnixFsReader
	readonly #listing: Listing
	readonly #files: readonly FoundFile[]
	readonly #byPath: ReadonlyMap<string, FoundFile>
	readonly #covers = new Map<string, FoundFile>()
	/** Files by their path in lower case without extension. */
	readonly #byStem = new Map<string, FoundFile[]>()
	/** By their folder. */
	readonly #subtitles = new Map<string, FoundFile[]>()
	readonly #sheets = new Map<string, { readonly sheet: CueSheet; readonly file: CueFile; readonly cid: CID }>()
	readonly #hls = new HlsFolders()
	readonly #folders: ReadonlyMap<string, CID>

	constructor(
		reader: UnixFsReader,
		listing: Listing,
		files: readonly FoundFile[],
		folders: ReadonlyMap<string, CID>
	) {
		this.#reader = reader
		this.#folders = folders
		this.#listing = listing
		this.#files = files
		this.#byPath = new Map(files.map((file) => [file.path.toLowerCase(), file]))
		const withAudio = new Set<string>()
		for (const { path } of files) {
			if (typeOfName(path)?.kind !== 'audio') continue
			withAudio.add(folderOf(path))
			if (isDiscFolder(nameOf(folderOf(path)))) withAudio.add(folderOf(folderOf(path)))
		}
		for (const file of files) {
			const folder = folderOf(file.path)
			const isCover = typeOfName(file.path)?.kind === 'image' && COVER_NAMES.test(nameOf(file.path))
			if (isCover && withAudio.has(folder) && !this.#covers.has(folder)) this.#covers.set(folder, file)
			push(this.#byStem, stemOf(file.path), file)
			if (typeOfName(file.path)?.kind === 'subtitle') push(this.#subtitles, folder, file)
		}
	}

	async run(): Promise<void> {
		await inLanes(READ_CONCURRENCY, this.#files, async (file) => {
			await this.#readSheet(file)
			await this.#readHls(file)
		})
		const covers = new Set(this.#covers.values())
		for (const file of this.#files) {
			const segments = this.#hls.entryOf(file.path, this.#folders.get(folderOf(file.path)))
			if (segments !== undefined) this.#listing.add(segments)
			if (segments !== undefined || this.#hls.isPart(file.path)) continue
			const type = typeOfName(file.path)
			if (type === undefined || type.kind === 'other' || type.mime.startsWith('text/plain')) continue
			if (covers.has(file) || type.mime === 'text/markdown') continue
			if (type.kind === 'subtitle' && this.#mediaBeside(file)) continue
			this.#add(file)
		}
	}

	#add(file: FoundFile): void {
		const { path, cid, sizeBytes } = file
		const fields = fieldsOfPath(path)
		const beside = this.#byStem.get(stemOf(path)) ?? []
		const playable = fields.t === 'audio' || fields.t === 'video'
		const cover = fields.t === 'audio' ? this.#coverOf(path) : undefined
		const lyrics = playable ? beside.find((one) => extensionOf(one.path) === 'lrc') : undefined
		const subtitles = fields.t === 'video' ? this.#subtitlesOf(file) : []
		const cut = this.#sheets.get(path)
		const whole = {
			...fields,
			k: path,
			file: cid,
			size: sizeBytes,
			...(cover !== undefined && { cover: cover.cid }),
			...(lyrics !== undefined && { lyrics: lyrics.cid }),
			...(subtitles.length > 0 && { subtitles }),
			...(cut !== undefined && { cueSheet: cut.cid })
		}
		if (cut === undefined || cut.file.tracks.length < 2) this.#listing.add(whole)
		else for (const track of splitByCue(whole, cut.sheet, cut.file)) this.#listing.add({ ...track })
	}

	#coverOf(path: string): FoundFile | undefined {
		const folder = folderOf(path)
		return (
			this.#covers.get(folder) ?? (isDiscFolder(nameOf(folder)) ? this.#covers.get(folderOf(folder)) : undefined)
		)
	}

	/** `Film.vtt`, `Film.de.srt` beside `Film.mkv`. */
	#subtitlesOf({ path }: FoundFile): { lang: string; file: CID; mime: string }[] {
		const stem = stemOf(path)
		return (this.#subtitles.get(folderOf(path)) ?? []).flatMap((one) => {
			const rest = stemOf(one.path)
			if (rest !== stem && !rest.startsWith(`${stem}.`)) return []
			const lang = rest.slice(stem.length + 1)
			return [{ lang: lang === '' ? 'und' : lang, file: one.cid, mime: typeOfName(one.path)?.mime ?? '' }]
		})
	}

	#mediaBeside(subtitle: FoundFile): boolean {
		const stem = stemOf(subtitle.path)
		const stems = [stem, stem.replace(/\.[a-z0-9-]{2,12}$/, '')]
		return stems.some((one) => this.#byStem.get(one)?.some(({ path }) => typeOfName(path)?.kind === 'video'))
	}

	async #readSheet({ path, cid }: FoundFile): Promise<void> {
		if (extensionOf(path) !== 'cue') return
		try {
			const sheet = parseCue(await this.#reader.file(cid, MAX_CUE_BYTES))
			for (const file of sheet.files) {
				const media = this.#mediaOfSheet(path, file.name)
				if (media !== undefined) this.#sheets.set(media.path, { sheet, file, cid })
			}
		} catch (error) {
			this.#listing.drop(path, lostReason(error))
		}
	}

	async #readHls({ path, cid }: FoundFile): Promise<void> {
		if (extensionOf(path) !== 'm3u8') return
		try {
			this.#hls.add(path, new TextDecoder().decode(await this.#reader.file(cid, MAX_HLS_BYTES)))
		} catch (error) {
			this.#listing.drop(path, lostReason(error))
		}
	}

	/** The file that a sheet names, or the same under another extension: sheets still say WAV after it became FLAC. */
	#mediaOfSheet(sheetPath: string, name: string): FoundFile | undefined {
		const folder = folderOf(sheetPath)
		const path = `${folder === '' ? '' : `${folder}/`}${nameOf(name.replaceAll('\\', '/'))}`
		const exact = this.#byPath.get(path.toLowerCase())
		if (exact !== undefined && typeOfName(exact.path)?.kind === 'audio') return exact
		const alike = [...(this.#byStem.get(stemOf(path)) ?? []), ...(this.#byStem.get(stemOf(sheetPath)) ?? [])]
		return alike.find((one) => typeOfName(one.path)?.kind === 'audio')
	}
}

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
	const list = lists.get(key)
	if (list === undefined) lists.set(key, [value])
	else list.push(value)
}

const folderOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')))
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)
const stemOf = (path: string): string => path.toLowerCase().replace(/\.[a-z0-9]{1,8}$/, '')
