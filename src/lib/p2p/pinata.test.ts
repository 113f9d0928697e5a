/// <reference types="node" />
import { CID } from 'multiformats/cid'
import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startFakePinata, type FakePinata, type PinataFault } from '../../../playwright/fakes/pinata'
import { Pinata, type CarUpload, type PinataOptions } from './pinata'

const KEY = 'eyJ.a-secret-key.xyz'
const vectors = 'playwright/fixtures/vectors'
const car = new Blob([await readFile(`${vectors}/publication.car`)])
const { root: rootText } = JSON.parse(await readFile(`${vectors}/expected.json`, 'utf8')) as { root: string }
const root = CID.parse(rootText)
const signal = new AbortController().signal
let fake: FakePinata

beforeEach(async () => {
	fake = await startFakePinata(KEY)
})
afterEach(() => fake.close())

const pinata = (more: Partial<PinataOptions> = {}) =>
	new Pinata({
		jwt: KEY,
		uploads: fake.origin,
		api: fake.origin,
		pieceBytes: 2000,
		wait: () => Promise.resolve(),
		...more
	})
const resumable = { tusAboveBytes: 0 }
const upload = (more: Partial<CarUpload> = {}): CarUpload => ({
	root,
	name: 'Оставляя 石 é',
	lengthBytes: car.size,
	piece: (from, to) => Promise.resolve(car.slice(from, to)),
	signal,
	...more
})

describe.each([
	['as a form', {}],
	['resumable', resumable]
])('%s', (_, options) => {
	test('one CAR arrives whole under our root, with a name in any script', async () => {
		const file = await pinata(options).uploadCar(upload())
		expect(file).toMatchObject({ cid: rootText, name: 'Оставляя 石 é' })
		expect(fake.files).toHaveLength(1)
		expect(fake.files[0]).toMatchObject({ name: 'Оставляя 石 é', size: car.size })
		expect(file.id).toBe(fake.files[0]?.id)
	})

	test.each([
		['quota', 'quota', /plan usage limit/],
		['too-large', 'too-large', /larger than this plan/],
		['rate-limited', 'rate-limited', /Too many requests/],
		['out-of-order', 'unreachable', /something broke/],
		['wrong-cid', 'wrong-root', /another root/]
	] as const)('%s is told in the words of Pinata', async (fault: PinataFault, code, detail) => {
		fake.fault = fault
		await expect(pinata(options).uploadCar(upload())).rejects.toMatchObject({
			code,
			detail: expect.stringMatching(detail) as unknown
		})
	})

	test('a key that may not write is told apart from one that is not known', async () => {
		fake.keys.set(KEY, ['files:read'])
		await expect(pinata(options).uploadCar(upload())).rejects.toMatchObject({ code: 'key-scope' })
		fake.keys.clear()
		await expect(pinata(options).uploadCar(upload())).rejects.toMatchObject({ code: 'key-refused' })
	})

	test('the key is in no error, also when the service repeats it', async () => {
		fake.fault = 'echoes-key'
		const error: unknown = await pinata(options)
			.uploadCar(upload())
			.catch((thrown: unknown) => thrown)
		const { message, detail, stack } = error as { message: string; detail: string; stack: string }
		expect(detail).toContain('what is …?')
		expect(message + detail + stack).not.toContain(KEY)
		expect(fake.asked.join()).not.toContain(KEY)
	})
})

test('a connection that drops in every piece costs no byte twice', async () => {
	fake.dropAfterBytes = 700
	fake.drops = 10
	await pinata(resumable).uploadCar(upload())
	expect(fake.drops).toBe(0)
	expect(fake.bytesKept).toBe(car.size)
	expect(fake.files[0]?.cid).toBe(rootText)
})

test('a form whose connection drops is unreachable, and goes through when tried again', async () => {
	fake.drops = 1
	await expect(pinata().uploadCar(upload())).rejects.toMatchObject({ code: 'unreachable' })
	await pinata().uploadCar(upload())
	expect(fake.files).toHaveLength(1)
})

