import { expect, test } from 'vitest'
import { firstScreenNodes, staticClosure } from './built-files.mjs'

test('a chunk comes with all that it imports, and without what it loads when needed', () => {
	const manifest = {
		page: { file: 'page.js', imports: ['a'], dynamicImports: ['lazy'] },
		a: { file: 'a.js', imports: ['b'] },
		b: { file: 'b.js', imports: ['a'] },
		lazy: { file: 'lazy.js', imports: ['b'] }
	}
	expect(staticClosure(manifest, ['page'])).toEqual(new Set(['page', 'a', 'b']))
	expect(() => staticClosure(manifest, ['gone'])).toThrow('gone')
})

test.each([
	['{ "/": [2], "/search": [3] }', ['0', '2']],
	['{ "/search": [3], "/(app)": [4,[2]] }', ['0', '4', '2']]
])('%s', (dictionary, nodes) => {
	expect(firstScreenNodes(dictionary)).toEqual(nodes)
})

test('a build without a first screen is refused', () => {
	expect(() => firstScreenNodes('{ "/search": [3] }')).toThrow('first screen')
})
