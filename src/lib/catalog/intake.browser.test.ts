import { CarBlockIterator } from '@ipld/car'
import type { CID } from 'multiformats/cid'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import firstCar from '../../../playwright/fixtures/vectors/publication.car?url'
import updatedCar from '../../../playwright/fixtures/vectors/publication-updated.car?url'
import expected from '../../../playwright/fixtures/vectors/expected.json'
import { AppError } from '../errors'
import type { BlockSource } from '../gateway/block-source'
import { openAntiphonDatabase, type AntiphonDatabase } from '../storage/database'
import type { Catalog, LeftPublication, PublicationInput, PublisherRow } from './catalog'
import { Intake, type Heard } from './intake'

const blocks = new Map<string, Uint8Array>()
const asked: string[] = []
let database: AntiphonDatabase
let intakes: Intake[] = []

beforeEach(async () => {
	database = await openAntiphonDatabase(`test-${crypto.randomUUID()}`)
	for (const url of [firstCar, updatedCar]) {
		for await (const { cid, bytes } of await CarBlockIterator.fromIterable(stream(await fetch(url)))) {
			blocks.set(cid.toString(), bytes)
		}
	}
	asked.length = 0
})
afterEach(() => {
	for (const intake of intakes) intake.dispose()
	intakes = []
	database.close()
})

async function* stream(response: Response) {
	yield new Uint8Array(await response.arrayBuffer())
}

/** Has every block of the vectors, but those that are taken away. */
const source = (missing: ReadonlySet<string> = new Set()): BlockSource => ({
	get: (cid: CID) => {
		asked.push(cid.toString())
		const block = missing.has(cid.toString()) ? undefined : blocks.get(cid.toString())
		return block ? Promise.resolve(block) : Promise.reject(new AppError('content-unavailable', 'nobody has it'))
	}
})

/** Keeps what was applied, as the real one would, without an index. */
class RecordingCatalog {
	readonly applied: PublicationInput[] = []
	readonly removed: string[] = []
	readonly publishersNow: PublisherRow[] = []
	leftNow: readonly LeftPublication[] = []
	held: readonly string[] = []

	heldPages = () => Promise.resolve(this.held)
	publishers = () => Promise.resolve(this.publishersNow)
	left = () => Promise.resolve(this.leftNow)
	apply(publication: PublicationInput) {
		this.applied.push(publication)
		return Promise.resolve({ accepted: 5, dropped: 0, reasons: [] })
	}
	remove(name: string) {
		this.removed.push(name)
		return Promise.resolve()
	}
}

function start(catalog: RecordingCatalog, from: BlockSource, now?: () => number): Intake {
	const intake = new Intake({
		catalog: catalog as unknown as Catalog,
		database,
		source: from,
		...(now ? { now } : {})
	})
	intakes.push(intake)
	return intake
}

const heard = (changes: Partial<Heard> = {}): Heard => ({
	name: expected.publisher,
	value: `/ipfs/${expected.root}`,
	sequence: 7n,
	validUntilMs: Date.now() + 3600_000,
	hints: [],
	...changes
})
const updated = () => heard({ value: `/ipfs/${expected.updatedRoot}`, sequence: 8n })
const stateOf = async (name: string) => (await database.get('intakes', name))?.state

test('an announcement becomes a publication in the catalog', async () => {
	const catalog = new RecordingCatalog()
	start(catalog, source()).take(heard())
	await vi.waitFor(async () => expect(await stateOf(expected.publisher)).toBe('indexed'))
	expect(catalog.applied).toMatchObject([{ publisher: expected.publisher, root: expected.root, sequence: 7 }])
	expect(catalog.applied[0]?.pages.map(({ bytes }) => bytes?.byteLength)).toEqual([1936])
})

test('pages that are held are not asked for again', async () => {
	const catalog = new RecordingCatalog()
	const page = 'bafkreifxng2nkgoc4t2e7zksbobmfqwuh7lbyzv3aqw5ew6nfnjubtjeqy'
	catalog.held = [page]
	start(catalog, source()).take(updated())
	await vi.waitFor(() => expect(catalog.applied).toHaveLength(1))
	expect(asked).not.toContain(page)
	expect(catalog.applied[0]?.pages).toEqual([{ cid: page }])
})

