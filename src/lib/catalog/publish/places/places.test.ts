import { MemoryBlockstore } from 'blockstore-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startFakePinata, type FakePinata } from '../../../../../playwright/fakes/pinata'
import { startFakePinningService, type FakePinningService } from '../../../../../playwright/fakes/pinning-service'
import { Pinata } from '../../../p2p/pinata'
import { PinningService } from '../../../p2p/pinning-service'
import { readBlock } from '../../../storage/read-block'
import type { PlaceMark } from '../../publishing'
import { buildPublication } from '../build'
import type { ReadBlock } from '../car'
import { aDraft, anEntry } from '../draft.fixture'
import { PinataPlace } from './pinata-place'
import { PinningPlace } from './pinning-place'
import type { SendJob } from './place'

const signal = new AbortController().signal
const blockstore = new MemoryBlockstore()
const file = new File([new Uint8Array(900_000).map((_, n) => n * n)], 'a.mp3')
const draft = aDraft([anEntry('a.mp3', { file, sizeBytes: file.size })])
const built = await buildPublication(draft, 'k51', { blockstore, signal })
const root = built.root.toString()
const read: ReadBlock = (cid) => readBlock(blockstore, cid)

let fake: FakePinata
let pins: FakePinningService
beforeEach(async () => {
	;[fake, pins] = await Promise.all([startFakePinata('key'), startFakePinningService('token')])
})
afterEach(async () => {
	await Promise.all([fake.close(), pins.close()])
})

const job = (more: Partial<SendJob> = {}): SendJob => ({
	...built,
	title: 'Northing',
	readBlock: read,
	origins: [],
	keep: () => undefined,
	onprogress: () => undefined,
	signal,
	...more
})

const pinata = () =>
	new PinataPlace(
		new Pinata({
			jwt: 'key',
			uploads: fake.origin,
			api: fake.origin,
			tusAboveBytes: 0,
			pieceBytes: 40_000,
			wait: () => Promise.resolve()
		}),
		{ id: 'pinata', label: 'Pinata' }
	)

test('Pinata holds every block, says so, and forgets it', async () => {
	const place = pinata()
	const done: number[] = []
	const { answer, mark } = await place.send(job({ onprogress: (bytes) => done.push(bytes) }))
	expect(answer).toBe('held')
	expect(fake.files[0]?.blocks.toSorted()).toEqual(built.blocks.map(String).toSorted())
	expect(done).toEqual(done.toSorted((a, b) => a - b))
	expect(await place.look(built.root, mark, signal)).toBe('held')
	await place.remove(built.root, mark, signal)
	expect(await place.look(built.root, mark, signal)).toBe('gone')
})

test('reloads at random points of an upload lose nothing and send nothing twice', async () => {
	const visits = [0, 3, 1, 5, 2]
	let mark: PlaceMark | undefined
	for (const pieces of visits) {
		const abort = new AbortController()
		let left = pieces
		const visit = pinata().send(
			job({
				signal: abort.signal,
				...(mark && { mark }),
				keep: (noted) => (mark = structuredClone(noted)),
				onprogress: () => {
					if (left-- <= 0) abort.abort()
				}
			})
		)
		await expect(visit).rejects.toMatchObject({ name: 'AbortError' })
		fake.drops = 1
		fake.dropAfterBytes = 13_333
	}
	await pinata().send(job(mark && { mark }))
	expect(fake.files.map(({ cid }) => cid)).toEqual([root])
	expect(fake.files[0]?.size).toBe(fake.bytesKept)
})

test('a mirror is asked once, followed, and found again without its number', async () => {
	const service = new PinningService({ endpoint: pins.endpoint, token: 'token' })
	const waits: number[] = []
	const wait = (ms: number) => {
		waits.push(ms)
		return Promise.resolve()
	}
	const place = new PinningPlace(service, { id: 'm', label: 'Mirror', wait })
	const { answer, mark } = await place.send(job({ origins: ['/dns4/node.example/tcp/4001'] }))
	expect(answer).toBe('held')
	expect(waits).toEqual([1000, 2000])
	expect(pins.requests[0]?.pin).toMatchObject({ cid: root, origins: ['/dns4/node.example/tcp/4001'] })
	await place.send(job({ mark }))
	await place.send(job())
	expect(pins.requests).toHaveLength(1)
	expect(await place.look(built.root, {}, signal)).toBe('held')
	await place.remove(built.root, mark, signal)
	expect(await place.look(built.root, mark, signal)).toBe('gone')
})

test('a mirror that takes its time is left to later looks, one that gives up has failed', async () => {
	const service = new PinningService({ endpoint: pins.endpoint, token: 'token' })
	const place = new PinningPlace(service, { id: 'm', label: 'Mirror', wait: () => Promise.resolve() })
	pins.course = ['queued']
	expect((await place.send(job())).answer).toBe('asked')
	pins.course = ['queued', 'failed']
	await expect(place.send(job())).rejects.toMatchObject({ code: 'refused' })
})

test('Pinata fetches what others hold, is followed, and its request is taken back', async () => {
	const place = pinata()
	expect((await place.fetch(job({ origins: ['/dns4/a/tcp/1'] }))).answer).toBe('asked')
	expect((await place.fetch(job())).answer).toBe('asked')
	expect(fake.asked.filter((ask) => ask === 'POST /v3/files/public/pin_by_cid')).toHaveLength(1)
	const answers = new Set<string>()
	while (!answers.has('held')) answers.add(await place.look(built.root, {}, signal))
	expect([...answers]).toEqual(['asked', 'held'])
	expect(fake.files.map(({ cid }) => cid)).toEqual([root])
	await place.remove(built.root, {}, signal)
	await place.fetch(job())
	await place.remove(built.root, {}, signal)
	expect(await place.look(built.root, {}, signal)).toBe('gone')
})

test('a request that Pinata gives up for want of room has failed in its words', async () => {
	const place = pinata()
	await place.fetch(job())
	fake.fault = 'quota'
	await place.look(built.root, {}, signal)
	await expect(place.look(built.root, {}, signal)).rejects.toMatchObject({
		code: 'quota',
		detail: 'Pinata gave up: over free limit'
	})
})
