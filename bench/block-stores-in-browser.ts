/// <reference lib="webworker" />
/*
 * Runs in the browser, and is all three: the page, the service worker and the dedicated worker that owns the pack file.
 * The page asks by message; whoever is asked measures itself and answers with ms.
 */

const BLOCK_BYTES = 256 * 1024
const BLOCKS = 320
/** Blocks of one transaction or one file: 8 MiB. */
const BATCH = 32

/** A way to keep blocks; `at` counts blocks from 0. */
interface Store {
	write(blocks: Uint8Array<ArrayBuffer>[], atOnce: number): Promise<void>
	read(at: number): Promise<ArrayBufferLike>
}

export type StoreName = 'idb-single' | 'idb-batched' | 'opfs-files' | 'opfs-pack'
export interface Run {
	readonly store: StoreName
	/** `first` reads one block. */
	readonly what: 'write' | 'read' | 'first'
	readonly order: 'in order' | 'at random'
	readonly atOnce: number
}

const done = <T>(request: IDBRequest<T>) =>
	new Promise<T>((resolve, reject) => {
		request.onsuccess = () => resolve(request.result)
		request.onerror = () => reject(request.error ?? new Error('no reason given'))
	})

const committed = (transaction: IDBTransaction) =>
	new Promise<void>((resolve, reject) => {
		transaction.oncomplete = () => resolve()
		transaction.onabort = () => reject(transaction.error ?? new Error('no reason given'))
	})

/** Each context writes to a store of its own, so that none overwrites what another wrote. */
const CONTEXT = globalThis.constructor.name

async function openDatabase(name: string): Promise<IDBDatabase> {
	const opening = indexedDB.open(`${name} ${CONTEXT}`, 1)
	opening.onupgradeneeded = () => {
		opening.result.createObjectStore('bytes')
		opening.result.createObjectStore('facts').createIndex('used', 'used')
	}
	return await done(opening)
}

/** Calls `work` for each number below `count`, `atOnce` at a time. */
async function lanes(count: number, atOnce: number, work: (at: number) => Promise<unknown>): Promise<void> {
	let next = 0
	const lane = async () => {
		while (next < count) await work(next++)
	}
	await Promise.all(Array.from({ length: atOnce }, lane))
}

async function* batches(blocks: Uint8Array<ArrayBuffer>[]) {
	for (let from = 0; from < blocks.length; from += BATCH) yield { from, batch: blocks.slice(from, from + BATCH) }
}

/** As blockstore-idb does. */
async function idbSingle(): Promise<Store> {
	const database = await openDatabase('single')
	return {
		write: (blocks, atOnce) =>
			lanes(blocks.length, atOnce, async (at) => {
				const transaction = database.transaction('bytes', 'readwrite')
				transaction.objectStore('bytes').put(blocks[at], at)
				await committed(transaction)
			}),
		async read(at) {
			const bytes = await done<unknown>(database.transaction('bytes').objectStore('bytes').get(at))
			return (bytes as Uint8Array).buffer
		}
	}
}

/** 8 MiB in one transaction, with what is noted of each block. */
async function idbBatched(): Promise<Store> {
	const database = await openDatabase('batched')
	return {
		async write(blocks) {
			for await (const { from, batch } of batches(blocks)) {
				const transaction = database.transaction(['bytes', 'facts'], 'readwrite', { durability: 'relaxed' })
				batch.forEach((block, at) => {
					transaction.objectStore('bytes').put(block, from + at)
					transaction.objectStore('facts').put({ sizeBytes: block.byteLength, used: from + at }, from + at)
				})
				await committed(transaction)
			}
		},
		async read(at) {
			const bytes = await done<unknown>(database.transaction('bytes').objectStore('bytes').get(at))
			return (bytes as Uint8Array).buffer
		}
	}
}

async function noteBatch(database: IDBDatabase, from: number): Promise<void> {
	const transaction = database.transaction('facts', 'readwrite', { durability: 'relaxed' })
	for (let at = from; at < from + BATCH; at++)
		transaction.objectStore('facts').put({ sizeBytes: BLOCK_BYTES, used: at }, at)
	await committed(transaction)
}

