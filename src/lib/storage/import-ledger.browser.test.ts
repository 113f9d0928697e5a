import { expect, test } from 'vitest'
import { openImportLedger } from './import-ledger'
import { DraftStore, fileMark, type SavedDraft } from './saved-draft'
import { keepShared, takeShared } from './shared-files'

test('what was hashed is remembered by the next that opens the ledger', async () => {
	const name = `imports-${crypto.randomUUID()}`
	const ledger = await openImportLedger(name)
	ledger.set('a', new Uint8Array([1]))
	ledger.set('a', new Uint8Array([1, 2]))
	expect(await ledger.get('a')).toEqual(new Uint8Array([1, 2]))
	ledger.set('b', new Uint8Array([3]))
	await ledger.settled()
	const again = await openImportLedger(name)
	expect(await again.get('a')).toEqual(new Uint8Array([1, 2]))
	expect(await again.get('b')).toEqual(new Uint8Array([3]))
	expect(await again.get('c')).toBeUndefined()
})

test('a ledger says of which files it may know, by what their keys begin with', async () => {
	const name = `imports-${crypto.randomUUID()}`
	const ledger = await openImportLedger(name)
	expect(await ledger.mayHave('a|1|2|')).toBe(false)
	ledger.set('a|1|2|00ff', new Uint8Array([1]))
	ledger.set('b|of|c|1|2|00ff', new Uint8Array([1]))
	await ledger.settled()
	const again = await openImportLedger(name)
	expect(await again.mayHave('a|1|2|')).toBe(true)
	expect(await again.mayHave('b|of|c|1|2|')).toBe(true)
	expect(await again.mayHave('a|1|3|')).toBe(false)
})

test('a draft is kept with the folder that it is of', async () => {
	const name = `drafts-${crypto.randomUUID()}`
	const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('music', { create: true })
	const file = new File(['a'], 'a.mp3', { lastModified: 5 })
	const draft: SavedDraft = {
		savedMs: 1,
		key: 'k51chosen',
		publisherName: 'Northing',
		about: '',
		licence: '',
		files: 1,
		bytes: 1,
		handles: [folder],
		rows: new Map([[fileMark('x/a.mp3', file), { title: 'A' }]])
	}
	const store = new DraftStore(name)
	await store.write(draft)
	await store.close()
	const again = new DraftStore(name)
	const read = await again.read()
	expect(read?.rows).toEqual(draft.rows)
	expect(await read?.handles[0]?.isSameEntry(folder)).toBe(true)
	await again.forget()
	expect(await again.read()).toBeUndefined()
})

test('shared files are taken once', async () => {
	const name = `shared-${crypto.randomUUID()}`
	await keepShared([new File(['a'], 'a.mp3'), new File(['b'], 'b.mp3')], name)
	await keepShared([new File(['c'], 'c.mp3')], name)
	const files = await takeShared(name)
	expect(await Promise.all(files.map(async (file) => file.name + (await file.text())))).toEqual([
		'a.mp3a',
		'b.mp3b',
		'c.mp3c'
	])
	expect(await takeShared(name)).toEqual([])
})
