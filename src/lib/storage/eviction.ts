import type { CID } from 'multiformats/cid'
import { Below, Slices } from './below'
import { changeTotals, readTotals, type BlockDatabase, type BlockFacts, type BlockTables } from './block-database'
import { countBlocks } from './count-blocks'

/** Blocks that are looked at and deleted in one transaction. */
const AT_ONCE = 128
/** How far below the budget eviction goes, so that it does not run after every block. */
const LOW_SHARE = 0.9

export interface EvictionInit {
	readonly database: BlockDatabase
	/** A block that is here and whole. */
	readonly read: (cid: CID) => Promise<Uint8Array | undefined>
	/** Roots of this profile, as text; see `rootsOfProfile`. */
	readonly roots: () => Promise<readonly string[]>
	/** Names that are in use: CIDs, and labels of groups. */
	readonly inUse: () => Promise<readonly string[]>
	readonly nowMs: () => number
}

export interface EvictOptions {
	/** Bytes that may stay of what nothing protects, instead of the budget that was set; 0 frees all that can be had again. */
	readonly budgetBytes?: number
	/** At least so many bytes are wanted, also when the budget is kept. */
	readonly freeBytes?: number
	readonly signal?: AbortSignal
}

type Run = EvictOptions & Required<Pick<EvictOptions, 'budgetBytes' | 'signal'>>

export interface Evicted {
	readonly freedBlocks: number
	/** Bytes of the blocks themselves; the disk may give back more or less. */
	readonly freedBytes: number
}

export interface StoreTotals {
	readonly blocks: number
	readonly bytes: number
	/** Of these, what is pinned or in use. */
	readonly protectedBytes: number
}

interface Candidate {
	readonly key: string
	readonly facts: BlockFacts
}

/**
 * Lets go of the blocks that were used longest ago. It never takes one that is below a pinned root or one in use, or of a
 * group in use; nor one that was put or used since it began. One runs at a time: see `BlockStore.evict`.
 */
export class Eviction {
	readonly #init: EvictionInit

	constructor(init: EvictionInit) {
		this.#init = init
	}

	/** @throws what the database throws; nothing was deleted then that should have stayed */
	async run({ budgetBytes, freeBytes = 0, signal }: Run): Promise<Evicted> {
		const { database, nowMs } = this.#init
		const startMs = nowMs()
		const slices = new Slices(signal)
		await countBlocks(database, slices)
		const below = this.#below(slices)
		const { bytes, protectedBytes } = await this.#measure(below, slices)
		const over = bytes - protectedBytes - budgetBytes
		let wanted = Math.max(freeBytes, over > 0 ? over + budgetBytes * (1 - LOW_SHARE) : 0)
		let freedBlocks = 0
		let freedBytes = 0
		let last: Candidate | undefined
		while (wanted > 0) {
			await slices.rest()
			const candidates = await this.#next(last, startMs)
			if (candidates.length === 0) break
			last = candidates.at(-1)
			const freed = await this.#delete(candidates, below, wanted)
			wanted -= freed.freedBytes
			freedBlocks += freed.freedBlocks
			freedBytes += freed.freedBytes
		}
		return { freedBlocks, freedBytes }
	}

