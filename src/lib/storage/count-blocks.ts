import { changeTotals, readTotals, type BlockDatabase, type BlockFacts, type BlockTables } from './block-database'
import type { Slices } from './below'

/** Values that are read in one transaction: at most 2 MiB each. */
const AT_ONCE = 16

/**
 * Notes the size of each block that the store's first version left. They count as used longest ago. It may be stopped at
 * any time and begun again.
 */
export async function countBlocks(database: BlockDatabase, slices: Slices): Promise<void> {
	if ((await database.transact('readonly', readTotals)).counted) return
	for (let after = ''; ;) {
		await slices.rest()
		const keys = await database.keysAfter(after, AT_ONCE)
		if (keys.length === 0) break
		after = keys.at(-1) ?? after
		await database
			.transact('readwrite', (tables) => countIn(tables, keys))
			.catch(async () => {
				// One of them cannot be read: it is of no use to anyone.
				for (const key of keys) await countOrDrop(database, key)
			})
	}
	await database.transact('readwrite', (tables) => changeTotals(tables, () => ({ counted: true })))
}

async function countIn(tables: BlockTables<'readwrite'>, keys: readonly string[]): Promise<void> {
	let bytes = 0
	let blocks = 0
	await Promise.all(
		keys.map(async (key) => {
			if ((await tables.facts.getKey(key)) !== undefined) return
			const block = (await tables.bytes.get(key)) as Uint8Array | undefined
			if (block === undefined) return
			bytes += block.byteLength
			blocks += 1
			await tables.facts.put({ sizeBytes: block.byteLength, used: 0 } satisfies BlockFacts, key)
		})
	)
	await changeTotals(tables, (totals) => ({ bytes: totals.bytes + bytes, blocks: totals.blocks + blocks }))
}

async function countOrDrop(database: BlockDatabase, key: string): Promise<void> {
	const counting = database.transact('readwrite', (tables) => countIn(tables, [key]))
	await counting.catch(async (error: unknown) => {
		if (!isLost(error)) throw error
		await database.transact('readwrite', async ({ bytes }) => {
			await bytes.delete(key)
		})
	})
}

/** How browsers say that the file behind a stored value is gone or cut short, for ever. */
export const isLost = (error: unknown): boolean =>
	error instanceof DOMException && (error.name === 'DataError' || error.name === 'NotReadableError')
