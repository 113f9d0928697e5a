import type { CID } from 'multiformats/cid'
import * as raw from 'multiformats/codecs/raw'
import { expect, test } from 'vitest'
import type { ChosenFile } from '../publishing'
import { BlockLedger } from './block-ledger'
import { CHUNK_BYTES } from './file-dag'
import { FileBlocks } from './file-blocks'
import { FileImporter, type ImportFilesInit, type KnownFiles } from './import-files'
import { Pause } from './pause'

const MIB = 1024 * 1024

function bytesOf(length: number, seed = 1): Uint8Array<ArrayBuffer> {
	const bytes = new Uint8Array(length)
	for (let at = 0; at < length; at += 1000) bytes[at] = (at / 1000 + seed) & 0xff
	return bytes
}

/** A file that counts the bytes that were read of it, but for its ends. */
class CountedFile extends File {
	read = 0
	/** Times that one of its ends was looked at. */
	looks = 0

	override slice(start = 0, end = this.size, type?: string): Blob {
		const part = super.slice(start, end, type)
		if (part.size > 16 * 1024) this.read += part.size
		else this.looks++
		return part
	}
}

function aFile(path: string, content: BlobPart, lastModified = 1000): ChosenFile & { readonly file: CountedFile } {
	return { path, file: new CountedFile([content], path, { lastModified }) }
}

class Memory implements KnownFiles {
	readonly files = new Map<string, Uint8Array>()
	mayHave = (mark: string) => Promise.resolve([...this.files.keys()].some((key) => key.startsWith(mark)))
	get = (key: string) => Promise.resolve(this.files.get(key))
	set = (key: string, digests: Uint8Array) => void this.files.set(key, digests)
}

function importer(more: Partial<ImportFilesInit> = {}) {
	const signal = more.signal ?? new AbortController().signal
	const stored = new Map<string, Uint8Array>()
	const ledger = new BlockLedger({ put: (cid, bytes) => stored.set(cid.toString(), bytes) }, signal)
	return { importer: new FileImporter({ ledger, signal, ...more }), stored, ledger }
}

test('what was hashed before is not read again, and gives the same CID', async () => {
	const known = new Memory()
	const before = aFile('a.bin', bytesOf(20 * MIB))
	const [first] = [...(await importer({ known }).importer.all([before])).values()]
	expect(before.file.read).toBe(20 * MIB)
	const after = aFile('a.bin', bytesOf(20 * MIB))
	const [again] = [...(await importer({ known }).importer.all([after])).values()]
	expect(after.file.read).toBe(0)
	expect(again?.cid.toString()).toBe(first?.cid.toString())
})

test('nothing of a new file is read for its key alone', async () => {
	const known = new Memory()
	// Its last piece is as short as an end, and holds a part of one.
	const size = 2 * MIB + 7
	const before = aFile('a.bin', bytesOf(size))
	await importer({ known }).importer.all([before])
	expect(before.file.looks).toBe(1)
	const after = aFile('a.bin', bytesOf(size))
	await importer({ known }).importer.all([after])
	expect(after.file.read).toBe(0)
	expect(known.files.size).toBe(1)
})

test('a block above the leaves that cannot be stored ends the import', async () => {
	const { signal } = new AbortController()
	const put = (cid: CID) => {
		if (cid.code !== raw.code) throw new DOMException('QuotaExceededError', 'quota')
	}
	const ledger = new BlockLedger({ put }, signal)
	const files = Array.from({ length: 20 }, (_, at) => aFile(`${at}.bin`, bytesOf(MIB, at)))
	await expect(new FileImporter({ ledger, signal }).all(files)).rejects.toMatchObject({ code: 'storage-full' })
})

test.each([
	['changed', aFile('a.bin', bytesOf(5 * MIB), 2000)],
	['with other ends', aFile('a.bin', bytesOf(5 * MIB, 9))],
	['of another length', aFile('a.bin', bytesOf(5 * MIB + 1))],
	['of another name', aFile('b.bin', bytesOf(5 * MIB))],
	['with bytes written over', { ...aFile('a.bin', bytesOf(5 * MIB)), patches: [{ at: 9, bytes: bytesOf(3) }] }]
] as const)('a file %s is hashed anew', async (_, other) => {
	const known = new Memory()
	await importer({ known }).importer.all([aFile('a.bin', bytesOf(5 * MIB))])
	await importer({ known }).importer.all([other])
	expect(other.file.read).toBeGreaterThan(4.9 * MIB)
})

test('what was done of a large file before it was cancelled is kept', async () => {
	const size = 100 * MIB
	const known = new Memory()
	const abort = new AbortController()
	let bytes = 0
	const watch = {
		file: () => undefined,
		bytes: (_: string, count: number) => {
			bytes += count
			if (bytes > 70 * MIB) abort.abort()
		}
	}
	const content = bytesOf(size)
	const cancelled = importer({ known, signal: abort.signal, watch }).importer.all([aFile('a.bin', content)])
	await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' })
	const again = aFile('a.bin', content)
	const [resumed] = [...(await importer({ known }).importer.all([again])).values()]
	expect(again.file.read).toBeLessThan(size - 50 * MIB)
	const [whole] = [...(await importer().importer.all([aFile('a.bin', content)])).values()]
	expect(resumed?.cid.toString()).toBe(whole?.cid.toString())
})

