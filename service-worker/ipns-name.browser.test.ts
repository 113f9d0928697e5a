import { generateKeyPair } from '@libp2p/crypto/keys'
import { createIPNSRecord, marshalIPNSRecord } from 'ipns'
import { base36 } from 'multiformats/bases/base36'
import { describe, expect, test } from 'vitest'
import { Names, parseName } from './ipns-name'

const ROOT = 'bafkreidm4my3k2nzdw24oforaqmir7mmctzzvfc5zxk63guwjx5nia3iau'
const GATEWAYS = ['https://one.example', 'https://two.example']
const endpoints = { gateways: GATEWAYS, allowLocal: false }
const signal = AbortSignal.timeout(20_000)

async function aName(value = `/ipfs/${ROOT}/music`, sequence = 7n) {
	const key = await generateKeyPair('Ed25519')
	const record = await createIPNSRecord(key, value, sequence, 60_000)
	return { name: key.publicKey.toCID().toString(base36), bytes: marshalIPNSRecord(record) }
}

/** Names that ask gateways which answer with these bytes; anything else is a 404. */
function namesOf(
	answers: Readonly<Record<string, Uint8Array>>,
	announced?: { value: string; validUntilMs: number }
) {
	const asked: string[] = []
	const names = new Names({
		announced: () => Promise.resolve(announced),
		online: () => true,
		fetch: (input) => {
			const url = new URL(input as string)
			asked.push(url.href)
			const bytes = answers[url.origin]
			return Promise.resolve(new Response(bytes?.slice() ?? null, { status: bytes === undefined ? 404 : 200 }))
		}
	})
	return { names, asked }
}

describe('where a name points', () => {
	test('is what the newest announcement says, with nobody asked', async () => {
		const { name } = await aName()
		const { names, asked } = namesOf({}, { value: `/ipfs/${ROOT}/here`, validUntilMs: Date.now() + 1000 })
		const { root, segments } = await names.resolve(name, endpoints, signal)
		expect([root.toString(), segments]).toEqual([ROOT, ['here']])
		expect(asked).toEqual([])
	})

	test('is asked of gateways when the announcement has run out, once for a while', async () => {
		const { name, bytes } = await aName()
		const { names, asked } = namesOf({ 'https://two.example': bytes }, { value: '/ipfs/old', validUntilMs: 1 })
		expect((await names.resolve(name, endpoints, signal)).segments).toEqual(['music'])
		expect((await names.resolve(name, endpoints, signal)).segments).toEqual(['music'])
		expect(asked.toSorted()).toEqual(GATEWAYS.map((gateway) => `${gateway}/ipns/${name}?format=ipns-record`))
	})

	test('is never taken from a record with another signature, and who was asked is said', async () => {
		const [wanted, other] = [await aName(), await aName()]
		const { names } = namesOf({ 'https://one.example': other.bytes })
		await expect(names.resolve(wanted.name, endpoints, signal)).rejects.toMatchObject({
			code: 'content-unavailable',
			detail: expect.stringMatching(/one\.example: the record was wrong\nhttps:\/\/two\.example: .*404/) as string
		})
	})

	test('outside /ipfs/ is nowhere', async () => {
		const { name, bytes } = await aName('/ipns/example.com')
		const { names } = namesOf({ 'https://one.example': bytes })
		await expect(names.resolve(name, endpoints, signal)).rejects.toMatchObject({ code: 'content-unsupported' })
	})
})

test('the record of a name is given as it came', async () => {
	const { name, bytes } = await aName()
	const { names } = namesOf({ 'https://one.example': bytes })
	const record = await names.record(name, endpoints, signal)
	expect(record).toMatchObject({ value: `/ipfs/${ROOT}/music`, sequence: 7n })
	expect([...record.bytes]).toEqual([...bytes])
})

test('a name is read in each of its spellings, and nothing else is', async () => {
	const key = await generateKeyPair('Ed25519')
	const cid = key.publicKey.toCID()
	for (const name of [cid.toString(base36), cid.toString(), key.publicKey.toString()]) {
		expect(parseName(name).equals(cid)).toBe(true)
	}
	for (const name of [ROOT, 'example.com', '1nonsense', 'Qm']) {
		expect(() => parseName(name)).toThrow(expect.objectContaining({ code: 'bad-path' }))
	}
})
