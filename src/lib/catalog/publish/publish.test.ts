import { CID } from 'multiformats/cid'
import { expect, test } from 'vitest'
import { AppError } from '../../errors'
import type { PublishResults } from '../publishing'
import type { PublishDeps } from './places'
import { KuboPlace, type KuboNode } from './places/kubo-place'
import type { Place } from './places/place'
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
	const node: KuboNode = {
		origin: 'http://node',
		importCar: async (_, { pin }) => {
			ask(pin ? 'pin' : `part ${++parts}`)
			return Promise.resolve({ blocks: blocksTaken.count })
		},
		namePut: async () => {
			ask('name/put')
			return Promise.resolve()
		},
		pinLs: () => Promise.resolve([]),
		pinAdd: () => Promise.resolve(),
		pinRm: () => Promise.resolve(true),
		id: () => Promise.resolve({ addresses: ['/dns4/node.example/tcp/4001'] })
	}
	const kubo = (partBlocks = 1) => new KuboPlace(node, { id: 'node', label: 'http://node', partBlocks })
	return { asked, ask, deps, kubo, blocksTaken }
}

/** A place that asks for leave by its name. */
function aPlace(id: string, ask: (what: string) => void, takes: Place['takes'] = 'bytes') {
	const origins: string[] = []
	const place: Place = {
		id,
		label: id,
		takes,
		send: async (job) => {
			origins.push(...job.origins)
			job.keep({ begun: true })
			ask(`send ${id}`)
			return Promise.resolve({ answer: takes === 'bytes' ? 'held' : 'asked', mark: { done: id } })
		},
		fetch: () => Promise.resolve({ answer: 'asked', mark: {} }),
		look: () => Promise.resolve('held'),
		remove: () => Promise.resolve()
	}
	return { place, origins }
}

test('every step, in order', async () => {
	const { asked, deps, kubo } = fakes()
	const publishing = new Publishing({
		draft,
		name,
		deps,
		places: { places: [kubo()], routers: ['https://router'] }
	})
	const results = await publishing.run(signal)
	expect(asked).toEqual(['build', 'part 1', 'part 2', 'pin', 'sign', 'name/put', 'put https://router', 'announce'])
	expect(results).toMatchObject({
		root: root.toString(),
		sequence: 8n,
		places: { node: { state: 'held' } },
		peers: 3
	})
	expect(new TextDecoder().decode(results.record)).toBe(`${root.toString()} 8`)
	expect(publishing.steps.map(({ state }) => state)).toEqual(['done', 'done', 'done', 'done', 'done'])
})

test('with no place it is signed and announced from here', async () => {
	const { asked, deps } = fakes()
	const publishing = new Publishing({ draft, name, deps, places: { places: [], routers: [] } })
	await publishing.run(signal)
	expect(asked).toEqual(['build', 'sign', 'announce'])
	expect(publishing.steps.map(({ state }) => state)).toEqual(['done', 'skipped', 'done', 'skipped', 'done'])
})

test('after a failure it goes on with the part that failed', async () => {
	const { asked, deps, kubo } = fakes(['part 2'])
	const publishing = new Publishing({ draft, name, deps, places: { places: [kubo()], routers: [] } })
	await expect(publishing.run(signal)).rejects.toMatchObject({ code: 'refused' })
	expect(publishing.steps[1]).toMatchObject({ state: 'failed', error: { code: 'refused' } })
	expect(publishing.results.places).toMatchObject({ node: { state: 'failed', mark: { blocksSent: 1 } } })
	await publishing.run(signal)
	expect(asked).toEqual(['build', 'part 1', 'part 2', 'part 3', 'pin', 'sign', 'name/put', 'announce'])
})

test('a node that lost blocks before they were pinned is sent all of them again', async () => {
	const { asked, deps, kubo, blocksTaken } = fakes(['pin'])
	const publishing = new Publishing({ draft, name, deps, places: { places: [kubo(2)], routers: [] } })
	blocksTaken.count = 2
	await expect(publishing.run(signal)).rejects.toThrow()
	await publishing.run(signal)
	expect(asked.slice(0, 5)).toEqual(['build', 'part 1', 'pin', 'part 2', 'pin'])
})

