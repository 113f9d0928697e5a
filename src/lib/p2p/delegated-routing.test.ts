import { expect, test } from 'vitest'
import { findProviders, parseProviders } from './delegated-routing'
import { putRecord, resolveName } from './ipns-routing'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { nameOfKey } from './ipns-name'
import { signRecord } from './ipns-record'

const record = { Schema: 'peer', ID: '12D3KooWA', Addrs: ['/ip4/192.0.2.1/tcp/443/wss'] }

test('answers in JSON and in lines are read, with what is not a peer left out', () => {
	const json = JSON.stringify({
		Providers: [record, null, { ID: 1 }, { ID: 'x', Addrs: [] }, { ID: 'y', Addrs: [7, 'no'] }]
	})
	expect(parseProviders(json, false)).toEqual([{ peerId: '12D3KooWA', addresses: record.Addrs }])
	expect(parseProviders(`${JSON.stringify(record)}\n{broken\n\n`, true)).toHaveLength(1)
	expect(parseProviders('nonsense', false)).toEqual([])
})

test('a router that has none is no failure, one that fails is', async () => {
	const answer = (status: number) => () => Promise.resolve(new Response('', { status }))
	const signal = AbortSignal.timeout(10_000)
	expect(await findProviders('https://r.example', 'cid', { signal, fetch: answer(404) })).toEqual([])
	await expect(findProviders('https://r.example', 'cid', { signal, fetch: answer(500) })).rejects.toMatchObject({
		code: 'refused'
	})
	const huge = () => Promise.resolve(new Response(new Uint8Array(2 * 1024 * 1024)))
	await expect(findProviders('https://r.example', 'cid', { signal, fetch: huge })).rejects.toMatchObject({
		code: 'too-large'
	})
})

test('of several routers the newest valid record wins, and the failing ones are told of', async () => {
	const key = await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(3))
	const name = nameOfKey(key.publicKey)
	const [older, newer] = [await signRecord(key, '/ipfs/a', 1n), await signRecord(key, '/ipfs/b', 2n)]
	const forged = newer.slice()
	forged[newer.length - 3] = (forged[newer.length - 3] ?? 0) ^ 1
	const bodies: Record<string, Uint8Array | undefined> = {
		'a.example': older,
		'b.example': newer,
		'c.example': forged
	}
	const fetch = (input: RequestInfo | URL) => {
		const body = bodies[new URL(input as URL).host]
		if (!body) return Promise.reject(new TypeError('failed'))
		const headers = { 'content-type': 'application/vnd.ipfs.ipns-record' }
		return Promise.resolve(new Response(new Uint8Array(body), { headers }))
	}
	const routers = ['https://a.example', 'https://b.example', 'https://c.example', 'https://d.example']
	const options = { signal: AbortSignal.timeout(10_000), fetch }
	const { record: won, outcomes } = await resolveName(routers, name, options)
	expect(won).toMatchObject({ value: '/ipfs/b', sequence: 2n })
	expect(outcomes.map(({ error }) => error !== undefined)).toEqual([false, false, true, true])
	const put = await putRecord(routers, name, newer, options)
	expect(put.map(({ error }) => error !== undefined)).toEqual([false, false, false, true])
})
