import { expect, test } from 'vitest'
import { isNamedEmptily } from './file-names.mjs'

test.each([
	'src/lib/utils.ts',
	'src/lib/pin-manager.ts',
	'src/misc/a.ts',
	'a/dateHelpers.ts',
	'common/x',
	'pin.service.ts'
])('%s is refused', (path) => {
	expect(isNamedEmptily(path)).toBe(true)
})

test.each([
	'service-worker/index.ts',
	'p2p/pinning-service.test.ts',
	'src/lib/catalog/row.ts',
	'src/commonplace.ts',
	'docs/serviceability.md'
])('%s is let through', (path) => {
	expect(isNamedEmptily(path)).toBe(false)
})