test('one place that takes the name is enough, and the others can be asked again', async () => {
	const { asked, deps, kubo } = fakes(['put https://router'])
	const publishing = new Publishing({
		draft,
		name,
		deps,
		places: { places: [kubo()], routers: ['https://router'] }
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
	const publishing = new Publishing({ draft, name, deps, places: { places: [], routers: ['https://router'] } })
	await expect(publishing.run(signal)).rejects.toMatchObject({ code: 'refused' })
	expect(publishing.steps.map(({ state }) => state)).toEqual(['done', 'skipped', 'done', 'failed', 'done'])
})

test('what an earlier visit did is not done again', async () => {
	const { asked, deps, kubo } = fakes(['sign'])
	const places = { places: [kubo()], routers: [] }
	const first = new Publishing({ draft, name, deps, places })
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
	const publishing = new Publishing({ draft, name, deps, places: { places: [], routers: [] } })
	const run = publishing.run(abort.signal)
	abort.abort()
	await expect(run).rejects.toMatchObject({ name: 'AbortError' })
	expect(publishing.steps[0]).toEqual({ name: 'build', state: 'waiting' })
})

test('one place that fails does not undo the others, and is tried again alone', async () => {
	const { asked, ask, deps } = fakes(['send b'])
	const [a, b] = [aPlace('a', ask), aPlace('b', ask)]
	const publishing = new Publishing({
		draft,
		name,
		deps,
		places: { places: [a.place, b.place], routers: ['https://router'] }
	})
	await publishing.run(signal)
	expect(publishing.results.places).toMatchObject({
		a: { state: 'held', mark: { done: 'a' } },
		b: { state: 'failed', mark: { begun: true }, problem: { code: 'refused' } }
	})
	expect(publishing.results.peers).toBe(3)
	await publishing.sendAgain(signal)
	expect(publishing.results.places?.['b']).toMatchObject({ state: 'held' })
	expect(asked.filter((what) => what.startsWith('send'))).toEqual(['send a', 'send b', 'send b'])
})

test('it fails to be sent only where no place took it', async () => {
	const { ask, deps } = fakes(['send a', 'send b'])
	const places = { places: [aPlace('a', ask).place, aPlace('b', ask).place], routers: [] }
	const publishing = new Publishing({ draft, name, deps, places })
	await expect(publishing.run(signal)).rejects.toMatchObject({ code: 'refused' })
	expect(publishing.steps[1]?.state).toBe('failed')
})

test('a service that fetches is asked after a server has it, and told where', async () => {
	const { asked, ask, deps, kubo } = fakes()
	const mirror = aPlace('mirror', ask, 'name')
	await new Publishing({
		draft,
		name,
		deps,
		places: { places: [mirror.place, kubo()], routers: [] }
	}).run(signal)
	expect(asked.indexOf('send mirror')).toBeGreaterThan(asked.indexOf('pin'))
	expect(mirror.origins).toEqual(['/dns4/node.example/tcp/4001'])
})

test('a service that fetches cannot be the only place', async () => {
	const { asked, ask, deps } = fakes()
	const places = { places: [aPlace('mirror', ask, 'name').place], routers: [] }
	await expect(new Publishing({ draft, name, deps, places }).run(signal)).rejects.toMatchObject({
		code: 'content-unavailable'
	})
	expect(asked).toEqual(['build'])
})

test('a node is not sent what it holds by an earlier publication', async () => {
	const { asked, deps, kubo } = fakes()
	deps.holds = () => Promise.resolve(new Set([other.toString()]))
	await new Publishing({ draft, name, deps, places: { places: [kubo()], routers: [] } }).run(signal)
	expect(asked.slice(0, 3)).toEqual(['build', 'part 1', 'pin'])
})

test('what is stored is enough for a later visit, at every point', async () => {
	const { deps, ask } = fakes()
	const stored: PublishResults[] = []
	const save = async (results: PublishResults) => {
		stored.push(structuredClone(results))
		return Promise.resolve()
	}
	const places = { places: [aPlace('a', ask).place], routers: ['https://router'] }
	await new Publishing({ draft, name, deps: { ...deps, save }, places }).run(signal)
	expect(stored.length).toBeGreaterThan(4)
	for (const results of stored) {
		const later = new Publishing({ name, deps, places, results })
		expect((await later.run(signal)).peers).toBe(3)
	}
})
