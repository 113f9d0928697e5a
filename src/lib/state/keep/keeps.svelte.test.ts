import { deleteDB } from 'idb'
import { CID } from 'multiformats/cid'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AppError } from '$lib/errors'
import type { Place } from '$lib/catalog/publish/places/place'
import type { EntryRow } from '$lib/catalog/row'
import { openAntiphonDatabase, type AntiphonDatabase } from '$lib/storage/database'
import { rootsOfProfile } from '$lib/storage/pinned-roots'
import { aRow } from '../catalog.fixture'
import { LibraryState } from '../library.svelte'
import { mirrorsOf, totalsOf, type Keepable, type KeptFile } from './keep'
import { KeepsState, type KeepsPorts } from './keeps.svelte'

const CIDS = [
	'bafkreidm4my3k2nzdw24oforaqmir7mmctzzvfc5zxk63guwjx5nia3iau',
	'bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi',
	'bafybeianqaxtzyhyh3r4uf3vapqb6lo64pgy3momkphw2u5froabpblqtq'
] as const

const name = `keeps-test-${crypto.randomUUID()}`
const signal = new AbortController().signal
let database: AntiphonDatabase
let ends: (() => Promise<void> | void)[]
let nowMs: number

const row = (at: number, fields: Partial<EntryRow> = {}) =>
	aRow({ title: `Piece ${at}`, file: CIDS[at] ?? '', sizeBytes: 1000, ...fields })

const album = (rows: readonly EntryRow[], key = 'an album'): Keepable => ({
	kind: 'album',
	key,
	title: 'An album',
	by: '',
	href: '#/',
	rows,
	...totalsOf(rows)
})

/** A place that answers as it is told. */
function aPlace() {
	const asked: string[] = []
	const held = new Set<string>()
	const place: Place = {
		id: 'place',
		label: 'Mine',
		takes: 'name',
		send: () => Promise.reject(new Error('not sent')),
		fetch({ root, origins }) {
			asked.push(['fetch', root.toString(), ...origins].join(' '))
			return Promise.resolve({ answer: 'asked', mark: { request: 'r1' } })
		},
		look(root) {
			asked.push(`look ${root.toString()}`)
			return Promise.resolve(held.has(root.toString()) ? 'held' : 'gone')
		},
		remove(root) {
			asked.push(`remove ${root.toString()}`)
			return Promise.resolve()
		}
	}
	return { place, asked, held }
}

interface Visit {
	readonly keeps: KeepsState
	readonly library: LibraryState
	readonly fetched: string[]
	readonly released: string[]
	/** Ends this tab, as closing it does. */
	readonly close: () => Promise<void>
}

async function visit(ports: Partial<KeepsPorts> = {}): Promise<Visit> {
	const library = new LibraryState(database, () => nowMs)
	await library.open()
	const fetched: string[] = []
	const released: string[] = []
	const keeps = new KeepsState({
		library,
		catalog: {
			entriesOf: () => Promise.resolve([]),
			publisher: () => Promise.resolve(undefined),
			onchange: () => () => undefined
		},
		places: () => Promise.resolve([]),
		fetch({ file, sizeBytes }: KeptFile, { onprogress }) {
			fetched.push(file)
			onprogress(sizeBytes, sizeBytes)
			return Promise.resolve(sizeBytes)
		},
		release(files) {
			released.push(...files)
			return Promise.resolve()
		},
		hold: () => Promise.resolve(),
		hints: () => Promise.resolve(['/dns4/node/tcp/1', 'https://gateway.example']),
		chosenBytes: () => 0,
		quotaBytes: () => Promise.resolve(1e9),
		canFetch: () => true,
		nowMs: () => nowMs,
		...ports
	})
	keeps.open()
	let open = true
	const close = async () => {
		if (!open) return
		open = false
		keeps.dispose()
		await library.settled()
		library.dispose()
	}
	ends.push(close)
	return { keeps, library, fetched, released, close }
}

const here = (keeps: KeepsState) => keeps.all.map((keep) => keep.here)

beforeEach(async () => {
	database = await openAntiphonDatabase(name)
	ends = []
	nowMs = 1_000_000
})
afterEach(async () => {
	for (const end of ends) await end()
	database.close()
	await deleteDB(name)
})

