import { ESLint } from 'eslint'
import { readdirSync } from 'node:fs'
import ts from 'typescript-eslint'
import { describe, expect, test } from 'vitest'
import { LAYERS, layerRules } from './layers.mjs'

// The layer rules alone: the whole configuration reads types, so it can lint only files that exist.
const eslint = new ESLint({
	overrideConfigFile: true,
	overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parser: ts.parser } }, ...layerRules]
})

/** The rules that a file at `filePath` with this one statement breaks. */
async function broken(filePath, statement) {
	const results = await eslint.lintText(statement, { filePath })
	return results.flatMap((result) => result.messages.map(({ ruleId }) => ruleId))
}

describe('an import against the layers is refused', () => {
	test.each([
		['src/lib/catalog/row.ts', "import { x } from '../state/player.svelte'"],
		['src/lib/catalog/publish/car.ts', "import { x } from '../../state/player.svelte'"],
		['src/lib/catalog/row.ts', "import { x } from '$lib/state/player.svelte'"],
		['src/lib/catalog/row.ts', "export { x } from '../components/icons'"],
		['src/lib/p2p/peer.ts', "import type { Catalog } from '../catalog/catalog'"],
		['src/lib/storage/database.ts', "import { x } from '../p2p/peer'"],
		['src/lib/gateway/range.ts', "import { x } from '../storage/database'"],
		['src/lib/gateway/range.ts', "import { x } from '../format'"],
		['src/lib/errors.ts', "import { x } from './gateway/range'"],
		['src/lib/components/sigil.ts', "import { x } from '$lib/p2p/peer'"],
		['src/lib/components/sigil.ts', "import { openCatalog } from '$lib/catalog/catalog'"],
		['src/lib/components/sigil.ts', "import type { PlayerState } from '$lib/state/player.svelte'"],
		['src/lib/state/player.svelte.ts', "import { x } from '../../routes/search/query'"],
		['service-worker/index.ts', "import { x } from '$lib/p2p/peer'"],
		['service-worker/index.ts', "import { x } from '../src/lib/catalog/row'"]
	])('%s: %s', async (path, statement) => {
		expect(await broken(path, statement)).toEqual(['no-restricted-imports'])
	})

	test('and so is a lazy one', async () => {
		expect(await broken('src/lib/p2p/peer.ts', "void import('../catalog/catalog')")).toEqual([
			'no-restricted-syntax'
		])
	})
})

describe('an import along the layers is let through', () => {
	test.each([
		['src/lib/catalog/row.ts', "import { x } from '../p2p/peer'"],
		['src/lib/catalog/row.ts', "import { AppError } from '../errors'"],
		['src/lib/catalog/publish/car.ts', "import { x } from '../row'"],
		['src/lib/catalog/row.ts', "import { CID } from 'multiformats/cid'"],
		['src/lib/components/sigil.ts', "import type { EntryRow } from '$lib/catalog/row'"],
		['src/lib/components/sigil.ts', "import { useMessages } from '$lib/i18n/context'"],
		['src/lib/i18n/en/index.ts', "import { catalog } from './catalog'"],
		['src/lib/state/player.svelte.ts', "import { formatBytes } from '$lib/format'"],
		['src/lib/state/player.svelte.ts', "void import('$lib/p2p/node')"],
		['src/routes/search/query.ts', "import { x } from '$lib/state/player.svelte'"],
		['service-worker/index.ts', "import { x } from '../src/lib/gateway/range'"],
		['service-worker/content.ts', "import { x } from './shell'"]
	])('%s: %s', async (path, statement) => {
		expect(await broken(path, statement)).toEqual([])
	})
})

test('the configuration of the project holds the rules', async () => {
	const config = await new ESLint().calculateConfigForFile('src/lib/catalog/row.ts')
	expect(config.rules['no-restricted-imports']).toEqual([
		2,
		layerRules.find(({ name }) => name === 'layers/catalog')?.rules['no-restricted-imports'][1]
	])
})

test('every folder and module of src/lib is a layer', () => {
	const names = readdirSync('src/lib').map((name) => name.replace(/(\.test)?\.ts$/, ''))
	expect(new Set(Object.keys(LAYERS)).isSupersetOf(new Set(names)), names.join(', ')).toBe(true)
})
