import { generateKeyPair } from '@libp2p/crypto/keys'
import { MemoryBlockstore } from 'blockstore-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { nameOfKey } from '../../p2p/ipns-name'
import { nextSequence, signRecord } from '../../p2p/ipns-record'
import { getRecord, putRecord } from '../../p2p/ipns-routing'
import { KUBO_BIN, startKubo, type KuboNode } from '../../p2p/kubo.fixture'
import { KuboRpc } from '../../p2p/kubo-rpc'
import { buildPublication } from './build'
import { aDraft, anEntry } from './draft.fixture'
import type { PublishDeps } from './places'
import { KuboPlace } from './places/kubo-place'
import { Publishing } from './publish'

describe.skipIf(KUBO_BIN === '')('publishing to a real Kubo (KUBO_BIN)', () => {
	let kubo: KuboNode
	beforeAll(async () => {
		kubo = await startKubo()
	}, 60_000)
	afterAll(() => kubo.remove())

	test('twice: both are pinned, and the name leads to the second', async () => {
		const signal = new AbortController().signal
		const key = await generateKeyPair('Ed25519')
		const name = nameOfKey(key.publicKey)
		const blockstore = new MemoryBlockstore()
		const announced: Uint8Array[] = []
		const deps: PublishDeps = {
			build: (draft, publisher, options) => buildPublication(draft, publisher, { ...options, blockstore }),
			async readBlock(cid) {
				const parts: BlobPart[] = []
				for await (const part of blockstore.get(cid)) parts.push(part as BlobPart)
				return new Uint8Array(await new Blob(parts).arrayBuffer())
			},
			nextSequence: async () => nextSequence([await getRecord(kubo.gateway, name, { signal })]),
			sign: (_, root, sequence) => signRecord(key, `/ipfs/${root}`, sequence),
			async putRecord(origin, of, record) {
				const [outcome] = await putRecord([origin], of, record, { signal })
				if (outcome?.error !== undefined) throw outcome.error as Error
			},
			announce(_, record) {
				announced.push(record)
				return Promise.resolve({ peers: 0 })
			}
		}
		const file = new File([new Uint8Array(900_000).map((_, n) => n * n)], 'a.mp3')
		const publish = (title: string) =>
			new Publishing({
				draft: aDraft([anEntry('a.mp3', { title, file, sizeBytes: file.size })]),
				name,
				deps,
				places: {
					places: [new KuboPlace(new KuboRpc(kubo.rpc), { id: 'node', label: kubo.rpc, partBlocks: 3 })],
					routers: [kubo.gateway]
				}
			}).run(signal)
		const first = await publish('first')
		const second = await publish('second')
		expect([first.sequence, second.sequence]).toEqual([1n, 2n])
		expect(second.named?.map(({ ok }) => ok)).toEqual([true, true])
		expect(announced).toHaveLength(2)
		const pins = await kubo.ipfs('pin', 'ls', '--type=recursive', '-q')
		expect(pins).toContain(first.root)
		expect(pins).toContain(second.root)
		expect(await kubo.ipfs('name', 'resolve', '--offline', `/ipns/${name}`)).toBe(`/ipfs/${String(second.root)}`)
		const bytes = await fetch(`${kubo.gateway}/ipfs/${String(second.root)}/a.mp3`)
		expect((await bytes.arrayBuffer()).byteLength).toBe(900_000)
	}, 60_000)
})
