import { expect, test, vi } from 'vitest'
import { CID } from 'multiformats/cid'
import type { Draft, DraftEntry, PublishResults, PublishStep, PublishStepName } from '$lib/catalog/publishing'
import { AppError } from '$lib/errors'
import { aDraftEntry } from './publish.fixture'
import type { SavedDraft } from '$lib/storage/saved-draft'
import type { PublishDoors, PublishRun, RunOptions } from './publish-run'
import { PublishState } from './publish.svelte'
import type { DraftMemory } from './remembered-draft.svelte'

const STEPS = ['build', 'send', 'sign', 'name', 'announce'] as const
const ROOT = CID.parse('bafkreidm4my3k2nzdw24oforaqmir7mmctzzvfc5zxk63guwjx5nia3iau').toString()

type Fails = Map<PublishStepName, () => Error>

/** Runs steps by name, keeping what is done, as the catalog's own publishing does. */
class StepRun implements PublishRun {
	steps: PublishStep[] = STEPS.map((name) => ({ name, state: 'waiting' }))
	results: PublishResults
	readonly #options: RunOptions
	readonly #log: PublishStepName[]
	readonly #fails: Fails

	constructor(options: RunOptions, log: PublishStepName[], fails: Fails) {
		this.#options = options
		this.#log = log
		this.#fails = fails
		this.results = { name: options.name, ...options.results }
		if (this.results.root !== undefined) this.#set('build', { name: 'build', state: 'done' })
	}

	async run(signal: AbortSignal): Promise<PublishResults> {
		let unnamed: Error | undefined
		for (const { name, state } of this.steps) {
			if (state === 'done') continue
			signal.throwIfAborted()
			this.#log.push(name)
			this.#set(name, { name, state: 'running' })
			await Promise.resolve()
			const error = this.#fails.get(name)?.()
			if (error !== undefined) {
				this.#set(name, { name, state: 'failed', error })
				if (name !== 'name') throw error
				unnamed = error
				continue
			}
			if (name === 'build') this.results = { ...this.results, root: ROOT }
			this.#set(name, { name, state: 'done' })
		}
		this.results = { ...this.results, peers: 3 }
		if (unnamed !== undefined) throw unnamed
		return this.results
	}

	#set(name: PublishStepName, step: PublishStep): void {
		this.steps = this.steps.map((old) => (old.name === name ? step : old))
		this.#options.onchange()
	}
}

function setUp(
	{ entries, reading }: { entries?: DraftEntry[]; reading?: Promise<void> } = {},
	memory?: DraftMemory
) {
	const log: PublishStepName[] = []
	const fails: Fails = new Map()
	const started: RunOptions[] = []
	let keys = 0
	const doors: PublishDoors = {
		read: async (files, { signal, onprogress }) => {
			onprogress({ step: 'reading', filesDone: 0, files: files.length, bytesDone: 0, bytes: 9 })
			await reading
			signal.throwIfAborted()
			const read = entries ?? files.map(({ path, file }) => aDraftEntry({ path, file }))
			const draft: Draft = { name: '', about: '', licence: '', entries: read, others: [] }
			return draft
		},
		makeKey: () => Promise.resolve(`k51made${++keys}`),
		hasPublished: () => Promise.resolve(false),
		start: (options) => {
			started.push(options)
			return Promise.resolve(new StepRun(options, log, fails))
		}
	}
	return { publish: new PublishState(doors, memory), doors, log, fails, started, keys: () => keys }
}

const someFiles = [{ path: 'a.flac', file: new File(['sound'], 'a.flac') }]

test('after a failure it goes on with the step that failed', async () => {
	const { publish, log, fails, keys } = setUp()
	await publish.add(someFiles)
	fails.set('send', () => new AppError('unreachable', 'gone'))
	await publish.publish()
	expect(publish.steps.map(({ state }) => state)).toEqual(['done', 'failed', 'waiting', 'waiting', 'waiting'])
	expect(publish).toMatchObject({ done: false, running: false, failure: undefined })

	fails.clear()
	await publish.publish()
	expect(log).toEqual(['build', 'send', 'send', 'sign', 'name', 'announce'])
	expect(publish.done).toBe(true)
	expect(publish.results).toMatchObject({ root: ROOT, peers: 3 })
	expect(keys()).toBe(1)
})

