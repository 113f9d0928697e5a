/// <reference types="@sveltejs/kit" />
/// <reference lib="webworker" />
import { build, files, version } from '$service-worker'
import { BYTES_CHANNEL, type BytesReport } from '../src/lib/gateway/block-port'
import { BytesTally } from '../src/lib/gateway/bytes-tally'
import { createFileReader } from '../src/lib/gateway/file-reader'
import type { TabHandle } from '../src/lib/gateway/tab-source'
import type { PageMessage, WorkerNotice } from '../src/lib/gateway/worker-messages'
import { openBlockstore } from '../src/lib/storage/blockstore'
import { openAntiphonDatabase, type AntiphonDatabase } from '../src/lib/storage/database'
import { readSettings } from '../src/lib/storage/settings'
import { STORAGE_CHANNEL } from '../src/lib/storage/storage-notice'
import { AppShell } from './app-shell'
import { contentHandler } from './content'
import { dispatch } from './handlers'
import { Names } from './ipns-name'
import { KeptBlocks } from './kept-blocks'
import { localBlocks } from './local-blocks'
import { createContentNode, type ContentNode } from './node'
import { ShareTarget } from './share-target'
import { createSources } from './sources'
import { StoredStandings } from './standing-store'
import { Visits } from './visits'

const worker = self as unknown as ServiceWorkerGlobalScope
const scope = new URL(worker.registration.scope)
const fetchOut: typeof fetch = (input, init) => worker.fetch(input, init)
const online = () => worker.navigator.onLine

/** Keeps the promise of something costly, and forgets it when it rejects. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
	let made: Promise<T> | undefined
	return () => {
		made ??= make().catch((error: unknown) => {
			made = undefined
			throw error
		})
		return made
	}
}

const database = once<AntiphonDatabase>(openAntiphonDatabase)
const storage = new BroadcastChannel(STORAGE_CHANNEL)
const blocks = new KeptBlocks({
	open: (init) => openBlockstore(undefined, init),
	onnotice: (notice) => {
		storage.postMessage(notice)
	}
})
const node = once<ContentNode>(() => createContentNode(blocks))
const standings = new StoredStandings(database)
const bytes = new BroadcastChannel(BYTES_CHANNEL)
const tally = new BytesTally((report: BytesReport) => {
	bytes.postMessage(report)
})

const handleOf = (client: Client): TabHandle => ({
	id: client.id,
	post: (message, transfer) => {
		client.postMessage(message, transfer)
	}
})
const tabs = async () =>
	(await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })).map(handleOf)

const visits = new Visits({
	tab: async (clientId) => {
		const client = clientId === '' ? undefined : await worker.clients.get(clientId)
		return client?.type === 'window' ? handleOf(client) : (await tabs())[0]
	},
	stored: async () => {
		const { gateways, allowLocal } = await readSettings(await database())
		return { gateways, allowLocal }
	}
})

const sources = createSources({
	tabs,
	standing: standings.standing,
	peerStanding: standings.peerStanding,
	online,
	fetch: fetchOut
})
const reader = createFileReader({
	local: localBlocks(blocks),
	standing: standings.standing,
	peerStanding: standings.peerStanding,
	fetch: fetchOut
})
const shell = new AppShell({ scope, build, files, version, caches: worker.caches, fetch: fetchOut })
const content = contentHandler({
	scope,
	node: async () => {
		await loaded()
		return node()
	},
	names: new Names({
		announced: async (name) => (await database()).get('announcements', name),
		online,
		fetch: fetchOut
	}),
	reader: async () => {
		await loaded()
		return reader
	},
	endpoints: (clientId) => visits.endpoints(clientId),
	sources,
	tally,
	settled: () => blocks.settled()
})
const loaded = once(() => standings.load())
const handlers = [new ShareTarget({ scope }), content, shell]

/** What the first play of a page would have to wait for. */
function makeReady(source: ExtendableMessageEvent['source']): void {
	if (source instanceof Client) void visits.endpoints(source.id)
	void loaded()
	blocks.open()
}

worker.addEventListener('install', (event) => {
	event.waitUntil(
		(async () => {
			await shell.install()
			if (worker.registration.active === null) {
				await worker.skipWaiting()
				return
			}
			const notice: WorkerNotice = { type: 'update-ready' }
			for (const client of await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })) {
				client.postMessage(notice)
			}
		})()
	)
})

worker.addEventListener('activate', (event) => {
	event.waitUntil(Promise.all([shell.activate(), worker.clients.claim()]))
})

worker.addEventListener('fetch', (event) => {
	dispatch(handlers, event)
})

worker.addEventListener('message', (event) => {
	const message = event.data as PageMessage | null
	switch (message?.type) {
		case 'claim':
			event.waitUntil(worker.clients.claim())
			break
		case 'activate':
			event.waitUntil(worker.skipWaiting())
			break
		case 'endpoints-changed':
			visits.forget()
			makeReady(event.source)
			break
		case 'ping':
			makeReady(event.source)
	}
})

/** A standing search has told of something new: the app comes to the front. */
worker.addEventListener('notificationclick', (event) => {
	event.notification.close()
	event.waitUntil(
		(async () => {
			const [tab] = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true })
			if (tab === undefined) await worker.clients.openWindow(new URL('#/search', scope))
			else await tab.focus()
		})()
	)
})
