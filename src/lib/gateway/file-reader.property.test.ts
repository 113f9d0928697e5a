import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { errorCode } from '../errors'
import { CAR_FAULTS, carGateway, HARMLESS } from './car-gateway.fixture'
import { aFile, DagBuilder, someBytes, type Part, type TestFile } from './dag.fixture'
import { aReader, aStore, drained, somePeers } from './file-reader.fixture'
import { settle } from './gateway.fixture'

beforeEach(() => {
	vi.useFakeTimers()
})
afterEach(() => {
	vi.useRealTimers()
})

/** Bytes with and without repetition: chunks that are alike are one block. */
const content = fc.oneof(
	fc
		.tuple(fc.integer({ min: 0, max: 40_000 }), fc.integer({ min: 1 }))
		.map(([size, seed]) => someBytes(size, seed)),
	fc.integer({ min: 1, max: 20_000 }).map((size) => new Uint8Array(size).fill(7))
)

/** A file as importers build them. */
const importedFile = fc
	.record({
		bytes: content,
		chunkBytes: fc.integer({ min: 200, max: 6_000 }),
		links: fc.integer({ min: 2, max: 7 }),
		layout: fc.constantFrom('balanced' as const, 'trickle' as const),
		rawLeaves: fc.boolean(),
		reduceSingleLeaf: fc.boolean()
	})
	.map(
		({ bytes, ...shape }) =>
			() =>
				aFile(bytes, shape)
	)

type Shape = number | 'empty' | 'inline' | { readonly own: number; readonly parts: readonly Shape[] }

/** A file as nobody builds it: bytes at all levels, empty parts, uneven depth, identity CIDs. */
const { tree } = fc.letrec<{ tree: Shape; part: Shape }>((tie) => ({
	tree: fc.record({ own: fc.integer({ min: 0, max: 300 }), parts: fc.array(tie('part'), { maxLength: 5 }) }),
	part: fc.oneof(
		{ depthSize: 'small' },
		fc.integer({ min: 1, max: 900 }),
		fc.constant('empty' as const),
		fc.constant('inline' as const),
		tie('tree')
	)
}))

async function built(shape: Shape): Promise<TestFile> {
	const builder = new DagBuilder()
	const all: Uint8Array[] = []
	let seed = 0
	const own = (size: number) => {
		const bytes = someBytes(size, ++seed)
		all.push(bytes)
		return bytes
	}
	const part = async (each: Shape): Promise<Part> => {
		if (each === 'empty') return builder.leaf(new Uint8Array())
		if (each === 'inline') return builder.inline(own(20))
		if (typeof each === 'number') return builder.leaf(own(each))
		const data = each.own === 0 ? undefined : own(each.own)
		const parts: Part[] = []
		for (const below of each.parts) parts.push(await part(below))
		return builder.node(parts, data)
	}
	const { cid } = await part(shape)
	const bytes = new Uint8Array(await new Blob(all as Uint8Array<ArrayBuffer>[]).arrayBuffer())
	return { root: cid, bytes, blocks: builder.blocks }
}

const anyFile = fc.oneof(
	{ arbitrary: importedFile, weight: 3 },
	tree.map((shape) => () => built(shape))
)

/** Part of a whole, 0 to 1. */
const share = fc.integer({ min: 0, max: 20 }).map((part) => part / 20)
/** A gateway alone that stalls after each block of a file is waited for, and asked again, as often as there are blocks. */
const LIMIT_MS = 120_000
const STALL_MS = 3_000
const fault = fc.tuple(fc.constantFrom(...CAR_FAULTS), fc.integer({ min: 0, max: 12 }))

test(
	'any file, any range, any faulty sources: the same bytes or a clear error, in bounded time',
	{ timeout: 240_000 },
	async () => {
		await fc.assert(
			fc.asyncProperty(
				anyFile,
				fc.array(fault, { maxLength: 3 }),
				fc.option(share, { nil: undefined }),
				share,
				fc.array(fc.tuple(share, share), {
					minLength: 1,
					maxLength: 3
				}),
				fc.boolean(),
				async (make, faults, peersHave, storeHas, ranges, isOpenEnded) => {
					const file = await make()
					const some = (part: number) =>
						new Map([...file.blocks].filter((_, index) => ((index * 7919) % 100) / 100 < part))
					const peers = peersHave === undefined ? undefined : somePeers(some(peersHave), 30).source
					const { open } = aReader({
						gateways: Object.fromEntries(
							faults.map(([kind, at], index) => [`https://g${String(index)}.example`, carGateway(file, kind, at)])
						),
						...(peers ? { peers } : {}),
						local: aStore(some(storeHas)).local
					})
					const size = file.bytes.byteLength
					const read = async ([one, two]: [number, number]) => {
						const from = Math.floor(Math.min(one, two) * Math.max(0, size - 1))
						const to = Math.floor(Math.max(one, two) * Math.max(0, size - 1))
						const opened = await open(file, isOpenEnded ? { from } : { from, to })
						expect(opened).toMatchObject({ kind: 'file', sizeBytes: size })
						if (size === 0) return
						const got = await drained(opened.stream(from, to).body)
						expect(Buffer.compare(got, file.bytes.subarray(from, to + 1))).toBe(0)
					}
					const mustWork = peersHave === 1 || storeHas === 1 || faults.some(([kind]) => HARMLESS.includes(kind))
					const limitMs = LIMIT_MS + file.blocks.size * STALL_MS
					for (const { error } of await Promise.all(ranges.map((range) => settle(read(range), limitMs)))) {
						if (error === undefined) continue
						expect(errorCode(error)).toMatch(/^content-un(available|verified)$/)
						expect(mustWork).toBe(false)
					}
				}
			),
			{ numRuns: 60 }
		)
	}
)