	/** Lets go of all below these roots that nothing protects, whenever it was used. */
	async release(roots: readonly string[], signal: AbortSignal): Promise<Evicted> {
		const slices = new Slices(signal)
		await countBlocks(this.#init.database, slices)
		const [below, leaving] = [this.#below(slices), this.#below(slices)]
		await leaving.add(roots)
		const keys = [...leaving.keys]
		let freedBlocks = 0
		let freedBytes = 0
		for (let at = 0; at < keys.length; at += AT_ONCE) {
			await slices.rest()
			const candidates = await this.#of(keys.slice(at, at + AT_ONCE))
			const freed = await this.#delete(candidates, below, Infinity)
			freedBlocks += freed.freedBlocks
			freedBytes += freed.freedBytes
		}
		return { freedBlocks, freedBytes }
	}

	async totals(signal: AbortSignal): Promise<StoreTotals> {
		const slices = new Slices(signal)
		await countBlocks(this.#init.database, slices)
		return await this.#measure(this.#below(slices), slices)
	}

	readonly #below = (slices: Slices) => new Below(this.#init.read, slices)

	/** Walks all that is protected, and notes how much that is, so that writers know what the budget is to be held against. */
	async #measure(below: Below, slices: Slices): Promise<StoreTotals> {
		const { database } = this.#init
		const names = await this.#protect(below)
		let protectedBytes = 0
		let last: Candidate | undefined
		for (;;) {
			await slices.rest()
			const candidates = await this.#next(last, Infinity, 2048)
			if (candidates.length === 0) break
			last = candidates.at(-1)
			for (const { key, facts } of candidates)
				if (isProtected(key, facts, below, names)) protectedBytes += facts.sizeBytes
		}
		const { blocks, bytes } = await database.transact('readwrite', (tables) =>
			changeTotals(tables, () => ({ protectedBytes }))
		)
		return { blocks, bytes, protectedBytes }
	}

	/** Walks what was pinned or came into use since the last time. Gives the names that protect a group. */
	async #protect(below: Below): Promise<ReadonlySet<string>> {
		const { database, roots, inUse } = this.#init
		const [profile, used, pinned] = await Promise.all([roots(), inUse(), database.transact('readonly', readPins)])
		const names = [...profile, ...used, ...pinned]
		await below.add(names)
		return new Set(names)
	}

	/** Those of these blocks that are here. */
	async #of(keys: readonly string[]): Promise<readonly Candidate[]> {
		return await this.#init.database.transact('readonly', async ({ facts }) => {
			const found = (await Promise.all(keys.map((key) => facts.get(key)))) as (BlockFacts | undefined)[]
			return keys.flatMap((key, at) => (found[at] ? [{ key, facts: found[at] }] : []))
		})
	}

	/** The next blocks after one, those used longest ago first. */
	async #next(after: Candidate | undefined, untilMs: number, count = AT_ONCE): Promise<readonly Candidate[]> {
		return await this.#init.database.transact('readonly', async ({ facts }) => {
			const found: Candidate[] = []
			const index = facts.index('used')
			let cursor = await index.openCursor(after && IDBKeyRange.lowerBound(after.facts.used))
			if (after && cursor?.key === after.facts.used) {
				if ((cursor.primaryKey as string) < after.key)
					cursor = await cursor.continuePrimaryKey(after.facts.used, after.key)
				if (cursor?.primaryKey === after.key) cursor = await cursor.continue()
			}
			while (cursor && found.length < count) {
				const value = cursor.value as BlockFacts
				if (value.used > untilMs) break
				found.push({ key: cursor.primaryKey as string, facts: value })
				cursor = await cursor.continue()
			}
			return found
		})
	}

	async #delete(candidates: readonly Candidate[], below: Below, wanted: number): Promise<Evicted> {
		for (;;) {
			const names = await this.#protect(below)
			const going = candidates.filter(({ key, facts }) => !isProtected(key, facts, below, names))
			const freed = await this.#init.database.transact('readwrite', async (tables) => {
				// What was pinned between the look above and now is looked at first.
				if ((await readPins(tables)).some((root) => !below.roots.has(root))) return undefined
				return await deleteUnused(tables, going, wanted)
			})
			if (freed !== undefined) return freed
		}
	}
}

const isProtected = (key: string, facts: BlockFacts, below: Below, names: ReadonlySet<string>) =>
	below.keys.has(key) || (facts.group !== undefined && names.has(facts.group))

async function readPins({
	pins
}: Pick<BlockTables<'readonly' | 'readwrite'>, 'pins'>): Promise<readonly string[]> {
	return ((await pins.getAll()) as (readonly string[])[]).flat()
}

/** Deletes in order until enough is freed. A block that was used meanwhile stays. */
async function deleteUnused(
	tables: BlockTables<'readwrite'>,
	going: readonly Candidate[],
	wanted: number
): Promise<Evicted> {
	const now = (await Promise.all(going.map(({ key }) => tables.facts.get(key)))) as (BlockFacts | undefined)[]
	let freedBlocks = 0
	let freedBytes = 0
	const deletes: Promise<void>[] = []
	for (const [at, { key, facts }] of going.entries()) {
		if (freedBytes >= wanted) break
		if (now[at]?.used !== facts.used || now[at].group !== facts.group) continue
		freedBlocks += 1
		freedBytes += facts.sizeBytes
		deletes.push(tables.bytes.delete(key), tables.facts.delete(key))
	}
	await Promise.all(deletes)
	const before = await readTotals(tables)
	await changeTotals(tables, () => ({ bytes: before.bytes - freedBytes, blocks: before.blocks - freedBlocks }))
	return { freedBlocks, freedBytes }
}
