import { expect, test } from 'vitest'
import { encodePlaylist, itemOfRow, playlistCid } from '$lib/catalog/playlist'
import { makeInlineLink } from '$lib/catalog/share-link'
import { aRow } from './catalog.fixture'
import { readSharedPlaylist } from './read-playlist'

const signal = new AbortController().signal
const row = aRow({ file: 'bafkreidm4my3k2nzdw24oforaqmir7mmctzzvfc5zxk63guwjx5nia3iau' })
const playlist = { v: 1, title: 'Winter', created: 1000, items: [itemOfRow(row)] } as const

test('a list is the same one, whether its link holds it or names it', async () => {
	const bytes = encodePlaylist(playlist)
	const cid = await playlistCid(bytes)
	const asked: string[] = []
	const source = {
		get: (wanted: { toString(): string }) => {
			asked.push(wanted.toString())
			return Promise.resolve(bytes)
		}
	}
	const named = await readSharedPlaylist(source, cid.toString(), signal)
	const inside = await readSharedPlaylist(source, (await makeInlineLink(playlist)).replace('#/p/', ''), signal)
	expect(asked).toEqual([cid.toString()])
	expect(named).toMatchObject({ key: cid.toString(), cid: cid.toString(), title: 'Winter' })
	expect(inside.key).toBe(named.key)
	expect(inside).not.toHaveProperty('cid')
	expect(inside.rows.map(({ file }) => file)).toEqual([row.file])
})
