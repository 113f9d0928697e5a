import { MemoryBlockstore } from 'blockstore-core'
import type { CID } from 'multiformats/cid'
import { expect, test } from 'vitest'
import { readBlock } from '../../storage/read-block'
import { decodePlaylist } from '../playlist'
import { buildPublication } from './build'
import type { ReadBlock } from './car'
import { aDraft, aFile, anEntry, jpeg } from './draft.fixture'
import { changed, joined, listing, readEdition, writeEdition } from './edition'
import { signedPlaylists } from './signed-playlists'

const signal = new AbortController().signal
const NAME = 'k51qzi5uqu5dkogtleiytfxubg506sz0dwl3em00pptg88pmktkh0zbdgv5417'
const blockstore = new MemoryBlockstore()
const read: ReadBlock = (cid) => readBlock(blockstore, cid)
const build = (draft: ReturnType<typeof aDraft>, createdS = 1000) =>
	buildPublication(draft, NAME, { blockstore, signal, createdS, decodeImage: () => Promise.resolve(undefined) })
const open = (root: CID) => readEdition(root, NAME, read, signal)
const write = (edition: Parameters<typeof writeEdition>[0], createdS = 2000) =>
	writeEdition(edition, { blockstore, read, signal, createdS })
const paths = (count: number) =>
	Array.from({ length: count }, (_, n) => `Album ${n % 7}/${String(n).padStart(4, '0')}.mp3`)

test('written as it was, it is the same publication', async () => {
	const cover = jpeg(1)
	const entries = paths(50).map((path) => anEntry(path, { cover }))
	const { root, blocks } = await build(aDraft(entries, [aFile('Album 1/notes.txt')]))
	const again = await write(await open(root), 1000)
	expect(again.root.toString()).toBe(root.toString())
	expect(again.blocks.map(String)).toEqual(blocks.map(String))
})

test('a folder large enough to be sharded is read whole', async () => {
	const entries = Array.from({ length: 2200 }, (_, n) => anEntry(`All/${'x'.repeat(90)} ${n}.mp3`))
	const { root } = await build(aDraft(entries))
	const edition = await open(root)
	expect(edition.tree.size).toBe(2200)
	expect((await write(edition, 1000)).root.toString()).toBe(root.toString())
})

test('one changed entry changes one page, and no file', async () => {
	const { root, blocks } = await build(aDraft(paths(2000).map((path) => anEntry(path))))
	const before = await open(root)
	expect(before.head.pages.length).toBeGreaterThan(3)
	const entry = before.entries[700]
	if (entry === undefined) throw new Error('too few')
	const edition = changed(before, {
		about: 'Mended.',
		changed: new Map([[entry.k, { ...entry, title: 'Mended' }]])
	})
	const made = await write(edition)
	const after = await open(made.root)
	const same = after.head.pages.filter(({ c }) => before.head.pages.some((page) => page.c.equals(c)))
	expect(same).toHaveLength(before.head.pages.length - 1)
	expect(after.head).toMatchObject({ about: 'Mended.', name: before.head.name, entries: 2000, created: 2000 })
	expect(after.entries.find(({ k }) => k === entry.k)?.title).toBe('Mended')
	const old = new Set(blocks.map(String))
	// Page, head, and the directories from them to the root.
	expect(made.blocks.filter((cid) => !old.has(cid.toString())).length).toBeLessThan(6)
})

test('what is removed takes its files along, and leaves those that others need', async () => {
	const [mine, shared] = [jpeg(1), jpeg(2)]
	const { root } = await build(
		aDraft([
			anEntry('a/1.mp3', { cover: mine }),
			anEntry('a/2.mp3', { cover: shared }),
			anEntry('b/3.mp3', { cover: shared })
		])
	)
	const before = await open(root)
	const after = await open((await write(changed(before, { removed: new Set(['a/1.mp3', 'a/2.mp3']) }))).root)
	expect(after.entries.map(({ k }) => k)).toEqual(['b/3.mp3'])
	const left = [...after.tree.keys()]
	expect(left.filter((path) => !path.startsWith('.antiphon'))).toEqual(['b/3.mp3'])
	expect(left.filter((path) => path.startsWith('.antiphon/covers'))).toHaveLength(1)
})

