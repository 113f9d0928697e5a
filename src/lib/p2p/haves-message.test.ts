import { encode } from '@ipld/dag-cbor'
import { CID } from 'multiformats/cid'
import { expect, test } from 'vitest'
import { decodeHaves, encodeHaves, MAX_HAVES_BYTES } from './haves-message'

const file = CID.parse('bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi')
const id = '12D3KooWGC6TvWhfapngX6wvJHMYvKpDMXPb3ZnCZ6dMoaMtimQ5'
const at = `/dns4/hub.example/tcp/443/wss/p2p/${id}/p2p-circuit/webrtc/p2p/${id}`
const has = Uint8Array.from({ length: 16 }, (_, i) => (i < 8 ? 0xff : 0))
const HEX = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

test('what is encoded is read again', () => {
	const haves = { files: [{ file, has }], peers: [{ file, at }], tabs: [at], at: [at] }
	expect(decodeHaves(encodeHaves(haves))).toEqual({ version: 1, ...haves })
	const least = { files: [], peers: [], tabs: [], at: [] }
	expect(decodeHaves(encodeHaves(least))).toEqual({ version: 1, ...least })
})

test('the bytes are those of the protocol', () => {
	const bytes = encodeHaves({ files: [{ file, has }], peers: [], tabs: [], at: [] })
	// the vector in docs/protocol.md, section 8
	expect(HEX(bytes)).toBe(
		'a26176016566696c657381a26368617350ffffffffffffffff00000000000000006466696c65d82a58250001701220' +
			'c3c4733ec8affd06cf9e9ff50ffc6bcd2ec85a6170004bb709669c31de94391a'
	)
})

test('more than may be sent is left out', () => {
	const read = decodeHaves(
		encodeHaves({
			files: Array.from({ length: 20 }, () => ({ file, has })),
			peers: Array.from({ length: 100 }, () => ({ file, at })),
			tabs: Array.from({ length: 100 }, () => at),
			at: [at, at, at]
		})
	)
	expect([read.files.length, read.peers.length, read.tabs.length, read.at.length]).toEqual([8, 16, 8, 2])
})

test('of a higher version nothing but that is read, and unknown keys are ignored', () => {
	expect(decodeHaves(encode({ v: 2, files: 7 }))).toEqual({ version: 2, files: [], peers: [], tabs: [], at: [] })
	expect(decodeHaves(encode({ v: 1, files: [], extra: true })).files).toEqual([])
})

test.each<[string, unknown]>([
	['no map', 7],
	['no version', { files: [] }],
	['a version that is no number', { v: '1', files: [] }],
	['no files', { v: 1 }],
	['too many files', { v: 1, files: Array.from({ length: 9 }, () => ({ file, has })) }],
	['a file that is no CID', { v: 1, files: [{ file: 'x', has }] }],
	['bits of another length', { v: 1, files: [{ file, has: new Uint8Array(15) }] }],
	['no bits', { v: 1, files: [{ file }] }],
	['too many peers', { v: 1, files: [], peers: Array.from({ length: 17 }, () => ({ file, at })) }],
	['an address without a peer', { v: 1, files: [], tabs: ['/dns4/hub.example/tcp/443/wss'] }],
	['an address that is none', { v: 1, files: [], at: [`x/p2p/${id}`] }],
	['a long address', { v: 1, files: [], at: [`/${'x'.repeat(600)}/p2p/${id}`] }],
	['a huge message', { v: 1, files: [], extra: new Uint8Array(MAX_HAVES_BYTES) }]
])('%s is refused', (_, message) => {
	expect(() => decodeHaves(encode(message))).toThrow()
})

test('bytes that are not DAG-CBOR are refused', () => {
	expect(() => decodeHaves(new Uint8Array([0xff, 0x00]))).toThrow()
})
