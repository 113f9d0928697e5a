import type { Blockstore } from 'interface-blockstore'
import type { CID } from 'multiformats/cid'
import { AppError } from '../errors'
import type { BlockSource } from '../gateway/block-source'
import { verifyBlock } from '../gateway/verify-block'
import { readBlock } from '../storage/read-block'
import { runAlone } from '../storage/tab-lock'
import type { Catalog } from './catalog'
import { STARTER_ANNOUNCEMENT, STARTER_CAR, STARTER_NAME, STARTER_ROOT } from './starter'

const FETCH_TIMEOUT_MS = 60_000
/** What the project ships is at most 6 MB; anything larger did not come from it. */
const CAR_LIMIT_BYTES = 8 * 1024 * 1024

export interface StarterInit {
	readonly catalog: Catalog
	/** Opened only when the collection is not there yet. */
	readonly blockstore: () => Promise<Blockstore>
	/** The app's base URL. */
	readonly base: string
	readonly signal: AbortSignal
	/** True when the user removed the collection: it stays away. */
	readonly removed: boolean
}

/**
 * Puts the collection that ships with the app into this browser, unless it is there: its blocks into the block store,
 * its entries into the catalog by the same code as any publication. Resolves to true when something was added.
 * @throws AppError `unreachable` when the files cannot be fetched, `invalid-record` when they are not what was shipped
 */
export async function installStarter({
	catalog,
	blockstore,
	base,
	signal,
	removed
}: StarterInit): Promise<boolean> {
	return await runAlone('antiphon-starter', async () => {
		if (removed || (await catalog.publisher(STARTER_NAME))?.root === STARTER_ROOT) return false
		const deadline = AbortSignal.any([signal, AbortSignal.timeout(FETCH_TIMEOUT_MS)])
		const [car, message, { indexPublication, rootOfValue }] = await Promise.all([
			fetchFile(new URL(STARTER_CAR, base), deadline),
			fetchFile(new URL(STARTER_ANNOUNCEMENT, base), deadline),
			// Only the first visit needs it, and it is a third of all that the first screen would load.
			import('./publication-reader')
		])
		const { name, value, sequence, validUntilMs } = await readAnnouncement(message)
		const store = await blockstore()
		await importCar(car, store)
		const source: BlockSource = { get: (cid) => readBlock(store, cid) }
		const publication = { name, root: rootOfValue(value), sequence: Number(sequence), validUntilMs, hints: [] }
		await indexPublication(publication, source, catalog, deadline)
		return true
	})
}

async function readAnnouncement(bytes: Uint8Array) {
	const { AnnouncementBook } = await import('../p2p/announce')
	const { announcement, reason } = await new AnnouncementBook().judge(bytes)
	if (announcement?.name !== STARTER_NAME)
		throw new AppError('invalid-record', `the starter collection: ${reason}`)
	return announcement
}

/** Every block is checked against its CID before it is kept: the host of the app is not trusted with content either. */
async function importCar(bytes: Uint8Array, store: Blockstore): Promise<void> {
	const { CarBlockIterator } = await import('@ipld/car/iterator')
	const blocks: { readonly cid: CID; readonly bytes: Uint8Array }[] = []
	for await (const block of await CarBlockIterator.fromBytes(bytes)) blocks.push(block)
	const keep = async ({ cid, bytes: block }: (typeof blocks)[number]) => {
		if (!(await verifyBlock(cid, block)))
			throw new AppError('content-unverified', `a block of ${STARTER_CAR} is wrong`)
		await store.put(cid, block)
	}
	await Promise.all(blocks.map(keep))
}

async function fetchFile(url: URL, signal: AbortSignal): Promise<Uint8Array> {
	const response = await fetch(url, { signal }).catch((cause: unknown) => {
		throw new AppError('unreachable', `cannot fetch ${url.pathname}`, { cause })
	})
	if (!response.ok) throw new AppError('unreachable', `${url.pathname}: ${response.status}`)
	const bytes = new Uint8Array(await response.arrayBuffer())
	if (bytes.length > CAR_LIMIT_BYTES) throw new AppError('too-large', `${url.pathname}: ${bytes.length} bytes`)
	return bytes
}
