import { expect, test } from 'vitest'
import { seededRandom } from '../../../../bench/catalog-generator'
import { bestOf } from './best-of'

test('gives what sorting everything gives', () => {
	const random = seededRandom(3)
	for (const size of [0, 1, 5, 50, 1000]) {
		const items = Array.from({ length: size }, () => Math.floor(random() * 300))
		for (const count of [0, 1, 3, 10, 2000]) {
			expect(bestOf(items, count, (a, b) => a - b)).toEqual(items.toSorted((a, b) => a - b).slice(0, count))
		}
	}
})
