import { expect, test } from 'vitest'
import { decodePlaylist } from '../playlist'
import { playlistNameOf, signedPlaylists } from './signed-playlists'

const NAME = 'k51qzi5uqu5dkogtleiytfxubg506sz0dwl3em00pptg88pmktkh0zbdgv5417'
const list = (title: string) => ({ v: 1, title, created: 1000, items: [] }) as const

test('each has a name of its own that every file system takes, and says who made it', () => {
	const titles = ['Winter', 'Winter', 'a/b:c\n', '🎻'.repeat(400), '  ', '..']
	const made = signedPlaylists(titles.map(list), NAME)
	expect(made.map(({ path }) => playlistNameOf(path))).toEqual([
		'Winter',
		'Winter 2',
		'a_b_c_',
		'🎻'.repeat(60),
		'playlist',
		'..'
	])
	for (const [at, { path, bytes }] of made.entries()) {
		expect(new TextEncoder().encode(path.split('/').at(-1)).length).toBeLessThanOrEqual(255)
		expect(decodePlaylist(bytes).playlist).toEqual({ ...list(titles[at] ?? ''), by: NAME })
	}
	expect(signedPlaylists(titles.map(list), NAME)).toEqual(made)
})

test('other files of a publication are no playlists', () => {
	for (const path of ['.antiphon/catalog.cbor', '.antiphon/playlists/x.m3u', 'playlists/x.cbor'])
		expect(playlistNameOf(path)).toBeUndefined()
})

test('one that no reader would take whole is refused', () => {
	const item = { file: undefined, mime: 'audio/mpeg', title: 'x' }
	expect(() => signedPlaylists([{ ...list('x'), items: [item as never] }], NAME)).toThrow()
})