test('a head that names somebody else is refused for good, and that name keeps no entries', async () => {
	const catalog = new RecordingCatalog()
	const other = expected['publisher of accept-but-publisher-differs']
	start(catalog, source()).take(heard({ name: other }))
	await vi.waitFor(async () => expect(await stateOf(other)).toBe('refused'))
	expect(catalog.applied).toEqual([])
	expect(catalog.removed).toEqual([other])
})

test('what nobody has now is tried again after a reload, and not before its time', async () => {
	const catalog = new RecordingCatalog()
	const page = 'bafkreibv5yeemxr7s3uyx3i6wxwoskau6cvo2zvxpugs6tm3jm5hgsmthy'
	await database.put('announcements', { ...heard(), bytes: new Uint8Array(), receivedMs: Date.now() })
	const first = start(catalog, source(new Set([page])))
	first.take(heard())
	await vi.waitFor(async () => expect(await stateOf(expected.publisher)).toBe('failed'))
	first.dispose()
	const stored = await database.get('intakes', expected.publisher)
	expect(stored).toMatchObject({ tries: 1, reason: 'content-unavailable' })
	expect(stored?.nextTryMs).toBeGreaterThan(Date.now())

	asked.length = 0
	await start(catalog, source()).start()
	expect(asked).toEqual([])
	await start(catalog, source(), () => stored?.nextTryMs ?? 0).start()
	await vi.waitFor(() => expect(catalog.applied).toHaveLength(1))
})

test('what left for the budget is not fetched again, until there is something newer', async () => {
	const catalog = new RecordingCatalog()
	catalog.leftNow = [{ name: expected.publisher, sequence: 7 }]
	await database.put('announcements', { ...heard(), bytes: new Uint8Array(), receivedMs: Date.now() })
	await start(catalog, source()).start()
	expect(asked).toEqual([])
	await database.put('announcements', { ...updated(), bytes: new Uint8Array(), receivedMs: Date.now() })
	await start(catalog, source()).start()
	await vi.waitFor(() => expect(catalog.applied).toMatchObject([{ sequence: 8 }]))
})

test('a newer announcement takes the place of one that is being read', async () => {
	const catalog = new RecordingCatalog()
	let stopped = false
	const slowFirst: BlockSource = {
		get: (cid, options) => {
			if (cid.toString() !== expected.root) return source().get(cid, options)
			asked.push(cid.toString())
			return new Promise((_, reject) => {
				options.signal.addEventListener('abort', () => {
					stopped = true
					reject(options.signal.reason as Error)
				})
			})
		}
	}
	const intake = start(catalog, slowFirst)
	intake.take(heard())
	await vi.waitFor(() => expect(asked).toEqual([expected.root]))
	intake.take(updated())
	await vi.waitFor(() => expect(catalog.applied).toHaveLength(1))
	expect(catalog.applied[0]?.root).toBe(expected.updatedRoot)
	expect(stopped).toBe(true)
})

test('a record that points elsewhere than at /ipfs/<cid> is refused', async () => {
	const catalog = new RecordingCatalog()
	start(catalog, source()).take(heard({ value: '/ipns/example.org' }))
	await vi.waitFor(async () => expect(await stateOf(expected.publisher)).toBe('refused'))
	expect(asked).toEqual([])
})

test('names that went quiet two days ago leave the catalog', async () => {
	const catalog = new RecordingCatalog()
	const day = 24 * 3600_000
	const row = (name: string, validUntilMs: number) => ({ name, validUntilMs }) as PublisherRow
	catalog.publishersNow.push(
		row('gone', Date.now() - 3 * day),
		row('quiet', Date.now() - day),
		row('here', Infinity)
	)
	await start(catalog, source()).start()
	expect(catalog.removed).toEqual(['gone'])
})
