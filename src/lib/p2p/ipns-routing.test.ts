import { generateKeyPair } from '@libp2p/crypto/keys'
import { expect, test } from 'vitest'
import { nameOfKey } from './ipns-name'
import { signRecord } from './ipns-record'
import { findRecord } from './ipns-routing'

const signal = AbortSignal.timeout(30_000)
const key = await generateKeyPair('Ed25519')
const name = nameOfKey(key.publicKey)
const [old, fresh] = [await signRecord(key, '/ipfs/old', 1n), await signRecord(key, '/ipfs/fresh', 2n)]
const forged = await signRecord(await generateKeyPair('Ed25519'), '/ipfs/forged', 9n)

/** Answers by host; a host that is not named never answers. */
const asking = (answers: Readonly<Record<string, Uint8Array | undefined>>, asked: string[] = []) =>
	((input: URL, { signal: stop }: RequestInit) => {
		asked.push(input.href)
		if (!(input.host in answers)) {
			return new Promise((_, reject) => {
				stop?.addEventListener('abort', () => {
					reject(stop.reason as Error)
				})
			})
		}
		const record = answers[input.host]
		return Promise.resolve(
			record === undefined
				? new Response(null, { status: 404 })
				: new Response(new Uint8Array(record), { headers: { 'content-type': 'application/vnd.ipfs.ipns-record' } })
		)
	}) as typeof fetch

const find = (fetch: typeof globalThis.fetch) =>
	findRecord(name, {
		routers: ['https://router.example', 'https://other.example'],
		gateways: ['https://gateway.example'],
		graceMs: 20,
		signal,
		fetch
	})

test('routers and gateways are asked, and the newest record that verifies is taken', async () => {
	const asked: string[] = []
	const record = await find(
		asking({ 'router.example': old, 'other.example': forged, 'gateway.example': fresh }, asked)
	)
	expect(record).toMatchObject({ value: '/ipfs/fresh', sequence: 2n })
	expect(asked.toSorted()).toEqual([
		`https://gateway.example/ipns/${name}?format=ipns-record`,
		`https://other.example/routing/v1/ipns/${name}`,
		`https://router.example/routing/v1/ipns/${name}`
	])
})

test('one that never answers holds up nothing', async () => {
	expect(await find(asking({ 'gateway.example': fresh, 'other.example': undefined }))).toMatchObject({
		value: '/ipfs/fresh'
	})
})

test('where nobody has it there is none', async () => {
	const nobody = { 'router.example': undefined, 'other.example': forged, 'gateway.example': undefined }
	expect(await find(asking(nobody))).toBeUndefined()
})