/** One file of the origin's private file system for 8 MiB, written and read without a handle of one's own. */
async function opfsFiles(): Promise<Store> {
	const origin = await navigator.storage.getDirectory()
	const folder = await origin.getDirectoryHandle(CONTEXT, { create: true })
	const database = await openDatabase('files')
	const files = new Map<number, File>()
	return {
		async write(blocks) {
			for await (const { from, batch } of batches(blocks)) {
				const handle = await folder.getFileHandle(String(from), { create: true })
				const writable = await handle.createWritable()
				await writable.write(new Blob(batch))
				await writable.close()
				await noteBatch(database, from)
			}
		},
		async read(at) {
			const from = at - (at % BATCH)
			let file = files.get(from)
			if (file === undefined) {
				file = await (await folder.getFileHandle(String(from))).getFile()
				files.set(from, file)
			}
			return await file.slice((at - from) * BLOCK_BYTES, (at - from + 1) * BLOCK_BYTES).arrayBuffer()
		}
	}
}

type PackRequest =
	| { readonly id: number; readonly write: Uint8Array<ArrayBuffer>; readonly at: number }
	/** The blocks of a batch are written: they are noted, and the file is flushed. */
	| { readonly id: number; readonly flush: number }
	| { readonly id: number; readonly read: number }

/** One pack file behind the port of the dedicated worker that owns its handle. */
function opfsPack(port: MessagePort): Store {
	const waiting = new Map<number, (bytes: ArrayBuffer) => void>()
	let last = 0
	port.onmessage = ({ data }: MessageEvent<{ id: number; bytes: ArrayBuffer }>) => {
		waiting.get(data.id)?.(data.bytes)
		waiting.delete(data.id)
	}
	const ask = (make: (id: number) => PackRequest, transfer: Transferable[] = []) =>
		new Promise<ArrayBuffer>((resolve) => {
			const id = ++last
			waiting.set(id, resolve)
			port.postMessage(make(id), transfer)
		})
	return {
		async write(blocks, atOnce) {
			await lanes(blocks.length, atOnce, async (at) => {
				// A copy: the one who streams still needs the bytes.
				const bytes = (blocks[at] as Uint8Array<ArrayBuffer>).slice()
				await ask((id) => ({ id, write: bytes, at }), [bytes.buffer])
				if (at % BATCH === BATCH - 1) await ask((id) => ({ id, flush: at - BATCH + 1 }))
			})
		},
		read: (at) => ask((id) => ({ id, read: at }))
	}
}

async function servePack(worker: DedicatedWorkerGlobalScope): Promise<void> {
	const ready = Promise.withResolvers<(port: MessagePort) => void>()
	worker.onmessage = ({ ports: [port] }) => {
		void ready.promise.then((serve) => port && serve(port))
	}
	const folder = await navigator.storage.getDirectory()
	const file = await folder.getFileHandle('pack', { create: true })
	const database = await openDatabase('pack')
	let handle: FileSystemSyncAccessHandle | undefined
	// The owner that went may not have let go yet.
	while (handle === undefined) {
		handle = await file.createSyncAccessHandle().catch(() => undefined)
		if (handle === undefined) await new Promise((resolve) => setTimeout(resolve, 5))
	}
	const pack = handle
	ready.resolve((port) => {
		port.postMessage({ id: 0 })
		port.onmessage = async ({ data }: MessageEvent<PackRequest>) => {
			let bytes = new ArrayBuffer(0)
			if ('write' in data) pack.write(data.write, { at: data.at * BLOCK_BYTES })
			else if ('flush' in data) {
				pack.flush()
				await noteBatch(database, data.flush)
			} else {
				bytes = new ArrayBuffer(BLOCK_BYTES)
				pack.read(bytes, { at: data.read * BLOCK_BYTES })
			}
			port.postMessage({ id: data.id, bytes }, [bytes])
		}
	})
}

let ownPort: MessagePort | undefined
/** The way to the pack. A worker that was stopped and started again has lost it, and asks the tabs. */
async function packPort(): Promise<MessagePort> {
	if (ownPort !== undefined) return ownPort
	const worker = globalThis as unknown as ServiceWorkerGlobalScope
	const tabs = await worker.clients.matchAll({ includeUncontrolled: true })
	return await Promise.any(
		tabs.map((tab) => {
			const { port1, port2 } = new MessageChannel()
			tab.postMessage('pack', [port2])
			return new Promise<MessagePort>((resolve) => {
				port1.onmessage = () => resolve(port1)
			})
		})
	)
}

const openStores = new Map<StoreName, Promise<Store>>()
function storeOf(name: StoreName): Promise<Store> {
	const opened =
		openStores.get(name) ??
		{
			'idb-single': idbSingle,
			'idb-batched': idbBatched,
			'opfs-files': opfsFiles,
			'opfs-pack': async () => opfsPack(await packPort())
		}[name]()
	openStores.set(name, opened)
	return opened
}