test('an album is fetched with its covers, each file once, and is then here', async () => {
	const { keeps, library, fetched } = await visit()
	keeps.add(album([row(0, { cover: 'sleeve' }), row(0, { cover: 'sleeve', title: 'A part' }), row(1)]), {
		here: true,
		places: []
	})
	await vi.waitFor(() => {
		expect(here(keeps)).toEqual(['done'])
	})
	expect(fetched.toSorted()).toEqual([CIDS[0], CIDS[1], 'sleeve'].toSorted())
	expect(library.isKept(CIDS[1])).toBe(true)
	expect(keeps.bytesHere).toBe(2000)
	expect(keeps.plan([row(0), row(2)])).toEqual({ bytesHere: 1000, bytesToCome: 1000, unknown: 0 })
})

test('one file that cannot be had leaves the others here, and is tried again on the next visit', async () => {
	const first = await visit({
		fetch: ({ file, sizeBytes }) =>
			file === CIDS[0] ? Promise.reject(new AppError('content-unavailable', 'no one')) : Promise.resolve(sizeBytes)
	})
	first.keeps.add(album([row(0), row(1)]), { here: true, places: [] })
	await vi.waitFor(() => {
		expect(first.keeps.all[0]).toMatchObject({ here: 'failed', problem: 'content-unavailable' })
	})
	expect([first.library.isKept(CIDS[0]), first.library.isKept(CIDS[1])]).toEqual([false, true])
	await first.close()

	const second = await visit()
	await vi.waitFor(() => {
		expect(here(second.keeps)).toEqual(['done'])
	})
	expect(second.fetched).toEqual([CIDS[0]])
})

test('closed in the middle, the next visit goes on without what is here', async () => {
	const never = Promise.withResolvers<number>()
	const first = await visit({
		fetch: ({ file, sizeBytes }, { signal: stop }) => {
			stop.addEventListener('abort', () => {
				never.reject(stop.reason as Error)
			})
			return file === CIDS[1] ? never.promise : Promise.resolve(sizeBytes)
		}
	})
	first.keeps.add(album([row(0), row(1), row(2)]), { here: true, places: [] })
	await vi.waitFor(() => {
		expect(first.keeps.progress('album:an album')?.filesDone).toBe(2)
	})
	await first.close()
	// What was fetched is noted when the work is stopped.
	await vi.waitFor(async () => {
		expect(await database.get('library', 'kept')).toHaveLength(2)
	})

	const second = await visit()
	await vi.waitFor(() => {
		expect(here(second.keeps)).toEqual(['done'])
	})
	expect(second.fetched).toEqual([CIDS[1]])
})

test('paused it stops, and goes on when it is told to', async () => {
	let stopped = false
	let patient = false
	const { keeps, library } = await visit({
		fetch: ({ sizeBytes }, { signal: stop }) => {
			if (patient) return Promise.resolve(sizeBytes)
			return new Promise((_, reject) => {
				stop.addEventListener('abort', () => {
					stopped = true
					reject(stop.reason as Error)
				})
			})
		}
	})
	keeps.add(album([row(0)]), { here: true, places: [] })
	await vi.waitFor(() => {
		expect(keeps.progress('album:an album')).toBeDefined()
	})
	keeps.pause('album:an album')
	await vi.waitFor(() => {
		expect(stopped).toBe(true)
	})
	expect(library.isKept(CIDS[0])).toBe(false)
	expect(here(keeps)).toEqual(['paused'])
	patient = true
	keeps.resume('album:an album')
	await vi.waitFor(() => {
		expect(here(keeps)).toEqual(['done'])
	})
})

test('nothing over the budget is fetched', async () => {
	const { keeps, fetched } = await visit({ chosenBytes: () => 2500 })
	keeps.add(album([row(0), row(1), row(2)]), { here: true, places: [] })
	await vi.waitFor(() => {
		expect(keeps.all[0]).toMatchObject({ here: 'failed', problem: 'over-budget' })
	})
	expect(fetched).toHaveLength(2)
	expect(keeps.bytesHere).toBe(2000)
})