test.each([1000, 5000, 9000])('cut off after %i bytes, a later visit goes on where it was', async (cut) => {
	let begun: string | undefined
	const abort = new AbortController()
	const first = pinata(resumable).uploadCar(
		upload({
			signal: abort.signal,
			onbegun: (url) => (begun = url),
			piece: (from, to) => {
				if (from >= cut) abort.abort()
				return Promise.resolve(car.slice(from, to))
			}
		})
	)
	await expect(first).rejects.toMatchObject({ name: 'AbortError' })
	const asked: number[] = []
	await pinata(resumable).uploadCar(
		upload({
			begun: begun ?? '',
			piece: (from, to) => {
				asked.push(from)
				return Promise.resolve(car.slice(from, to))
			}
		})
	)
	expect(Math.min(...asked)).toBeGreaterThanOrEqual(cut)
	expect(fake.bytesKept).toBe(car.size)
	expect(fake.asked.filter((what) => what === 'POST /v3/files')).toHaveLength(1)
})

test('an upload that Pinata no longer knows is begun anew', async () => {
	let begun = ''
	const abort = new AbortController()
	await expect(
		pinata(resumable).uploadCar(
			upload({
				signal: abort.signal,
				onbegun: (url) => (begun = url),
				piece: (from, to) => {
					if (from > 0) abort.abort()
					return Promise.resolve(car.slice(from, to))
				}
			})
		)
	).rejects.toThrow()
	fake.forgetUploads()
	await pinata(resumable).uploadCar(upload({ begun }))
	expect(fake.files).toHaveLength(1)
})

test('an upload that was whole already is found in the account, with no byte sent', async () => {
	let begun = ''
	await pinata(resumable).uploadCar(upload({ onbegun: (url) => (begun = url) }))
	const kept = fake.bytesKept
	expect(await pinata(resumable).uploadCar(upload({ begun }))).toMatchObject({ cid: rootText })
	expect(fake.bytesKept).toBe(kept)
})

test('where the CID is not told, the account is asked for ours', async () => {
	fake.fault = 'silent-cid'
	expect(await pinata(resumable).uploadCar(upload())).toMatchObject({ id: fake.files[0]?.id, cid: rootText })
})

test('the key is never sent to another host', async () => {
	const asked: string[] = []
	const elsewhere: typeof fetch = (input) => {
		asked.push(input instanceof Request ? input.url : input.toString())
		return Promise.resolve(new Response(null, { status: 201, headers: { Location: 'https://evil.example/up/1' } }))
	}
	const stranger = new Pinata({ jwt: KEY, fetch: elsewhere, tusAboveBytes: 0 })
	await expect(stranger.uploadCar(upload())).rejects.toMatchObject({ code: 'refused' })
	expect(asked).toEqual(['https://uploads.pinata.cloud/v3/files'])
})

test('usage, list and delete', async () => {
	const account = pinata()
	await account.authenticate(signal)
	const { id } = await account.uploadCar(upload())
	expect(await account.usage(signal)).toEqual({ files: 1, sizeBytes: car.size })
	expect((await account.list(signal)).files).toMatchObject([{ id, cid: rootText }])
	await account.remove(id, signal)
	await account.remove(id, signal)
	expect((await account.list(signal, { cid: rootText })).files).toEqual([])
})

test('a long list comes in pages', async () => {
	const file = { name: 'a', cid: rootText, size: 1, created_at: '', blocks: [] }
	for (let n = 0; n < 150; n++) fake.files.push({ ...file, id: String(n) })
	const first = await pinata().list(signal)
	expect(first.files).toHaveLength(100)
	const rest = await pinata().list(signal, { pageToken: first.next ?? '' })
	expect(rest.files).toHaveLength(50)
	expect(rest.next).toBeUndefined()
})
