import { CID } from 'multiformats/cid'
import { expect, test } from 'vitest'
import { decodeMessage, encodeMessage } from './bitswap-message'

const cid = CID.parse('bafkreidm4my3k2nzdw24oforaqmir7mmctzzvfc5zxk63guwjx5nia3iau')

test('messages read back', () => {
	const message = {
		full: true,
		wants: [
			{ cid, cancel: false, type: 'block', sendDontHave: true },
			{ cid, cancel: false, type: 'have', sendDontHave: false },
			{ cid, cancel: true, type: 'block', sendDontHave: false }
		] as const,
		blocks: [{ prefix: Uint8Array.of(1, 0x55, 0x12, 32), data: new Uint8Array(300_000).fill(9) }],
		presences: [
			{ cid, has: true },
			{ cid, has: false }
		]
	}
	expect(decodeMessage(encodeMessage(message))).toEqual(message)
	expect(decodeMessage(encodeMessage({}))).toEqual({ full: false, wants: [], blocks: [], presences: [] })
})

test('the bytes are those of the protobuf definition', () => {
	const { bytes } = cid
	const entry = [0x0a, bytes.length, ...bytes, 0x10, 1, 0x20, 1, 0x28, 1]
	const wantlist = [0x0a, entry.length, ...entry]
	const want = { cid, cancel: false, type: 'have', sendDontHave: true } as const
	expect([...encodeMessage({ wants: [want] })]).toEqual([0x0a, wantlist.length, ...wantlist])
})

test('fields that are not known are passed over, and broken messages refused', () => {
	// field 5 is a varint, field 9 a fixed 64-bit number
	expect(decodeMessage(Uint8Array.of(0x28, 0x80, 0x01, 0x49, 0, 0, 0, 0, 0, 0, 0, 0)).wants).toEqual([])
	for (const bad of [[0x0a, 5, 1], [0x0f], [0x80], [0x08, ...Array<number>(11).fill(0xff)]]) {
		expect(() => decodeMessage(Uint8Array.from(bad))).toThrow()
	}
	// a CID of nonsense is left out
	expect(decodeMessage(Uint8Array.of(0x0a, 5, 0x0a, 3, 0x0a, 1, 0)).wants).toEqual([])
	const many = encodeMessage({ presences: Array.from({ length: 5000 }, () => ({ cid, has: true })) })
	expect(() => decodeMessage(many)).toThrow('too many')
})