test('what is let go of is deleted, but for what something else needs, and can be taken back for a while', async () => {
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
	try {
		const { keeps, library, released } = await visit()
		keeps.add(album([row(0), row(1)], 'one'), { here: true, places: [] })
		keeps.add(album([row(1), row(2)], 'two'), { here: true, places: [] })
		await vi.waitUntil(() => here(keeps).every((state) => state === 'done'))
		const removed = await keeps.remove('album:one', signal)
		expect([0, 1, 2].map((at) => library.isKept(CIDS[at] ?? ''))).toEqual([false, true, true])
		removed?.undo()
		expect(library.isKept(CIDS[0])).toBe(true)
		await vi.advanceTimersByTimeAsync(60_000)
		expect(released).toEqual([])
		await keeps.remove('album:one', signal)
		await vi.advanceTimersByTimeAsync(60_000)
		expect(released).toEqual([CIDS[0]])
	} finally {
		vi.useRealTimers()
	}
})

test('a place is asked for each file, is looked at later, and is told to let go', async () => {
	const { place, asked, held } = aPlace()
	const { keeps, fetched } = await visit({ places: () => Promise.resolve([place]) })
	held.add(CIDS[1])
	keeps.add(album([row(0), row(1)]), { here: false, places: [{ id: 'place', label: 'Mine' }] })
	const roots = () => keeps.all[0]?.places['place']?.roots
	await vi.waitFor(() => {
		expect(roots()).toMatchObject({ [CIDS[0]]: { state: 'asked' }, [CIDS[1]]: { state: 'held', before: true } })
	})
	expect(fetched).toEqual([])
	expect(asked).toContain(`fetch ${CIDS[0]} /dns4/node/tcp/1`)
	expect(asked).not.toContain(`fetch ${CIDS[1]} /dns4/node/tcp/1`)

	held.add(CIDS[0])
	nowMs += 60_000
	keeps.resume('album:an album')
	await vi.waitFor(() => {
		expect(roots()?.[CIDS[0]]?.state).toBe('held')
	})
	// What was there before it was kept stays there.
	expect(await keeps.remove('album:an album', signal)).toMatchObject({ untold: [] })
	expect(asked.filter((ask) => ask.startsWith('remove'))).toEqual([`remove ${CIDS[0]}`])
	expect(keeps.all).toEqual([])
})

test('a place that says no keeps its words, and one that cannot be told is named', async () => {
	const { place } = aPlace()
	const no = () => Promise.reject(new AppError('quota', 'full', { detail: 'Your plan is full.' }))
	const { keeps } = await visit({
		places: () => Promise.resolve([{ ...place, look: () => Promise.resolve('gone' as const), fetch: no }])
	})
	keeps.add(album([row(0)]), { here: false, places: [{ id: 'place', label: 'Mine' }] })
	await vi.waitFor(() => {
		expect(keeps.all[0]?.places['place']).toMatchObject({
			problem: { code: 'quota', detail: 'Your plan is full.' },
			roots: { [CIDS[0]]: { state: 'failed' } }
		})
	})
})

test('a publisher is kept as they publish: what is new is fetched and pinned, and the old root is let go of', async () => {
	const { place, asked, held } = aPlace()
	for (const cid of CIDS) held.add(cid)
	let root: string = CIDS[1]
	let rows = [row(0)]
	const told: (() => void)[] = []
	const publisher = {
		name: 'k51them',
		displayName: 'Them',
		sequence: 1,
		createdMs: 0,
		indexedMs: 0,
		validUntilMs: Infinity,
		dropped: 0,
		pages: []
	}
	const { keeps, library } = await visit({
		catalog: {
			entriesOf: (_, from) => Promise.resolve(rows.slice(from)),
			publisher: () =>
				Promise.resolve({ ...publisher, root, entries: rows.length, sizeBytes: 1000 * rows.length }),
			onchange: (listener) => {
				told.push(() => {
					listener({ entries: 0, publishers: 0, albums: 0 })
				})
				return () => undefined
			}
		},
		places: () =>
			Promise.resolve([
				{
					...place,
					look: (asking) => {
						void place.look(asking, {}, signal)
						return Promise.resolve('gone' as const)
					},
					fetch: async (job) => {
						await place.fetch(job)
						return { answer: 'held' as const, mark: {} }
					}
				}
			])
	})
	keeps.add(
		{
			kind: 'publisher',
			key: 'k51them',
			title: 'Them',
			by: '',
			href: '#/',
			rows: [],
			root,
			files: 1,
			bytes: 1000
		},
		{ here: true, places: [{ id: 'place', label: 'Mine' }] }
	)
	await vi.waitFor(() => {
		expect(here(keeps)).toEqual(['done'])
	})
	expect(mirrorsOf(keeps.all)).toEqual([{ root: CIDS[1], of: 'k51them' }])

	root = CIDS[2]
	rows = [row(0), row(1)]
	for (const tell of told) tell()
	await vi.waitFor(() => {
		expect(keeps.all[0]).toMatchObject({ here: 'done', root: CIDS[2], files: 2 })
		expect(Object.keys(keeps.all[0]?.places['place']?.roots ?? {})).toEqual([CIDS[2]])
	})
	expect(library.isKept(CIDS[1])).toBe(true)
	expect(asked).toContain(`remove ${CIDS[1]}`)

	// What they take back stays here, by itself.
	root = CIDS[0]
	rows = [row(1)]
	for (const tell of told) tell()
	await vi.waitFor(() => {
		expect(keeps.all.map(({ id, here: state }) => [id, state])).toEqual([
			[`entry:${CIDS[0]}`, 'done'],
			['publisher:k51them', 'done']
		])
	})
	expect(library.isKept(CIDS[0])).toBe(true)
})

