import { CID } from 'multiformats/cid'
import { AppError } from '../../errors'
import { typeOfName } from '../../gateway/media-types'
import { verifyBlock } from '../../gateway/verify-block'
import { parseEntry, type Entry } from '../entry'
import { fieldsOfPath } from '../readers/listing'
import { normalText } from '../text'
import { walk, type Edition } from './edition'
import type { Imported } from './file-dag'
import { FolderCovers } from './folder-covers'
import { SidecarFinder } from './sidecars'

/** A node's own view of what it holds. `KuboRpc` is one. */
export interface ListingNode {
	ls(
		cid: string,
		signal: AbortSignal
	): Promise<readonly { readonly cid: string; readonly sizeBytes: number; readonly isDirectory: boolean }[]>
	blockGet(cid: string, signal: AbortSignal): Promise<Uint8Array>
}

export interface NodeListing {
	readonly entries: readonly Entry[]
	readonly tree: ReadonlyMap<string, Imported>
	/** Files that are no entries: covers, lyrics, texts. */
	readonly others: number
	readonly sizeBytes: number
}

/**
 * Makes a catalog of a directory that a node holds, as after `ipfs add -r --nocopy`, from its listing alone: no byte of
 * a file is moved. What the paths tell is all that is known of the files.
 * @param onfiles - called with the number of files found so far
 * @throws AppError `bad-path`, `content-unsupported`, `too-many`, `content-unverified`, and what the node throws
 */
export async function readNodeListing(
	root: string,
	node: ListingNode,
	{
		signal,
		nowS = Math.floor(Date.now() / 1000),
		onfiles
	}: { readonly signal: AbortSignal; readonly nowS?: number; readonly onfiles?: (files: number) => void }
): Promise<NodeListing> {
	const tree = new Map<string, Imported>()
	const folders = new Set<string>()
	const sizes = new Map<string, number>()
	await walk(cidOf(root), '', 0, tree, {
		signal,
		async read(cid) {
			const bytes = await node.blockGet(cid.toString(), signal)
			if (await verifyBlock(cid, bytes)) return bytes
			throw new AppError('content-unverified', `the node gave another block for ${cid.toString()}`)
		},
		async onfolder(cid) {
			for (const { cid: below, sizeBytes, isDirectory } of await node.ls(cid.toString(), signal)) {
				if (isDirectory) folders.add(below)
				else sizes.set(below, sizeBytes)
			}
			onfiles?.(tree.size)
		},
		isDirectory: (cid) => Promise.resolve(folders.has(cid.toString()))
	})
	onfiles?.(tree.size)
	const paths = [...tree.keys()].filter((path) => !path.split('/').some((part) => part.startsWith('.')))
	const isMedia = (path: string) => {
		const kind = typeOfName(path)?.kind
		return kind === 'audio' || kind === 'video'
	}
	const others = paths.filter((path) => !isMedia(path)).map((path) => ({ path, file: new File([], path) }))
	const covers = new FolderCovers(others)
	const pathOf = new Map<Blob, string>(others.map(({ path, file }) => [file, path]))
	const sidecars = new SidecarFinder(others)
	const at = (path: string | undefined) => (path === undefined ? undefined : tree.get(path)?.cid)
	const entries = paths.filter(isMedia).flatMap((path): Entry[] => {
		const { cid } = tree.get(path) as Imported
		const fields = fieldsOfPath(path)
		if (fields.t !== 'audio' && fields.t !== 'video') return []
		const { lyrics, cueSheet, subtitles } = sidecars.of({ path, kind: fields.t })
		const cover = covers.of(path)
		const found = {
			k: normalText(path),
			file: cid,
			size: sizes.get(cid.toString()) ?? 0,
			...fields,
			added: nowS,
			cover: cover && at(pathOf.get(cover)),
			lyrics: at(lyrics),
			cueSheet: at(cueSheet),
			subtitles: subtitles.map(({ lang, path: of, mime }) => ({ lang, file: at(of), mime }))
		}
		const stated = Object.entries(found).filter(
			([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)
		)
		try {
			return [parseEntry(Object.fromEntries(stated))]
		} catch {
			// A name that no entry can have; the file stays where it is.
			return []
		}
	})
	return {
		entries,
		tree: new Map(paths.map((path) => [path, tree.get(path) as Imported])),
		others: others.length,
		sizeBytes: entries.reduce((sum, { size }) => sum + size, 0)
	}
}

/** The edition that publishes a listing under a name. */
export function editionOf(
	{ entries, tree }: NodeListing,
	{ publisher, name, about = '' }: { readonly publisher: string; readonly name: string; readonly about?: string }
): Edition {
	return {
		head: {
			v: 1,
			publisher,
			name,
			...(about !== '' && { about }),
			// Stated anew when it is written.
			created: 0,
			entries: 0,
			bytes: 0,
			pages: []
		},
		entries,
		tree
	}
}

/** A CID, or a path or link that begins with one. */
function cidOf(typed: string): CID {
	const text = /(?:^|\/ipfs\/|ipfs:\/\/)([A-Za-z0-9]{40,})/.exec(typed.trim())?.[1] ?? ''
	try {
		return CID.parse(text)
	} catch (cause) {
		throw new AppError('bad-path', 'not a CID', { cause })
	}
}
