import fc from 'fast-check'
import { expect, test } from 'vitest'
import { aFolder, aLeaf, GivenStore, type GivenBlock } from './blocks.fixture'
import { readBlock } from './read-block'

const LEAVES = 12
const FILES = 3

type Step =
	| { readonly do: 'put'; readonly block: number }
	| { readonly do: 'use'; readonly block: number }
	| { readonly do: 'delete'; readonly block: number }
	| { readonly do: 'pin'; readonly file: number }
	| { readonly do: 'unpin'; readonly file: number }
	| { readonly do: 'hold'; readonly file: number }
	| { readonly do: 'release'; readonly file: number }
	| { readonly do: 'evict'; readonly budgetBytes: number }
	| { readonly do: 'wait' }

const block = fc.nat({ max: LEAVES + FILES - 1 })
const file = fc.nat({ max: FILES - 1 })
const steps: fc.Arbitrary<Step[]> = fc.array(
	fc.oneof(
		{ weight: 6, arbitrary: fc.record({ do: fc.constant('put' as const), block }) },
		{ weight: 2, arbitrary: fc.record({ do: fc.constantFrom('use' as const, 'delete' as const), block }) },
		{
			weight: 3,
			arbitrary: fc.record({ do: fc.constantFrom('pin' as const, 'unpin', 'hold', 'release'), file })
		},
		{
			weight: 2,
			arbitrary: fc.record({ do: fc.constant('evict' as const), budgetBytes: fc.nat({ max: 12_000 }) })
		},
		{ weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const) }) }
	),
	{ minLength: 10, maxLength: 60 }
)

test(
	'whatever is put, used, pinned, held and evicted: nothing protected goes, and the budget is kept',
	{ timeout: 120_000 },
	async () => {
		const leaves = await Promise.all(Array.from({ length: LEAVES }, (_, at) => aLeaf(at)))
		// File n has the leaves n·4 to n·4 + 5: neighbours share two.
		const files = await Promise.all(
			Array.from({ length: FILES }, (_, at) => aFolder(...leaves.slice(at * 4, at * 4 + 6)))
		)
		const blocks = [...leaves, ...files]
		const run = async (sequence: readonly Step[]) => {
			const given = new GivenStore()
			const store = await given.open()
			const here = new Set<GivenBlock>()
			const pinned = new Set<number>()
			const holds = new Map<number, () => void>()
			const rootOf = (at: number) => (files[at] as GivenBlock).cid
			/** A folder that is here leads to its leaves; one that is not protects nothing below it. */
			const isProtected = (given: GivenBlock) =>
				[...pinned, ...holds.keys()].some(
					(at) =>
						files[at] === given ||
						(here.has(files[at] as GivenBlock) && leaves.slice(at * 4, at * 4 + 6).includes(given))
				)
			const sizeOf = (some: Iterable<GivenBlock>) =>
				[...some].reduce((sum, { bytes }) => sum + bytes.byteLength, 0)
			try {
				for (const step of sequence) {
					given.nowMs += 1000
					if (step.do === 'put') {
						const put = blocks[step.block] as GivenBlock
						await store.put(put.cid, put.bytes)
						here.add(put)
					} else if (step.do === 'use') {
						const used = blocks[step.block] as GivenBlock
						if (here.has(used)) expect(await readBlock(store, used.cid)).toEqual(used.bytes)
					} else if (step.do === 'delete') {
						const gone = blocks[step.block] as GivenBlock
						await store.delete(gone.cid)
						here.delete(gone)
					} else if (step.do === 'pin') {
						await store.pin(`file ${step.file}`, [rootOf(step.file)])
						pinned.add(step.file)
					} else if (step.do === 'unpin') {
						await store.unpin(`file ${step.file}`)
						pinned.delete(step.file)
					} else if (step.do === 'hold') {
						if (!holds.has(step.file)) holds.set(step.file, store.hold(rootOf(step.file).toString()))
					} else if (step.do === 'release') {
						holds.get(step.file)?.()
						holds.delete(step.file)
						// The browser takes the lock back a moment later.
						await navigator.locks.request(crypto.randomUUID(), () => undefined)
					} else if (step.do === 'wait') given.nowMs += 3_600_000
					else {
						const before = new Set(here)
						await store.evict({ budgetBytes: step.budgetBytes })
						for (const one of before) if (!(await store.has(one.cid))) here.delete(one)
						const gone = [...before].filter((one) => !here.has(one))
						expect(gone.filter(isProtected)).toEqual([])
						const free = sizeOf([...here].filter((one) => !isProtected(one)))
						expect(free).toBeLessThanOrEqual(step.budgetBytes)
						const freeBefore = free + sizeOf(gone)
						if (freeBefore <= step.budgetBytes) expect(gone).toEqual([])
					}
					const { bytes, blocks: count, protectedBytes } = await store.totals(AbortSignal.timeout(30_000))
					expect({ bytes, count }).toEqual({ bytes: sizeOf(here), count: here.size })
					expect(protectedBytes).toBe(sizeOf([...here].filter(isProtected)))
				}
			} finally {
				for (const release of holds.values()) release()
				await given.end()
			}
		}
		await fc.assert(fc.asyncProperty(steps, run), { numRuns: 25 })
	}
)