test('a publisher that the catalog does not have is no publisher without files', async () => {
	const { keeps, fetched } = await visit()
	keeps.add(
		{
			kind: 'publisher',
			key: 'k51',
			title: 'Them',
			by: '',
			href: '#/',
			rows: [],
			root: CIDS[1],
			files: 1,
			bytes: 9
		},
		{ here: true, places: [] }
	)
	await vi.waitFor(() => {
		expect(keeps.all[0]).toMatchObject({ here: 'failed', problem: 'not-found' })
	})
	expect(fetched).toEqual([])
})

test('what an earlier version kept file by file is listed like the rest', async () => {
	const earlier = new LibraryState(database, () => nowMs)
	await earlier.open()
	earlier.addKept([row(0), row(1)])
	await earlier.settled()
	earlier.dispose()
	const { keeps } = await visit()
	await vi.waitFor(() => {
		expect(keeps.all.map(({ kind, title, here: state }) => [kind, title, state])).toEqual([
			['entry', 'Piece 0', 'done'],
			['entry', 'Piece 1', 'done']
		])
	})
})

test('a block of its own is held here and sent to places that take bytes, each by itself', async () => {
	const { place } = aPlace()
	const held: string[] = []
	const sent: string[] = []
	const takes = (id: string, send: Place['send']): Place => ({ ...place, id, label: id, takes: 'bytes', send })
	const { keeps } = await visit({
		hold: ({ title }) => {
			held.push(title)
			return Promise.resolve()
		},
		places: () =>
			Promise.resolve([
				place,
				takes('good', async ({ root, readBlock }) => {
					sent.push(`${root.toString()} ${String((await readBlock(root, signal)).length)}`)
					return { answer: 'held', mark: {} }
				}),
				takes('full', () => Promise.reject(new AppError('quota', 'full', { detail: 'No room.' })))
			])
	})
	const block = { cid: CID.parse(CIDS[0]), bytes: new Uint8Array(7), title: 'A list' }
	expect(await keeps.pinBlock(block, [], signal)).toEqual([])
	expect(await keeps.pinBlock(block, ['place', 'good', 'full'], signal)).toEqual([
		{ label: 'good' },
		{ label: 'full', problem: { code: 'quota', detail: 'No room.' } }
	])
	expect(held).toEqual(['A list', 'A list'])
	expect(sent).toEqual([`${CIDS[0]} 7`])
})

test('a visit that ends while a place pins does not take that for what was there before', async () => {
	const { place, asked, held } = aPlace()
	const hang = Promise.withResolvers<never>()
	const first = await visit({
		places: () =>
			Promise.resolve([
				{
					...place,
					fetch: ({ root, signal: stop }) => {
						held.add(root.toString())
						stop.addEventListener('abort', () => {
							hang.reject(stop.reason as Error)
						})
						return hang.promise
					}
				}
			])
	})
	first.keeps.add(album([row(0)]), { here: false, places: [{ id: 'place', label: 'Mine' }] })
	await vi.waitFor(() => {
		expect(held.size).toBe(1)
	})
	await first.close()

	const second = await visit({
		places: () => Promise.resolve([{ ...place, fetch: () => Promise.resolve({ answer: 'held', mark: {} }) }])
	})
	await vi.waitFor(() => {
		expect(second.keeps.all[0]?.places['place']?.roots[CIDS[0]]).toMatchObject({ state: 'held', begun: true })
	})
	await second.keeps.remove('album:an album', signal)
	expect(asked).toContain(`remove ${CIDS[0]}`)
})

