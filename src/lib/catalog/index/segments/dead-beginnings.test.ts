import { expect, test } from 'vitest'
import { editDistance } from '../edit-distance'
import { seededRandom } from '../../seeded-random.fixture'
import { DeadBeginnings } from './dead-beginnings'

const random = seededRandom(3)
const letters = (most: number) =>
	Array.from({ length: 1 + Math.floor(random() * most) }, () => 'abcd'.charAt(Math.floor(random() * 4))).join('')
const bytesOf = (word: string) => new TextEncoder().encode(word)
const unitsOf = (word: string) => Uint16Array.from(word, (letter) => letter.charCodeAt(0))

function sharedBy(a: string, b: string): number {
	let shared = 0
	while (shared < a.length && shared < b.length && a[shared] === b[shared]) shared++
	return shared
}

test('a beginning is dead when, and only when, no word that begins so is near enough', () => {
	for (let round = 0; round < 60; round++) {
		const wanted = letters(7)
		const most = 1 + Math.floor(random() * 2)
		const beginnings = new DeadBeginnings(unitsOf(wanted), most)
		const asked = [...new Set(Array.from({ length: 30 }, () => letters(6)))].sort()
		let before = ''
		for (const beginning of asked) {
			const known = Math.min(beginnings.depth, sharedBy(before, beginning))
			const dead = beginnings.dead(bytesOf(`..${beginning}`), 2, beginning.length, known)
			before = beginning
			// The nearest word that begins so is the beginning with some end of the wanted word.
			const ends = Array.from({ length: wanted.length + 1 }, (_, from) => wanted.slice(from))
			const near = ends.some((end) => editDistance(wanted, beginning + end, most) <= most)
			expect([wanted, beginning, most, dead > 0]).toEqual([wanted, beginning, most, !near])
			if (dead > 0) {
				const enough = beginning.slice(0, dead)
				expect(ends.some((end) => editDistance(wanted, enough + end, most) <= most)).toBe(false)
			}
		}
	}
})

test('letters of more than one byte are left to the comparison of whole words', () => {
	const beginnings = new DeadBeginnings(unitsOf('abc'), 1)
	expect(beginnings.dead(bytesOf('xyéz'), 0, 5, 0)).toBe(2)
	expect(beginnings.dead(bytesOf('éxyz'), 0, 5, 0)).toBe(0)
	expect(beginnings.depth).toBe(0)
})
