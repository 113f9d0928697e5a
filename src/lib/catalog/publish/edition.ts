import { decode } from '@ipld/dag-pb'
import { UnixFS } from 'ipfs-unixfs'
import type { CID } from 'multiformats/cid'
import { AppError } from '../../errors'
import type { Entry } from '../entry'
import { checkPublisher, decodeHead, encodeHead, mirrorLinks, type Head } from '../head'
import { decodePage, encodePage, splitPages } from '../page'
import type { BuiltPublication, Mirror, SignedPlaylist } from '../publishing'
import { BlockLedger, type BlockWriter } from './block-ledger'
import { blocksBelow, type ReadBlock } from './car'
import type { Imported } from './file-dag'
import { PLAYLISTS } from './signed-playlists'
import { importLeaf, importTree } from './unixfs'

const DAG_PB = 0x70
const FOLDER = '.antiphon'
const HEAD = `${FOLDER}/catalog.cbor`
const PAGES = `${FOLDER}/pages/`
/** Directories below directories, and files in all: far more than any publication that was made here. */
const MAX_DEPTH = 64
const MAX_FILES = 200_000

/** A publication as it stands: what it says, and where each of its files is. Nothing of the files themselves. */
export interface Edition {
	readonly head: Head
	readonly entries: readonly Entry[]
	/** By path below the root, without head and pages. */
	readonly tree: ReadonlyMap<string, Imported>
}

/** What is to be different. What is left out stays. */
export interface Edit {
	readonly name?: string
	readonly about?: string
	readonly licence?: string
	/** Entries that go, by key; their files go with them, unless another entry needs them. */
	readonly removed?: ReadonlySet<string>
	/** Changed entries, by key. */
	readonly changed?: ReadonlyMap<string, Entry>
	/** CIDs of playlists that are listed no more. */
	readonly unlisted?: ReadonlySet<string>
}

/**
 * Reads a publication for editing it. Reads directories, head and pages, no files.
 * @throws AppError `invalid-head`, `invalid-page`, `publisher-mismatch`, `content-unavailable`, `too-many`
 */
export async function readEdition(
	root: CID,
	publisher: string,
	read: ReadBlock,
	signal: AbortSignal
): Promise<Edition> {
	const tree = new Map<string, Imported>()
	await walk(root, '', 0, tree, { read, signal, isDirectory: (cid) => isDirectory(cid, read, signal) })
	const at = tree.get(HEAD)
	if (at === undefined) throw new AppError('invalid-head', 'the publication has no head')
	const head = decodeHead(await read(at.cid, signal))
	checkPublisher(head, publisher)
	const entries: Entry[] = []
	for (const { c } of head.pages) entries.push(...decodePage(await read(c, signal)).entries)
	for (const path of tree.keys()) if (path === HEAD || path.startsWith(PAGES)) tree.delete(path)
	return { head, entries, tree }
}

/** The same with some of it different. */
export function changed(edition: Edition, edit: Edit): Edition {
	const { name, about, licence, removed, changed: entries, unlisted } = edit
	const left = edition.entries
		.filter(({ k }) => removed?.has(k) !== true)
		.map((entry) => entries?.get(entry.k) ?? entry)
	const needed = new Set(left.flatMap(filesOf).map(String))
	const gone = edition.entries.filter(({ k }) => removed?.has(k) === true)
	const free = new Set(gone.flatMap(filesOf).map(String))
	const tree = new Map(
		[...edition.tree].filter(([path, { cid }]) => {
			if (path.startsWith(PLAYLISTS) && unlisted?.has(cid.toString()) === true) return false
			return !free.has(cid.toString()) || needed.has(cid.toString())
		})
	)
	const text = (value: string | undefined, before: string | undefined) => (value ?? before)?.trim() || undefined
	const { about: aboutBefore, licence: licenceBefore, playlists = [], ...head } = edition.head
	const lists = playlists.filter((cid) => unlisted?.has(cid.toString()) !== true)
	const [said, terms] = [text(about, aboutBefore), text(licence, licenceBefore)]
	return {
		head: {
			...head,
			name: text(name, head.name) ?? head.name,
			...(said !== undefined && { about: said }),
			...(terms !== undefined && { licence: terms }),
			...(lists.length > 0 && { playlists: lists })
		},
		entries: left,
		tree
	}
}

/** What `added` holds on top of what `edition` holds; where both have a key or a path, that of `added`. */
export function joined(edition: Edition, added: Edition): Edition {
	const entries = new Map([...edition.entries, ...added.entries].map((entry) => [entry.k, entry]))
	// What was there and is the same keeps the day on which it was added.
	for (const { k, file, added: day } of edition.entries) {
		const entry = entries.get(k)
		if (entry?.file.equals(file) === true && day !== undefined) entries.set(k, { ...entry, added: day })
	}
	const { playlists: before = [], ...head } = edition.head
	const { playlists: more = [], ...addedHead } = added.head
	// A playlist whose place another one took is listed no more.
	const gone = new Set([...edition.tree].flatMap(([path, { cid }]) => (added.tree.has(path) ? [String(cid)] : [])))
	const lists = new Map(
		[...before.filter((cid) => !gone.has(String(cid))), ...more].map((cid) => [String(cid), cid])
	)
	return {
		head: { ...head, ...addedHead, ...(lists.size > 0 && { playlists: [...lists.values()] }) },
		entries: [...entries.values()],
		tree: new Map([...edition.tree, ...added.tree])
	}
}

