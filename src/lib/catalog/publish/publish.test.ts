import { CID } from 'multiformats/cid'
import { expect, test } from 'vitest'
import { AppError } from '../../errors'
import type { PublishDeps, PublishNode } from './places'
import { Publishing } from './publish'
import { aDraft, anEntry } from './draft.fixture'

const name = 'k51qzi5uqu5dkogtleiytfxubg506sz0dwl3em00pptg88pmktkh0zbdgv5417'
const root = CID.parse('bafkreidm4my3k2nzdw24oforaqmir7mmctzzvfc5zxk63guwjx5nia3iau')
const other = CID.parse('bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku')
const signal = new AbortController().signal
const draft = aDraft([anEntry('a.mp3')])

/** Deps that succeed and note what was asked; `failing` throws at each call named in it, once. */
function fakes(failing: string[] = []) {
	const asked: string[] = []
	const ask = (what: string) => {
		asked.push(what)
		const at = failing.indexOf(what)
		if (at === -1) return
		failing.splice(at, 1)
		throw new AppError('refused', what)
	}
	const deps: PublishDeps = {
		build: async () => {
			ask('build')
			return Promise.resolve({ root, sizeBytes: 100, entries: 1, pages: 1, blocks: [root, other] })
		},
		readBlock: (cid) => Promise.resolve(cid.bytes),
		nextSequence: async () => Promise.resolve(8n),
		sign: async (_, to, sequence) => {
			ask('sign')
			return Promise.resolve(new TextEncoder().encode(`${to} ${sequence}`))
		},
		putRecord: async (origin) => {
			ask(`put ${origin}`)
			return Promise.resolve()
		},
		announce: async () => {
			ask('announce')
			return Promise.resolve({ peers: 3 })
		}
	}
	let parts = 0
	const blocksTaken = { count: 1 }
	const node: PublishNode = {
		origin: 'http://node',
		importCar: async (_, { pin }) => {
			ask(pin ? 'pin' : `part ${++parts}`)
			return Promise.resolve({ blocks: blocksTaken.count })
		},
		namePut: async () => {
			ask('name/put')
			return Promise.resolve()
		}
	}
	return { asked, deps, node, blocksTaken }
}

test('every step, in order', async () => {
	const { asked, deps, node } = fakes()
	const publishing = new Publishing({
		draft,
		name,
		deps,
		places: { node, routers: ['https://router'] },
		partBlocks: 1
	})
	const results = await publishing.run(signal)
	expect(asked).toEqual(['build', 'part 1', 'part 2', 'pin', 'sign', 'name/put', 'put https://router', 'announce'])
	expect(results).toMatchObject({ root: root.toString(), sequence: 8n, pinned: true, peers: 3 })
	expect(new TextDecoder().decode(results.record)).toBe(`${root.toString()} 8`)
	expect(publishing.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'done'])
})

test('with no place it is signed and announced from here', async () => {
	const { asked, deps } = fakes()
	const publishing = new Publishing({ draft, name, deps, places: { routers: [] } })
	await publishing.run(signal)
	expect(asked).toEqual(['build', 'sign', 'announce'])
	expect(publishing.steps.map(({ state }) => state)).toEqual(['done', 'skipped', 'done', 'skipped', 'done'])
})

test('after a failure it goes on with the part that failed', async () => {
	const { asked, deps, node } = fakes(['part 2'])
	const publishing = new Publishing({ draft, name, deps, places: { node, routers: [] }, partBlocks: 1 })
	await expect(publishing.run(signal)).rejects.toMatchObject({ code: 'refused' })
	expect(publishing.steps[1]).toMatchObject({ state: 'failed', error: { code: 'refused' } })
	expect(publishing.results.blocksSent).toBe(1)
	await publishing.run(signal)
	expect(asked).toEqual(['build', 'part 1', 'part 2', 'part 3', 'pin', 'sign', 'name/put', 'announce'])
})

test('a node that lost blocks before they were pinned is sent all of them again', async () => {
	const { asked, deps, node, blocksTaken } = fakes(['pin'])
	const publishing = new Publishing({ draft, name, deps, places: { node, routers: [] }, partBlocks: 2 })
	blocksTaken.count = 2
	await expect(publishing.run(signal)).rejects.toThrow()
	await publishing.run(signal)
	expect(asked.slice(0, 5)).toEqual(['build', 'part 1', 'pin', 'part 2', 'pin'])
})

test('one place that takes the name is enough, and the others can be asked again', async () => {
	const { asked, deps, node } = fakes(['put https://router'])
	const publishing = new Publishing({
		draft,
		name,
		deps,
		places: { node, routers: ['https://router'] },
		partBlocks: 1
	})
	await publishing.run(signal)
	expect(publishing.results.named).toMatchObject([
		{ place: 'http://node', ok: true },
		{ place: 'https://router', ok: false }
	])
	await publishing.nameAgain(signal)
	expect(publishing.results.named?.every(({ ok }) => ok)).toBe(true)
	expect(asked.filter((what) => what === 'name/put')).toHaveLength(1)
})

test('it is announced although nobody took the name, and says so', async () => {
	const { deps } = fakes(['put https://router'])
	const publishing = new Publishing({ draft, name, deps, places: { routers: ['https://router'] } })
	await expect(publishing.run(signal)).rejects.toMatchObject({ code: 'refused' })
	expect(publishing.steps.map(({ state }) => state)).toEqual(['done', 'skipped', 'done', 'failed', 'done'])
})

test('what an earlier visit did is not done again', async () => {
	const { asked, deps, node } = fakes(['sign'])
	const places = { node, routers: [] }
	const first = new Publishing({ draft, name, deps, places, partBlocks: 1 })
	await expect(first.run(signal)).rejects.toThrow()
	const stored = structuredClone(first.results)
	await new Publishing({ name, deps, places, results: stored }).run(signal)
	expect(asked).toEqual(['build', 'part 1', 'part 2', 'pin', 'sign', 'sign', 'name/put', 'announce'])
})

test('cancelling is no failure', async () => {
	const { deps } = fakes()
	const abort = new AbortController()
	deps.build = (_draft, _name, options) =>
		new Promise((_, reject) => {
			options.signal.addEventListener('abort', () => {
				reject(options.signal.reason as Error)
			})
		})
	const publishing = new Publishing({ draft, name, deps, places: { routers: [] } })
	const run = publishing.run(abort.signal)
	abort.abort()
	await expect(run).rejects.toMatchObject({ name: 'AbortError' })
	expect(publishing.steps[0]).toEqual({ name: 'build', state: 'waiting' })
})
