import { expect, test } from 'vitest'
import { encodeNames, NameBlock } from './names-codec'
import type { PageNames } from './page-names'

const names: PageNames = {
	albums: [
		{
			key: 'k\na\nb',
			album: 'Ünder',
			artists: ['Ö'],
			tracks: 2,
			durationMs: 3,
			indexedMs: 4,
			rows: [{ first: 0, count: 2 }]
		},
		{ key: '', album: '', artists: [], tracks: 0, durationMs: 0, indexedMs: 0, rows: [] }
	],
	artists: [{ key: '周杰倫', artist: '周杰倫', tracks: 1, albums: 1, cover: 'bafy', hue: 0 }]
}

test('each name can be read alone, and all together', () => {
	// At an odd place, as a part of a larger buffer may be.
	const encoded = encodeNames(names)
	const odd = new Uint8Array(encoded.byteLength + 1)
	odd.set(encoded, 1)
	for (const block of [new NameBlock(encoded), new NameBlock(odd.subarray(1))]) {
		expect(block.all()).toEqual(names)
		expect(block.album(1)).toEqual(names.albums[1])
		expect(block.artist(2)).toEqual(names.artists[0])
		expect([block.album(2), block.artist(1), block.artist(3), block.album(-1)]).toEqual(Array(4).fill(undefined))
	}
	expect(new NameBlock(encodeNames({ albums: [], artists: [] })).all()).toEqual({ albums: [], artists: [] })
})