test('with another place after a failure, what was built is kept', async () => {
	const { publish, log, fails, started } = setUp()
	publish.places = ['node']
	await publish.add(someFiles)
	fails.set('send', () => new AppError('unreachable', 'gone'))
	await publish.publish()
	fails.clear()
	publish.places = []
	await publish.publish()
	expect(started.map(({ places }) => places)).toEqual([['node'], []])
	expect(log).toEqual(['build', 'send', 'send', 'sign', 'name', 'announce'])
})

test('a changed draft is built anew, with the same key', async () => {
	const { publish, log, fails, started } = setUp()
	await publish.add(someFiles)
	fails.set('announce', () => new AppError('no-leader', 'none'))
	await publish.publish()
	fails.clear()
	publish.table.edit('a.flac', 'title', 'Stamp')
	expect(publish.steps).toEqual([])
	await publish.publish()
	expect(log.filter((name) => name === 'build')).toHaveLength(2)
	expect(started[1]).toMatchObject({ name: 'k51made1', draft: { entries: [{ title: 'Stamp' }] } })
})

test.each([
	['name', (publish: PublishState) => (publish.publisherName = 'Northing')],
	['licence', (publish: PublishState) => (publish.licence = 'CC0-1.0')],
	['key', (publish: PublishState) => (publish.key = 'k51other')]
])('another %s after a failure is not sent on with what was built before', async (_, change) => {
	const { publish, fails, started } = setUp()
	await publish.add(someFiles)
	fails.set('send', () => new Error('gone'))
	await publish.publish()
	expect(publish.steps.length).toBeGreaterThan(0)
	change(publish)
	expect(publish.steps).toEqual([])
	fails.clear()
	await publish.publish()
	expect(publish.done).toBe(true)
	expect(started).toHaveLength(2)
	expect(started[1]).toMatchObject({
		name: publish.key,
		draft: { name: publish.publisherName, licence: publish.licence }
	})
})

test('under a new key there is nothing to add to', async () => {
	const { publish, started } = setUp()
	await publish.add(someFiles)
	await publish.publish()
	publish.clear()
	await publish.add(someFiles)
	await publish.publish()
	expect(started.map(({ join }) => join)).toEqual([false, true])
})

test('stopping keeps what is done and leaves no error', async () => {
	const { publish, log, fails } = setUp()
	await publish.add(someFiles)
	fails.set('send', () => {
		publish.cancel()
		return new DOMException('stopped', 'AbortError')
	})
	await publish.publish()
	expect(publish).toMatchObject({ running: false, done: false, failure: undefined })
	fails.clear()
	await publish.publish()
	expect(publish.done).toBe(true)
	expect(log.filter((name) => name === 'build')).toHaveLength(1)
})

test('a row without a title holds back publishing, and says so in its cell', async () => {
	const entry = aDraftEntry({ title: '' })
	const { publish, started } = setUp({ entries: [entry] })
	await publish.add(someFiles)
	expect(publish.toMend).toBe(1)
	expect(publish.table.problemOf(entry, 'title')).toEqual({ problem: 'needs-title' })
	await publish.publish()
	expect(started).toEqual([])
})

test('what cannot be used stays in the cell until it is mended', async () => {
	const entry = aDraftEntry()
	const { publish } = setUp({ entries: [entry] })
	await publish.add(someFiles)
	publish.table.edit(entry.path, 'date', 'last year')
	expect(publish.table.problemOf(entry, 'date')).toEqual({ problem: 'not-a-date', typed: 'last year' })
	expect(publish.entries[0]?.date).toBe('2026')
	publish.table.edit(entry.path, 'date', '2025')
	expect(publish.toMend).toBe(0)
	expect(publish.entries[0]?.date).toBe('2025')
})

