import { expect, test } from 'vitest'
import { withReadAhead } from './read-ahead'

const MIB = 1024 * 1024
const bytes = Uint8Array.from({ length: 2 * MIB + 500 }, (_, at) => (at * 7 + (at >> 8)) & 0xff)

/** Counts how often the file itself is read. */
class CountingBlob extends Blob {
	reads = 0
	override slice(start?: number, end?: number): Blob {
		this.reads++
		return super.slice(start, end)
	}
}

test('gives the same bytes as the file, within windows, across their edges and at the end', async () => {
	const ahead = withReadAhead(new Blob([bytes], { type: 'audio/ogg' }))
	expect([ahead.size, ahead.type]).toEqual([bytes.length, 'audio/ogg'])
	for (const [start, end] of [
		[0, 10],
		[MIB - 5, MIB + 5],
		[MIB, MIB + 100],
		[2 * MIB - 1, 2 * MIB + 400],
		[2 * MIB + 490, 3 * MIB],
		[10, 10]
	] as const) {
		expect(new Uint8Array(await ahead.slice(start, end).arrayBuffer())).toEqual(bytes.slice(start, end))
	}
})

test('a thousand small pieces in a row read the file a few times', async () => {
	const file = new CountingBlob([bytes])
	const ahead = withReadAhead(file)
	for (let start = 0; start + 100 < bytes.length; start += 2000)
		await ahead.slice(start, start + 100).arrayBuffer()
	// Three windows, and the pieces that cross an edge.
	expect(file.reads).toBeLessThanOrEqual(10)
})

test('pieces of several windows can be read at once', async () => {
	const ahead = withReadAhead(new Blob([bytes]))
	const starts = [0, MIB, 10, 2 * MIB, MIB + 10, 300_000, 20]
	const pieces = await Promise.all(starts.map((start) => ahead.slice(start, start + 50).arrayBuffer()))
	for (const [at, start] of starts.entries())
		expect(new Uint8Array(pieces[at] ?? new ArrayBuffer())).toEqual(bytes.slice(start, start + 50))
})
