import { measureBlockStores } from '../block-stores.ts'
import { writeReport } from '../report.ts'

/** The stores that a browser has for blocks: docs/decisions/0009 goes by this table. */
export async function run(): Promise<void> {
	const figures = await measureBlockStores()
	console.table(Object.fromEntries(figures.map(({ what, unit, value }) => [what, `${value.toFixed(0)} ${unit}`])))
	await writeReport('latest-blocks.json', { figures })
}