/** The same with these playlists listed too; one at the path of another takes its place. Writes their blocks. */
export async function listing(
	edition: Edition,
	playlists: readonly SignedPlaylist[],
	{ blockstore, signal }: { readonly blockstore: BlockWriter; readonly signal: AbortSignal }
): Promise<Edition> {
	const ledger = new BlockLedger(blockstore, signal)
	const tree = new Map<string, Imported>()
	for (const { path, bytes } of playlists) tree.set(path, await importLeaf(bytes, ledger))
	const { playlists: _, ...head } = edition.head
	const added = Array.from(tree.values(), ({ cid }) => cid)
	return joined(edition, { head: { ...head, playlists: added }, entries: [], tree })
}

/** The same, saying that these publications of others are kept, and no longer any that it said before. */
export function mirroring(edition: Edition, mirrors: readonly Mirror[]): Edition {
	const { mirrors: _, ...head } = edition.head
	return { ...edition, head: mirrors.length === 0 ? head : { ...head, mirrors: mirrorLinks(mirrors) } }
}

/**
 * Writes an edition as a publication: pages that did not change keep their CIDs, and no file is touched.
 * @param createdS - when it is made, Unix seconds
 * @throws AppError `invalid-entry`, `invalid-head`, `storage-full`, `storage-failed`, `content-unavailable`
 */
export async function writeEdition(
	{ head, entries, tree: files }: Edition,
	options: {
		readonly blockstore: BlockWriter
		readonly read: ReadBlock
		readonly signal: AbortSignal
		readonly createdS?: number
		/** The files are at the place it goes to already: only what was made here is sent there. */
		readonly filesThere?: boolean
	}
): Promise<BuiltPublication> {
	const { blockstore, read, signal, createdS = Math.floor(Date.now() / 1000), filesThere = false } = options
	const ledger = new BlockLedger(blockstore, signal)
	const tree = new Map(files)
	const pages: { c: CID; n: number; k: string }[] = []
	for (const part of await splitPages(entries)) {
		const imported = await importLeaf(encodePage(part), ledger)
		tree.set(`${PAGES}${pages.length}.cbor`, imported)
		pages.push({ c: imported.cid, n: part.length, k: part[0]?.k ?? '' })
	}
	const bytes = entries.reduce((sum, { size }) => sum + size, 0)
	const written = encodeHead({ ...head, created: createdS, entries: entries.length, bytes, pages })
	tree.set(HEAD, await importLeaf(written, ledger))
	const { cid: root, size } = await importTree(tree, ledger, signal)
	return {
		root,
		entries: entries.length,
		pages: pages.length,
		sizeBytes: Number(size),
		blocks: filesThere ? ledger.all() : await blocksBelow(root, read, signal)
	}
}

/** Every file that an entry names. */
function filesOf(entry: Entry): readonly CID[] {
	const { file, cover, lyrics, cueSheet, waveform, subtitles = [] } = entry
	return [file, cover, lyrics, cueSheet, waveform, ...subtitles.map((subtitle) => subtitle.file)].filter(
		(cid) => cid !== undefined
	)
}

export interface WalkDoors {
	readonly read: ReadBlock
	readonly signal: AbortSignal
	/** Told of each directory before it is read. */
	readonly onfolder?: (cid: CID) => Promise<void>
	readonly isDirectory: (cid: CID) => Promise<boolean>
}

/** Every file below a directory, sharded or not, by path. @throws AppError `too-many`, `content-unsupported` */
export async function walk(
	cid: CID,
	path: string,
	depth: number,
	tree: Map<string, Imported>,
	doors: WalkDoors,
	shard = false
): Promise<void> {
	const { read, signal } = doors
	if (!shard) await doors.onfolder?.(cid)
	if (depth > MAX_DEPTH) throw new AppError('too-many', 'directories too deep')
	const { Data, Links } = decode(await read(cid, signal))
	const { type } = Data === undefined ? {} : UnixFS.unmarshal(Data)
	const sharded = type === 'hamt-sharded-directory'
	for (const { Hash, Name = '', Tsize = 0 } of Links) {
		signal.throwIfAborted()
		// In a shard each name begins with two digits of its place; a name of those alone is a shard below.
		const name = sharded ? Name.slice(2) : Name
		if (sharded && name === '') {
			await walk(Hash, path, depth + 1, tree, doors, true)
			continue
		}
		const below = path === '' ? name : `${path}/${name}`
		if (Hash.code === DAG_PB && (await doors.isDirectory(Hash))) {
			await walk(Hash, below, depth + 1, tree, doors)
		} else {
			if (tree.size >= MAX_FILES) throw new AppError('too-many', 'too many files')
			tree.set(below, { cid: Hash, size: BigInt(Tsize) })
		}
	}
	if (!sharded && !shard && type !== 'directory') throw new AppError('content-unsupported', 'not a directory')
}

async function isDirectory(cid: CID, read: ReadBlock, signal: AbortSignal): Promise<boolean> {
	const { Data } = decode(await read(cid, signal))
	return Data !== undefined && UnixFS.unmarshal(Data).isDirectory()
}
