import type { CID } from 'multiformats/cid'
import { AppError } from '../../errors'
import { extensionOfMime } from '../../gateway/media-types'
import { parseEntry, type Entry } from '../entry'
import { encodeHead, mirrorLinks, type Head } from '../head'
import { encodePage, splitPages } from '../page'
import type { BuiltPublication, Draft, DraftEntry, PublishProgress } from '../publishing'
import { BlockLedger, type BlockWriter } from './block-ledger'
import { publishedBlob } from './byte-patch'
import { coverThumb, decodeInBrowser, type DecodeImage } from './cover-thumb'
import type { Imported } from './file-dag'
import { imageMime } from './file-kind'
import { FileImporter, type ImportFilesInit } from './import-files'
import { ImportProgress } from './import-progress'
import { SidecarFinder } from './sidecars'
import { findLocation } from './location'
import { importBlob, importLeaf, importTree } from './unixfs'

export interface BuildOptions extends Pick<ImportFilesInit, 'known' | 'pause'> {
	readonly blockstore: BlockWriter & { has?(cid: CID): boolean | Promise<boolean> }
	/** The chosen files are not copied into the block store: their leaves are read from them when they are wanted. */
	readonly inFiles?: boolean
	readonly signal: AbortSignal
	readonly onprogress?: (progress: PublishProgress) => void
	/** Default: by the browser's own decoders; without any, entries have no thumbs. */
	readonly decodeImage?: DecodeImage
	/** When this publication is made, Unix seconds. */
	readonly createdS?: number
	/** `added` of the entries of the publication before, by `k`: what did not change keeps its page and its CID. */
	readonly addedS?: ReadonlyMap<string, number>
	/** What else the head says: `homepage`, `lang`, `icon`, `follows`, `mirrors`, `playlists`. */
	readonly head?: Partial<Pick<Head, 'homepage' | 'lang' | 'icon' | 'follows' | 'mirrors' | 'playlists'>>
}

const FOLDER = '.antiphon'

interface Cover {
	readonly cid: CID
	readonly thumb?: Uint8Array
}

/**
 * Turns a draft into a publication (protocol section 2): media, directories, covers, pages and head, every block
 * written to `blockstore`. The same draft gives the same root, whoever builds it.
 * @param publisher - IPNS name
 * @throws AppError `invalid-entry` naming the file, `storage-full`, `storage-failed`
 */
export async function buildPublication(
	draft: Draft,
	publisher: string,
	options: BuildOptions
): Promise<BuiltPublication> {
	const { signal, createdS = Math.floor(Date.now() / 1000) } = options
	const ledger = new BlockLedger(options.blockstore, signal)
	const files = [...draft.others, ...draft.entries]
	const paths = new Set<string>()
	for (const { path } of files) {
		if (paths.has(path)) throw new AppError('invalid-entry', `two files are named ${path}`, { detail: path })
		paths.add(path)
	}
	const progress = new ImportProgress(files, options.onprogress)
	const tree = new Map<string, Imported>()

	const unfollow = options.pause?.follow(() => {
		progress.resumed()
	})
	const { blockstore, inFiles = false, known, pause } = options
	const importer = new FileImporter({
		ledger,
		signal,
		watch: progress,
		...(!inFiles && { store: { has: async (cid) => (await blockstore.has?.(cid)) ?? false } }),
		...(known && { known }),
		...(pause && { pause })
	})
	const imported = await importer.all(files).finally(unfollow)
	for (const [path, file] of imported) tree.set(path, file)

	const covers = await importCovers(draft, tree, ledger, options)
	const waveforms = await importWaveforms(draft, tree, ledger)
	const sidecars = new SidecarFinder(draft.others)
	const cidOf = (path: string | undefined) => (path === undefined ? undefined : tree.get(path)?.cid)
	const entries = draft.entries.map((entry) => {
		const { lyrics, cueSheet, subtitles } = sidecars.of(entry)
		return entryOf(entry, {
			file: cidOf(entry.path),
			cover: entry.cover && covers.get(entry.cover)?.cid,
			thumb: entry.cover && covers.get(entry.cover)?.thumb,
			waveform: waveforms.get(entry.path),
			lyrics: cidOf(lyrics),
			cueSheet: cidOf(cueSheet),
			subtitles: subtitles.map(({ lang, path, mime }) => ({ lang, file: cidOf(path), mime })),
			licence: entry.licence || draft.licence,
			added: options.addedS?.get(entry.path) ?? createdS
		})
	})

	const pages: { c: CID; n: number; k: string }[] = []
	for (const part of await splitPages(entries)) {
		const { cid, size } = await importLeaf(encodePage(part), ledger)
		tree.set(`${FOLDER}/pages/${pages.length}.cbor`, { cid, size })
		pages.push({ c: cid, n: part.length, k: part[0]?.k ?? '' })
	}
	const playlists: CID[] = []
	for (const { path, bytes } of draft.playlists ?? []) {
		const imported = await importLeaf(bytes, ledger)
		tree.set(path, imported)
		playlists.push(imported.cid)
	}
	const head = encodeHead({
		v: 1,
		publisher,
		name: draft.name.trim(),
		...present({ about: draft.about.trim(), licence: draft.licence.trim() }),
		...(draft.mirrors?.length && { mirrors: mirrorLinks(draft.mirrors) }),
		...(playlists.length > 0 && { playlists }),
		...options.head,
		created: createdS,
		entries: entries.length,
		bytes: entries.reduce((sum, entry) => sum + entry.size, 0),
		pages
	})
	tree.set(`${FOLDER}/catalog.cbor`, await importLeaf(head, ledger))
	const { cid: root } = await importTree(tree, ledger, signal)
	progress.end()
	const leaves = [...imported].map(([path, { digests }]) => ({ path, digests }))
	return {
		root,
		entries: entries.length,
		pages: pages.length,
		...(inFiles && { leaves }),
		...ledger.below(root)
	}
}

