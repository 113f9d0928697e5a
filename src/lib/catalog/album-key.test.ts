import { expect, test } from 'vitest'
import { albumKey } from './album-key'

const row = {
	publisher: 'k51x',
	k: 'A/B/01.mp3',
	album: 'Tide Tables',
	albumArtists: ['Nadia'],
	artists: ['Nadia']
}

test('tracks of one album have one key', () => {
	const key = albumKey(row)
	expect(albumKey({ ...row, k: 'else/where.mp3', artists: ['Guest'], album: 'TIDE  tables ' })).toBe(key)
})

test('albums of other artists, names or publishers have others', () => {
	const keys = [row, { ...row, albumArtists: ['B'] }, { ...row, album: 'C' }, { ...row, publisher: 'k51y' }].map(
		albumKey
	)
	expect(new Set(keys).size).toBe(4)
})

test('without album artists the folder holds an album together, its discs too', () => {
	const bare = { ...row, albumArtists: [] }
	const key = albumKey({ ...bare, k: 'A/B/CD1/01.mp3' })
	expect(albumKey({ ...bare, k: 'A/B/Disc 2/01.mp3', artists: ['Guest'] })).toBe(key)
	expect(albumKey({ ...bare, k: 'A/Other/01.mp3' })).not.toBe(key)
	expect(albumKey({ ...bare, k: 'a', artists: ['X'] })).not.toBe(albumKey({ ...bare, k: 'b', artists: ['Y'] }))
})

test('a row without an album has none', () => {
	const { album: _, ...single } = row
	expect(albumKey(single)).toBeUndefined()
	expect(albumKey({ ...row, album: ' ' })).toBeUndefined()
})
