import {
	changeTotals,
	type BlockDatabase,
	type BlockFacts,
	type BlockTables,
	type StoredTotals
} from './block-database'
import { sizeOf, type WaitingBlock } from './write-queue'

/** Writes blocks with what is noted of them, all or none. One that is here already is only noted as used. */
export async function commitBlocks(
	database: BlockDatabase,
	blocks: readonly WaitingBlock[],
	nowMs: number
): Promise<StoredTotals> {
	// The same block twice in a batch is one.
	const unique = [...new Map(blocks.map((block) => [block.key, block])).values()]
	return await database.transact('readwrite', async (tables) => {
		const noted = (await Promise.all(unique.map(({ key }) => tables.facts.get(key)))) as (BlockFacts | undefined)[]
		let bytes = 0
		let count = 0
		const writes: Promise<unknown>[] = []
		for (const [at, block] of unique.entries()) {
			const before = noted[at]
			const group = block.group ?? before?.group
			const facts: BlockFacts = { sizeBytes: sizeOf(block.bytes), used: nowMs, ...(group && { group }) }
			writes.push(put(tables.facts, facts, block.key))
			if (before !== undefined) continue
			writes.push(put(tables.bytes, block.bytes, block.key))
			bytes += sizeOf(block.bytes)
			count += 1
		}
		await Promise.all(writes)
		return await changeTotals(tables, (totals) => ({ bytes: totals.bytes + bytes, blocks: totals.blocks + count }))
	})
}

/** Rejects also where the browser throws at once: no request beside it is left to nobody. */
async function put(table: BlockTables<'readwrite'>['bytes'], value: unknown, key: string): Promise<void> {
	await table.put(value, key)
}

/** @param isStill - asked of the bytes that are there by now; what it says no to stays */
export async function deleteBlock(
	database: BlockDatabase,
	key: string,
	isStill?: (bytes: Uint8Array | Blob) => boolean
): Promise<void> {
	await database.transact('readwrite', async (tables) => {
		const facts = (await tables.facts.get(key)) as BlockFacts | undefined
		if (isStill) {
			const bytes = (await tables.bytes.get(key)) as Uint8Array | Blob | undefined
			if (bytes === undefined || !isStill(bytes)) return
		}
		await Promise.all([tables.bytes.delete(key), tables.facts.delete(key)])
		if (facts === undefined) return
		await changeTotals(tables, ({ bytes, blocks }) => ({ bytes: bytes - facts.sizeBytes, blocks: blocks - 1 }))
	})
}

/** Notes when blocks were used; of those that are gone by now, nothing. @param used - key → Unix ms */
export async function noteUses(database: BlockDatabase, used: ReadonlyMap<string, number>): Promise<void> {
	await database.transact('readwrite', async ({ facts }) => {
		await Promise.all(
			[...used].map(async ([key, usedMs]) => {
				const before = (await facts.get(key)) as BlockFacts | undefined
				if (before && before.used < usedMs) await facts.put({ ...before, used: usedMs } satisfies BlockFacts, key)
			})
		)
	})
}
