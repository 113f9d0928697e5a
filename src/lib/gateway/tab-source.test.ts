import { expect, test, vi } from 'vitest'
import { AppError } from '../errors'
import type { BytesReport, WorkerRequest } from './block-port'
import type { BlockRequestOptions, BlockWatch } from './block-source'
import { aBlock } from './gateway.fixture'
import { serveWorker, type WorkerClientOptions } from './tab-port'
import { createTabSource, type TabHandle } from './tab-source'

const block = await aBlock(1_000)

/** A tab that runs the real answering side, with the messages of the worker carried to it. */
function aTab(id: string, options: Partial<WorkerClientOptions> = {}) {
	const messages = new EventTarget()
	const asked: string[] = []
	const stop = serveWorker({
		report: () => undefined,
		endpoints: () => ({ gateways: [], allowLocal: false }),
		messages: messages as ServiceWorkerContainer,
		...options
	})
	const tab: TabHandle = {
		id,
		post: (data: WorkerRequest, transfer) => {
			asked.push(data.type)
			messages.dispatchEvent(new MessageEvent('message', { data, ports: transfer as MessagePort[] }))
		}
	}
	return { tab, asked, stop }
}

const source = (...tabs: TabHandle[]) =>
	createTabSource({ tabs: () => Promise.resolve(tabs), timeoutMs: () => 1_000 })
const signal = new AbortController().signal
const NO_WATCH: BlockWatch = {
	received: () => undefined,
	wrong: () => undefined,
	wasted: () => undefined,
	waiting: () => undefined
}

test('the tab that leads answers, the others are passed over and not asked again', async () => {
	const follower = aTab('a')
	const leader = aTab('b', {
		getBlock: (_cid, { watch }) => {
			watch?.received('peer', 'P', block.bytes.byteLength)
			return Promise.resolve(block.bytes)
		}
	})
	const peers = source(follower.tab, leader.tab)
	const received: string[] = []
	const watch = {
		...NO_WATCH,
		received: (kind: string, name: string, bytes: number) => received.push(`${kind} ${name} ${String(bytes)}`)
	}
	expect(await peers.get(block.cid, { signal, watch })).toEqual(block.bytes)
	expect(await peers.get(block.cid, { signal, watch })).toEqual(block.bytes)
	expect(follower.asked).toHaveLength(1)
	expect(received).toEqual(['peer P 1000', 'peer P 1000'])
})

test('finds the new leader when the lead changes hands', async () => {
	let leads = 'a'
	const tabOf = (id: string) =>
		aTab(id, {
			getBlock: () =>
				leads === id ? Promise.resolve(block.bytes) : Promise.reject(new AppError('no-leader', 'not me'))
		}).tab
	const peers = source(tabOf('a'), tabOf('b'))
	await peers.get(block.cid, { signal })
	leads = 'b'
	expect(await peers.get(block.cid, { signal })).toEqual(block.bytes)
})

test('no leader, and no tabs at all, are said at once', async () => {
	await expect(source(aTab('a').tab).get(block.cid, { signal })).rejects.toMatchObject({ code: 'no-leader' })
	await expect(source().get(block.cid, { signal })).rejects.toMatchObject({ code: 'no-leader' })
})

test('wrong bytes from a tab are counted and refused', async () => {
	const wrong: string[] = []
	const peers = source(aTab('a', { getBlock: () => Promise.resolve(block.bytes.slice(1)) }).tab)
	const watch = { ...NO_WATCH, wrong: (name: string) => wrong.push(name) }
	await expect(peers.get(block.cid, { signal, watch })).rejects.toMatchObject({ code: 'content-unverified' })
	expect(wrong).toEqual(['local'])
})

test('a reader that goes stops the search among the peers', async () => {
	const stopped = Promise.withResolvers<boolean>()
	const searching = Promise.withResolvers<undefined>()
	const getBlock = (_cid: unknown, { signal: search }: BlockRequestOptions) =>
		new Promise<Uint8Array>((_, reject) => {
			search.addEventListener('abort', () => {
				stopped.resolve(true)
				reject(search.reason as Error)
			})
			searching.resolve(undefined)
		})
	const stop = new AbortController()
	const read = source(aTab('a', { getBlock }).tab).get(block.cid, { signal: stop.signal })
	await searching.promise
	stop.abort()
	await expect(read).rejects.toMatchObject({ name: 'AbortError' })
	expect(await stopped.promise).toBe(true)
})

test('a tab that speaks another version is passed over', async () => {
	const { tab } = aTab('a', { getBlock: () => Promise.resolve(block.bytes) })
	const other: TabHandle = {
		id: 'a',
		post: (message, transfer) => {
			tab.post({ ...message, version: 99 } as unknown as WorkerRequest, transfer)
		}
	}
	await expect(source(other).get(block.cid, { signal })).rejects.toMatchObject({ code: 'no-leader' })
})

test('the file reaches the peers, what lay in the store counts as local, and what went wrong is reported', async () => {
	const files: (string | undefined)[] = []
	const reports: BytesReport[] = []
	const { tab } = aTab('a', {
		report: (report) => reports.push(report),
		getBlock: (_cid, { file, watch }) => {
			files.push(file?.toString())
			watch?.wrong('Q')
			watch?.wasted('R', 7)
			return Promise.resolve(block.bytes)
		}
	})
	const received: string[] = []
	const watch = { ...NO_WATCH, received: (kind: string, name: string) => received.push(`${kind} ${name}`) }
	await source(tab).get(block.cid, { signal, watch, file: block.cid })
	expect(files).toEqual([block.cid.toString()])
	expect(received).toEqual(['local local'])
	await vi.waitFor(() => {
		expect(reports).toMatchObject([
			{ from: [], wrong: [{ name: 'Q', blocks: 1 }], wasted: [{ name: 'R', bytes: 7 }] }
		])
	})
})

test('many requests at once look once at which tabs are open', async () => {
	const { tab } = aTab('a', { getBlock: () => Promise.resolve(block.bytes) })
	let looks = 0
	const peers = createTabSource({
		tabs: () => {
			looks++
			return Promise.resolve([tab])
		},
		timeoutMs: () => 1_000
	})
	await Promise.all(Array.from({ length: 32 }, () => peers.get(block.cid, { signal })))
	expect(looks).toBe(1)
})