test('more is added to what is there; the same key is replaced, and what is the same keeps its day', async () => {
	const first = await build(aDraft([anEntry('a/1.mp3'), anEntry('a/2.mp3')]), 1000)
	const more = aFile('a/2.mp3', 'another')
	const second = await build(
		aDraft([anEntry('a/1.mp3'), anEntry('a/2.mp3', { file: more.file, sizeBytes: 7 }), anEntry('c/4.mp3')]),
		5000
	)
	const after = await open((await write(joined(await open(first.root), await open(second.root)))).root)
	expect(after.entries.map(({ k, added }) => `${k} ${String(added)}`)).toEqual([
		'a/1.mp3 1000',
		'a/2.mp3 5000',
		'c/4.mp3 5000'
	])
	expect(after.entries[1]?.size).toBe(7)
	expect([...after.tree.keys()].toSorted()).toEqual(['a/1.mp3', 'a/2.mp3', 'c/4.mp3'])
})

test('a publication of someone else is not taken for one of ours', async () => {
	const { root } = await build(aDraft([anEntry('a.mp3')]))
	await expect(readEdition(root, 'k51other', read, signal)).rejects.toMatchObject({ code: 'publisher-mismatch' })
})

test('nothing at all can be published, to take back what was', async () => {
	const { root } = await build(aDraft([]))
	expect((await open(root)).entries).toEqual([])
})

test('playlists lie in the publication, stay when more is added or edited, and go when they are told to', async () => {
	const lists = (...titles: string[]) =>
		signedPlaylists(
			titles.map((title) => ({ v: 1, title: title.slice(0, 1), note: title, created: 1000, items: [] })),
			NAME
		)
	const listed = async (root: CID) => {
		const { head, tree } = await open(root)
		const paths = new Map([...tree].map(([path, { cid }]) => [cid.toString(), path]))
		const notes = (head.playlists ?? []).map(
			async (cid) =>
				`${String(paths.get(cid.toString()))} ${String(decodePlaylist(await read(cid, signal)).playlist.note)}`
		)
		return await Promise.all(notes)
	}
	const at = (name: string) => `.antiphon/playlists/${name}.cbor`
	const { root } = await build({ ...aDraft([anEntry('a/1.mp3')]), playlists: lists('A one', 'B one') })
	expect(await listed(root)).toEqual([`${at('A')} A one`, `${at('B')} B one`])

	// Written again as it was, and edited elsewhere, they stay.
	expect((await write(await open(root), 1000)).root.toString()).toBe(root.toString())
	const edited = await write(changed(await open(root), { about: 'Mended.' }))
	expect(await listed(edited.root)).toEqual([`${at('A')} A one`, `${at('B')} B one`])

	// Files are added without any list, then with one that takes the place of another.
	const plain = await build(aDraft([anEntry('b/2.mp3')]))
	const grown = await write(joined(await open(edited.root), await open(plain.root)))
	expect(await listed(grown.root)).toEqual([`${at('A')} A one`, `${at('B')} B one`])
	const renewed = await build({ ...aDraft([anEntry('b/2.mp3')]), playlists: lists('B two', 'C one') })
	const more = await write(joined(await open(grown.root), await open(renewed.root)))
	expect(await listed(more.root)).toEqual([`${at('A')} A one`, `${at('B')} B two`, `${at('C')} C one`])

	// Without files: one more, one again as it is, and one that goes.
	const before = await open(more.root)
	const [first] = before.head.playlists ?? []
	const left = changed(before, { unlisted: new Set([String(first)]) })
	const last = await write(await listing(left, lists('B two', 'D one'), { blockstore, signal }))
	expect(await listed(last.root)).toEqual([`${at('C')} C one`, `${at('B')} B two`, `${at('D')} D one`])
	expect([...(await open(last.root)).tree.keys()]).not.toContain(at('A'))
	expect(last.blocks.map(String)).toEqual(
		expect.arrayContaining((await open(last.root)).head.playlists?.map(String) ?? [])
	)
	const none = changed(await open(last.root), {
		unlisted: new Set((await open(last.root)).head.playlists?.map(String))
	})
	expect((await open((await write(none)).root)).head).not.toHaveProperty('playlists')
})
