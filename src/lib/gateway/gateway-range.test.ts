import { CID } from 'multiformats/cid'
import { expect, test } from 'vitest'
import { someBytes } from './dag.fixture'
import { fetchLeaves } from './gateway-range'
import { fakeFetch } from './gateway.fixture'
import { MAX_BLOCK_BYTES } from './verify-block'

const cid = CID.parse('bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e')

test('a leaf that a file says is larger than any block may be is not read, and makes no room for itself', async () => {
	const { fetch, open } = fakeFetch({
		'https://a.example': () =>
			new Response(new Uint8Array(10), { status: 206, headers: { 'content-range': 'bytes 0-9/10' } })
	})
	const leaves = [{ cid, from: 0, to: MAX_BLOCK_BYTES + 1 }]
	const blocks = fetchLeaves('https://a.example', cid, leaves, { fetch, signal: new AbortController().signal })
	await expect(blocks.next()).rejects.toMatchObject({ kind: 'too-large' })
	expect(open()).toBe(0)
})

// WebKit's bodies are no byte streams: what they give is copied.
test.each(['bytes', undefined] as const)(
	'leaves are cut out of a body of type %s, however it ends',
	async (type) => {
		const bytes = someBytes(5_000)
		const { fetch, open } = fakeFetch({
			'https://a.example': () => {
				let at = 0
				const pull = (controller: { enqueue(piece: Uint8Array<ArrayBuffer>): void; close(): void }) => {
					if (at >= bytes.byteLength) controller.close()
					else controller.enqueue(bytes.slice(at, (at += 700)))
				}
				const body = type === undefined ? new ReadableStream({ pull }) : new ReadableStream({ type, pull })
				return new Response(body, { status: 206, headers: { 'content-range': 'bytes 0-4999/5000' } })
			}
		})
		const leaves = [0, 1_000, 1_001, 4_000, 5_000].flatMap((to, index, ends) =>
			index === 0 ? [] : [{ cid, from: ends[index - 1] ?? 0, to }]
		)
		const got = []
		const options = { fetch, signal: new AbortController().signal }
		for await (const leaf of fetchLeaves('https://a.example', cid, leaves, options)) got.push(leaf.bytes)
		expect(got).toEqual(leaves.map(({ from, to }) => bytes.slice(from, to)))
		expect(got.every(({ buffer, byteLength }) => buffer.byteLength === byteLength)).toBe(true)
		expect(open()).toBe(0)
	}
)
