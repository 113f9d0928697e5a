import type { ChosenFile, Draft, DraftEntry, PublishProgress } from '../publishing'
import { fileKind, type FileKind } from './file-kind'
import { FolderCovers } from './folder-covers'
import { findLocation } from './location'
import { readEntry } from './read-entry'
import { SameBlobs } from './same-blobs'

export interface ReadOptions {
	readonly signal: AbortSignal
	readonly onprogress?: (progress: PublishProgress) => void
}

/** Files read at once; reading is bound by the disk, not by the processor. */
const CONCURRENCY = 2

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