async function measure({ store: name, what, order, atOnce }: Run): Promise<number> {
	const store = await storeOf(name)
	if (what === 'first') {
		const started = performance.now()
		await store.read(0)
		return performance.now() - started
	}
	if (what === 'write') {
		const some = Array.from({ length: BATCH }, randomBlock)
		const blocks = Array.from({ length: BLOCKS }, (_, at) => some[at % BATCH] as Uint8Array<ArrayBuffer>)
		const started = performance.now()
		await store.write(blocks, atOnce)
		return performance.now() - started
	}
	// 7919 is prime: each block once, none after its neighbour.
	const position = (at: number) => (order === 'in order' ? at : (at * 7919) % BLOCKS)
	const started = performance.now()
	await lanes(BLOCKS, atOnce, async (at) => {
		const { byteLength } = await store.read(position(at))
		if (byteLength !== BLOCK_BYTES) throw new Error(`block ${String(at)} has ${String(byteLength)} bytes`)
	})
	return performance.now() - started
}

function randomBlock(): Uint8Array<ArrayBuffer> {
	const block = new Uint8Array(BLOCK_BYTES)
	for (let at = 0; at < BLOCK_BYTES; at += 65_536) crypto.getRandomValues(block.subarray(at, at + 65_536))
	return block
}

export const MEGABYTES = (BLOCKS * BLOCK_BYTES) / 1e6

type Message = { readonly type: 'run'; readonly run: Run } | { readonly type: 'pack' }

/** Answers on the port that came with the question. */
function listen(scope: {
	onmessage: ((this: never, event: ExtendableMessageEvent | MessageEvent) => void) | null
}): void {
	scope.onmessage = (event: ExtendableMessageEvent | MessageEvent) => {
		const [port] = event.ports
		const message = event.data as Message
		if (message.type === 'pack') {
			ownPort = port
			openStores.delete('opfs-pack')
			return
		}
		const answer = measure(message.run).then(
			(ms) => port?.postMessage({ ms }),
			(error: unknown) => port?.postMessage({ error: String(error) })
		)
		if ('waitUntil' in event) event.waitUntil(answer)
	}
}

if ('ServiceWorkerGlobalScope' in globalThis) {
	const worker = globalThis as unknown as ServiceWorkerGlobalScope
	worker.onactivate = (event) => {
		event.waitUntil(worker.clients.claim())
	}
	listen(worker as never)
} else if ('DedicatedWorkerGlobalScope' in globalThis) {
	void servePack(globalThis as unknown as DedicatedWorkerGlobalScope)
}

const own = () => new URL(import.meta.url)

async function serviceWorker(): Promise<ServiceWorker> {
	await navigator.serviceWorker.register(own(), { type: 'module' })
	return (await navigator.serviceWorker.ready).active as ServiceWorker
}

/** In a page: owns the pack file from when the tab that had it is gone, and gives the service worker a way to it. */
export async function ownPack(): Promise<void> {
	await new Promise<void>((owning) => {
		void navigator.locks.request('pack', async () => {
			const worker = new Worker(own(), { type: 'module' })
			const { port1, port2 } = new MessageChannel()
			worker.postMessage('serve', [port1])
			;(await serviceWorker()).postMessage({ type: 'pack' } satisfies Message, [port2])
			// The page too, as another tab would have it.
			const forPage = new MessageChannel()
			worker.postMessage('serve', [forPage.port1])
			ownPort = forPage.port2
			navigator.serviceWorker.onmessage = ({ ports: [port] }) => {
				if (port) worker.postMessage('serve', [port])
			}
			owning()
			await new Promise(() => undefined)
		})
	})
}

/** In a page: what a run takes in ms, in the service worker or in this page. `first` counts the start of the worker in. */
export async function runIn(where: 'tab' | 'service worker', run: Run): Promise<number> {
	if (where === 'tab') return await measure(run)
	const started = performance.now()
	const { port1, port2 } = new MessageChannel()
	;(await serviceWorker()).postMessage({ type: 'run', run } satisfies Message, [port2])
	return await new Promise((resolve, reject) => {
		port1.onmessage = ({ data }: MessageEvent<{ ms?: number; error?: string }>) => {
			if (data.ms === undefined) reject(new Error(data.error))
			else resolve(run.what === 'first' ? performance.now() - started : data.ms)
		}
	})
}