/**
 * Covers are kept below the root, so that one recursive pin keeps them: one that is a file of the tree already is not
 * stored again, others become `.antiphon/covers/<cid>.<ext>`.
 */
async function importCovers(
	{ entries, others }: Draft,
	tree: Map<string, Imported>,
	ledger: BlockLedger,
	{ decodeImage = decodeInBrowser, signal }: BuildOptions
): Promise<ReadonlyMap<Blob, Cover>> {
	const inTree = new Set([...tree.values()].map(({ cid }) => cid.toString()))
	const chosen = new Map([...others, ...entries].map(({ file, path }): [Blob, string] => [file, path]))
	const byCid = new Map<string, Cover>()
	const byBlob = new Map<Blob, Cover>()
	for (const { cover: blob } of entries) {
		if (blob === undefined || byBlob.has(blob)) continue
		signal.throwIfAborted()
		const mime = await imageMime(blob)
		if (mime === undefined) continue
		const path = chosen.get(blob)
		const held = path === undefined ? undefined : tree.get(path)
		const imported = held ?? (await importBlob(await placeless(blob, mime), ledger, signal))
		const key = imported.cid.toString()
		let cover = byCid.get(key)
		if (cover === undefined) {
			const thumb = await coverThumb(blob, decodeImage, signal)
			cover = { cid: imported.cid, ...(thumb && { thumb }) }
			byCid.set(key, cover)
			if (!inTree.has(key)) tree.set(`${FOLDER}/covers/${key}.${extensionOfMime(mime) ?? 'img'}`, imported)
		}
		byBlob.set(blob, cover)
	}
	return byBlob
}

/** A picture out of another file becomes one of its own here, and must not tell where it was taken. */
async function placeless(image: Blob, mime: string): Promise<Blob> {
	const { patches = [] } = (await findLocation(image, mime).catch(() => undefined)) ?? {}
	return patches.length === 0 ? image : publishedBlob({ file: new File([image], '', { type: mime }), patches })
}

/** Kept as covers are. */
async function importWaveforms(
	{ entries }: Draft,
	tree: Map<string, Imported>,
	ledger: BlockLedger
): Promise<ReadonlyMap<string, CID>> {
	const made = new Map<string, CID>()
	for (const { path, waveform } of entries) {
		if (waveform === undefined) continue
		const imported = await importLeaf(waveform, ledger)
		tree.set(`${FOLDER}/waveforms/${imported.cid.toString()}.dat`, imported)
		made.set(path, imported.cid)
	}
	return made
}

/** @throws AppError `invalid-entry` whose `detail` is the path */
function entryOf(
	entry: DraftEntry,
	made: { licence: string; added: number; subtitles: readonly object[] } & Record<string, unknown>
): Entry {
	const text = (value: string | undefined) => value?.trim().normalize('NFC')
	const texts = (values: readonly string[]) =>
		values.map((value) => text(value) ?? '').filter((value) => value !== '')
	try {
		return parseEntry(
			present({
				k: entry.path,
				t: entry.kind,
				size: entry.sizeBytes,
				mime: entry.mime,
				title: text(entry.title),
				artists: texts(entry.artists),
				albumArtists: texts(entry.albumArtists),
				genres: texts(entry.genres),
				composers: texts(entry.composers),
				album: text(entry.album),
				date: text(entry.date),
				label: text(entry.label),
				isrc: text(entry.isrc),
				comment: text(entry.comment),
				lang: entry.lang,
				track: entry.track,
				tracks: entry.tracks,
				disc: entry.disc,
				discs: entry.discs,
				bpm: entry.bpm,
				compilation: entry.compilation,
				lossless: entry.lossless,
				durationMs: entry.durationMs,
				bitrate: entry.bitrate,
				sampleRate: entry.sampleRate,
				channels: entry.channels,
				width: entry.width,
				height: entry.height,
				codec: entry.codec,
				mbid: entry.mbid,
				gain: entry.gain,
				chapters: entry.chapters,
				...made
			})
		)
	} catch (cause) {
		throw new AppError('invalid-entry', `${entry.path}: ${String(cause)}`, { cause, detail: entry.path })
	}
}

/** Leaves out what says nothing: undefined, empty texts and empty lists. */
function present<T extends object>(map: T): Partial<T> {
	return Object.fromEntries(
		Object.entries(map).filter(
			([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0)
		)
	) as Partial<T>
}
