import { expect, test } from 'vitest'
import { Copies } from './copies'
import type { Part } from './part-words'
import type { PartStanding } from './standing'

const standing = {} as PartStanding
const partOf = (files: number[], clips: number[]) =>
	({ columns: { files: Uint32Array.from(files), clips: Uint32Array.from(clips) } }) as unknown as Part

test('documents of several parts are chained by file and clip, however many there are', () => {
	const count = 2000
	const numbers = Array.from({ length: count }, (_, local) => local)
	const parts = [
		partOf(
			numbers.map((local) => local % 700),
			numbers.map((local) => local % 2)
		),
		partOf(
			numbers.map((local) => local % 900),
			numbers.map(() => 1)
		)
	]
	const copies = new Copies()
	const expected = new Map<string, string[]>()
	parts.forEach((part, number) => {
		copies.begin({ part, standing }, numbers.length)
		for (const local of numbers) {
			copies.add(local, -local, number)
			const work = `${String(part.columns.files[local])} ${String(part.columns.clips[local])}`
			expected.set(work, [...(expected.get(work) ?? []), `${String(number)} ${String(local)}`])
		}
	})
	const found: string[][] = []
	copies.eachWork((last) => {
		const chain: string[] = []
		for (let at = last; at !== -1; at = copies.before(at)) {
			expect(copies.sourceOf(at).part).toBe(parts[copies.failedOf(at)])
			expect(copies.rankOf(at)).toBe(-copies.localOf(at))
			chain.unshift(`${String(copies.failedOf(at))} ${String(copies.localOf(at))}`)
		}
		found.push(chain)
	})
	expect(found.map((chain) => chain.join()).sort()).toEqual(
		[...expected.values()].map((chain) => chain.join()).sort()
	)
})