test('one value for all rows, and back', async () => {
	const { publish } = setUp({ entries: [aDraftEntry(), aDraftEntry({ path: 'b.flac', date: '1999' })] })
	await publish.add(someFiles)
	expect(publish.table.apply('date', 'soon')).toBe('not-a-date')
	expect(publish.table.apply('date', '2020')).toBeUndefined()
	expect(publish.entries.map(({ date }) => date)).toEqual(['2020', '2020'])
	publish.table.undo()
	expect(publish.entries.map(({ date }) => date)).toEqual(['2026', '1999'])
})

test('a cover belongs to an album', async () => {
	const other = aDraftEntry({ path: 'b.flac', album: 'Other' })
	const { publish } = setUp({ entries: [aDraftEntry(), aDraftEntry({ path: 'c.flac' }), other] })
	await publish.add(someFiles)
	publish.setCover('Letters to Ostrava', new Blob(['art']))
	expect(publish.covers).toMatchObject([
		{ key: 'Letters to Ostrava', entries: 2, from: 'chosen' },
		{ key: 'Other', entries: 1 }
	])
	expect(publish.entries.map(({ cover }) => cover !== undefined)).toEqual([true, true, false])
})

test('a file of the same name does not hide another one, and the same file is not there twice', async () => {
	const { publish } = setUp()
	const at = { lastModified: 1 }
	await publish.add([{ path: '01.flac', file: new File(['one'], '01.flac', at) }])
	await publish.add([{ path: '01.flac', file: new File(['another'], '01.flac', at) }])
	await publish.add([{ path: '01.flac', file: new File(['one'], '01.flac', at) }])
	expect(publish.entries.map(({ path }) => path).sort()).toEqual(['01 (2).flac', '01.flac'])
})

test('announced without a name it is done, and the name can be tried again', async () => {
	const { publish, log, fails } = setUp()
	await publish.add(someFiles)
	fails.set('name', () => new AppError('unreachable', 'no router'))
	await publish.publish()
	expect(publish.done).toBe(true)
	expect(publish.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'failed', 'done'])
	fails.clear()
	await publish.publish()
	expect(log.filter((name) => name === 'name')).toHaveLength(2)
	expect(publish.steps.every(({ state }) => state === 'done')).toBe(true)
})

test('reading can be stopped, and leaves the draft as it was', async () => {
	const { promise, resolve } = Promise.withResolvers<void>()
	const { publish } = setUp({ reading: promise })
	const added = publish.add(someFiles)
	expect(publish.reading?.progress.files).toBe(1)
	expect(publish.unsaved).toBe(true)
	publish.cancel()
	resolve()
	await added
	expect(publish).toMatchObject({ reading: undefined, failure: undefined, unsaved: false })
})

test('a draft that was not published is there after a reload, once its files are chosen again', async () => {
	let kept: SavedDraft | undefined
	const memory: DraftMemory = {
		read: () => Promise.resolve(kept),
		write: (draft) => Promise.resolve(void (kept = draft)),
		forget: () => Promise.resolve(void (kept = undefined))
	}
	const { publish, doors } = setUp({}, memory)
	await publish.add(someFiles)
	publish.playlists = ['a list']
	publish.table.edit('a.flac', 'title', 'Stamp, Franked')
	await vi.waitFor(() => {
		expect(kept?.rows.size).toBe(1)
	})
	publish.publisherName = 'Northing'
	publish.key = 'k51chosen'
	publish.keepDraft()
	const again = new PublishState(doors, memory)
	await again.open()
	// As the screen does, with the first key that there is.
	again.key = 'k51first'
	again.publisherName = 'Southing'
	expect(again.saved).toMatchObject({ files: 1, publisherName: 'Northing' })
	await again.add(someFiles)
	expect(again.entries[0]?.title).toBe('Stamp, Franked')
	expect(again).toMatchObject({ publisherName: 'Northing', key: 'k51chosen' })
	expect(again.playlists).toEqual(['a list'])
	await again.publish()
	expect(kept).toBeUndefined()
	again.clear()
	expect(again.playlists).toEqual([])
})