test('with a store every leaf is in it, also those that were known and went missing', async () => {
	const known = new Memory()
	const file = aFile('a.bin', bytesOf(5 * MIB))
	await importer({ known }).importer.all([file])
	const {
		importer: keeping,
		stored,
		ledger
	} = importer({
		known,
		store: { has: (cid) => Promise.resolve(stored.has(cid.toString())) }
	})
	const [made] = [...(await keeping.all([file])).values()]
	if (made === undefined) throw new Error('nothing was imported')
	const { blocks, sizeBytes } = ledger.below(made.cid)
	expect(blocks.map(String).every((cid) => stored.has(cid))).toBe(true)
	expect(sizeBytes).toBe(Number(made.size))
})

test('while paused nothing more is read, and it goes on where it was', async () => {
	const pause = new Pause()
	const file = aFile('a.bin', bytesOf(64 * MIB))
	const reports: number[] = []
	const watch = {
		file: () => undefined,
		bytes: (_: string, count: number) => {
			reports.push(count)
			if (reports.length === 1) pause.set(true)
		}
	}
	pause.set(true)
	const done = importer({ pause, watch }).importer.all([file])
	await new Promise((resolve) => setTimeout(resolve, 20))
	expect(file.file.read).toBe(0)
	pause.set(false)
	while (!pause.paused) await new Promise((resolve) => setTimeout(resolve, 1))
	const at = file.file.read
	expect(at).toBeLessThanOrEqual(10 * 4 * MIB)
	pause.set(false)
	await done
	expect(file.file.read).toBe(64 * MIB)
})

test('cancelling ends it while it is paused', async () => {
	const pause = new Pause()
	pause.set(true)
	const abort = new AbortController()
	const waiting = importer({ pause, signal: abort.signal }).importer.all([aFile('a.bin', bytesOf(9))])
	abort.abort()
	await expect(waiting).rejects.toMatchObject({ name: 'AbortError' })
})

test('a file that cannot be read fails with its path', async () => {
	const gone = new File(['x'], 'gone.mp3')
	Object.defineProperty(gone, 'slice', {
		value: () => ({ size: 1, arrayBuffer: () => Promise.reject(new DOMException('gone', 'NotReadableError')) })
	})
	await expect(importer().importer.all([{ path: 'A/gone.mp3', file: gone }])).rejects.toMatchObject({
		code: 'content-unavailable',
		detail: 'A/gone.mp3'
	})
})

test('blocks that stay in their files are read from there, what is written over included', async () => {
	const content = bytesOf(3 * CHUNK_BYTES + 5)
	const file = { ...aFile('a.bin', content), patches: [{ at: CHUNK_BYTES - 1, bytes: new Uint8Array([7, 7]) }] }
	const { importer: hashing, stored, ledger } = importer()
	const [made] = [...(await hashing.all([file])).values()]
	if (made === undefined) throw new Error('nothing was imported')
	const blocks = new FileBlocks([file], [{ path: 'a.bin', digests: made.digests }])
	const leaves = ledger.below(made.cid).blocks.filter((cid) => !stored.has(cid.toString()))
	expect(leaves).toHaveLength(4)
	const parts = await Promise.all(leaves.map((cid) => blocks.get(cid)))
	const together = new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer())
	content.set([7, 7], CHUNK_BYTES - 1)
	expect(together).toEqual(content)
	expect(await blocks.get(made.cid)).toBeUndefined()
})

test('a file that is another by now gives no block', async () => {
	const file = aFile('a.bin', bytesOf(CHUNK_BYTES))
	const { importer: hashing } = importer()
	const [made] = [...(await hashing.all([file])).values()]
	if (made === undefined) throw new Error('nothing was imported')
	const other = new FileBlocks(
		[aFile('a.bin', bytesOf(CHUNK_BYTES, 3))],
		[{ path: 'a.bin', digests: made.digests }]
	)
	await expect(other.get(made.cid)).rejects.toMatchObject({ code: 'content-unavailable', detail: 'a.bin' })
})

test('leaves are copied out of their file by a store that can, but for the smallest; each file once', async () => {
	const signal = new AbortController().signal
	const put: number[] = []
	const parts: number[] = []
	const ledger = new BlockLedger(
		{ put: (_, bytes) => put.push(bytes.byteLength), putPart: (_, part) => parts.push(part.size) },
		signal
	)
	const store = { has: () => Promise.resolve(false) }
	const files = new FileImporter({ ledger, signal, store })
	await files.all([
		aFile('big.bin', bytesOf(2 * CHUNK_BYTES + 5)),
		aFile('again.bin', bytesOf(2 * CHUNK_BYTES + 5)),
		aFile('small.bin', bytesOf(1000))
	])
	// All chunks of zeros but a few bytes: no two are the same.
	expect(parts.toSorted((a, b) => b - a)).toEqual([CHUNK_BYTES, CHUNK_BYTES, 5])
	expect(put).toContain(1000)
	expect(put.every((size) => size < 64 * 1024)).toBe(true)
})

test('a file that is gone when its leaves are to be copied is named', async () => {
	const signal = new AbortController().signal
	const ledger = new BlockLedger(
		{ put: () => undefined, putPart: () => Promise.reject(new DOMException('InvalidBlob', 'DataError')) },
		signal
	)
	class Gone extends File {
		override slice(start = 0, end = this.size): Blob {
			const part = super.slice(start, end)
			return Object.assign(part, { slice: () => new Unreadable([]) })
		}
	}
	class Unreadable extends Blob {
		override arrayBuffer = () => Promise.reject(new DOMException('gone', 'NotReadableError'))
		override slice = () => this
	}
	const file = new Gone([bytesOf(2 * CHUNK_BYTES)], 'gone.bin')
	const importing = new FileImporter({ ledger, signal, store: { has: () => Promise.resolve(false) } })
	await expect(importing.all([{ path: 'a/gone.bin', file }])).rejects.toMatchObject({
		code: 'content-unavailable',
		detail: 'a/gone.bin'
	})
})
