import { CID } from 'multiformats/cid'
import { expect, test } from 'vitest'
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