test('a list that has an address is kept with its own block, here and at places', async () => {
	const { place, asked, held } = aPlace()
	const { keeps, fetched } = await visit({ places: () => Promise.resolve([place]) })
	const [list, ...files] = CIDS
	for (const cid of CIDS) held.add(cid)
	const rows = [row(1), row(2)]
	keeps.add(
		{
			kind: 'playlist',
			key: list,
			title: 'Theirs',
			by: '',
			href: `#/p/${list}`,
			rows,
			lists: [list],
			...totalsOf(rows)
		},
		{ here: true, places: [{ id: 'place', label: 'Mine' }] }
	)
	await vi.waitFor(() => {
		expect(here(keeps)).toEqual(['done'])
		expect(asked.toSorted()).toEqual([`look ${list}`, ...files.map((file) => `look ${file}`)].toSorted())
	})
	expect(fetched.toSorted()).toEqual([...CIDS].toSorted())
	expect(keeps.all[0]).toMatchObject({ files: 2, bytes: 2000 })
	expect(await rootsOfProfile(database)).toEqual(expect.arrayContaining([...CIDS]))
})

test('an own playlist is kept as it is now: what is added is fetched, what is taken out is let go of, undone it stays', async () => {
	const { keeps, library, fetched, released } = await visit()
	const list = library.createPlaylist('Mine', [row(0), row(1)])
	const what = { kind: 'playlist', key: list.id, by: '', href: '#/', title: list.title, rows: list.rows } as const
	keeps.add({ ...what, ...totalsOf(list.rows) }, { here: true, places: [] })
	await vi.waitFor(() => {
		expect(here(keeps)).toEqual(['done'])
	})
	vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
	try {
		library.replacePlaylist({ ...list, title: 'Renamed', rows: [row(1), row(2)] })
		await vi.waitUntil(() => keeps.all[0]?.here === 'done' && library.isKept(CIDS[2]) && !library.isKept(CIDS[0]))
		expect(keeps.all[0]).toMatchObject({ title: 'Renamed', files: 2, bytes: 2000 })
		// It comes back before its blocks were deleted, and something else goes.
		library.replacePlaylist({ ...list, rows: [row(0), row(2)] })
		await vi.waitUntil(() => keeps.all[0]?.here === 'done' && library.isKept(CIDS[0]) && !library.isKept(CIDS[1]))
		await vi.advanceTimersByTimeAsync(60_000)
		expect(released).toEqual([CIDS[1]])
	} finally {
		vi.useRealTimers()
	}
	expect(fetched).toEqual([CIDS[0], CIDS[1], CIDS[2], CIDS[0]])
})

test('what is taken out of an own playlist is let go of at its places, but for what something else there needs', async () => {
	const { place, asked, held } = aPlace()
	const pinning: Place = {
		...place,
		fetch: async (job) => {
			await place.fetch(job)
			held.add(job.root.toString())
			return { answer: 'held', mark: {} }
		}
	}
	const { keeps, library } = await visit({ places: () => Promise.resolve([pinning]) })
	const where = { here: false, places: [{ id: 'place', label: 'Mine' }] }
	const list = library.createPlaylist('Mine', [row(0), row(1), row(2)])
	const what = { kind: 'playlist', key: list.id, by: '', href: '#/', title: list.title, rows: list.rows } as const
	keeps.add({ ...what, ...totalsOf(list.rows) }, where)
	keeps.add(album([row(1)]), where)
	const rootsOf = (id: string) =>
		Object.entries(keeps.all.find((keep) => keep.id === id)?.places['place']?.roots ?? {}).map(
			([root, { state }]) => `${root} ${state}`
		)
	await vi.waitFor(() => {
		expect(rootsOf(`playlist:${list.id}`)).toEqual(CIDS.map((cid) => `${cid} held`))
		expect(rootsOf('album:an album')).toEqual([`${CIDS[1]} held`])
	})
	library.replacePlaylist({ ...list, rows: [row(2)] })
	await vi.waitFor(() => {
		expect(rootsOf(`playlist:${list.id}`)).toEqual([`${CIDS[2]} held`])
	})
	expect(asked.filter((ask) => ask.startsWith('remove'))).toEqual([`remove ${CIDS[0]}`])
})
