import type { Catalog } from '../catalog'
import { PortCatalog, type WorkerLink } from './port-catalog'
import type { CatalogWorkerMessage } from './port-protocol'

/** Shared workers that failed in a row before a worker of this tab's own takes over. */
const SHARED_TRIES = 2
const MAX_FAILURES = 5

/**
 * The catalog of this browser, for a tab. The worker starts with the first call; one worker serves all tabs where the
 * browser has shared workers and lets them start.
 */
export function openCatalog(): Catalog {
	return new PortCatalog(
		(failures) => {
			if (failures >= MAX_FAILURES) return undefined
			return typeof SharedWorker === 'function' && failures < SHARED_TRIES ? joinShared() : startOwn()
		},
		{},
		startPageWorker
	)
}

/** A worker that prepares pages; it ends with the tab. */
function startPageWorker(): MessagePort | undefined {
	const { port1: here, port2: there } = new MessageChannel()
	try {
		const worker = new Worker(new URL('./page-worker.ts', import.meta.url), {
			type: 'module',
			name: 'antiphon-pages'
		})
		worker.postMessage(there, [there])
		return here
	} catch {
		return undefined
	}
}

function joinShared(): WorkerLink {
	const worker = new SharedWorker(new URL('./catalog-worker.ts', import.meta.url), {
		type: 'module',
		name: 'antiphon-catalog'
	})
	const { port } = worker
	return link(worker, port, () => {
		port.close()
	})
}

function startOwn(): WorkerLink {
	const worker = new Worker(new URL('./catalog-worker.ts', import.meta.url), {
		type: 'module',
		name: 'antiphon-catalog'
	})
	return link(worker, worker, () => {
		worker.terminate()
	})
}

function link(worker: SharedWorker | Worker, port: MessagePort | Worker, close: () => void): WorkerLink {
	const made: WorkerLink = {
		post: (message, transfer = []) => {
			port.postMessage(message, transfer)
		},
		onmessage: () => undefined,
		onfailed: () => undefined,
		close
	}
	worker.onerror = (event) => {
		// A script that does not load gives a plain event, without a message.
		made.onfailed((event as Partial<ErrorEvent>).message ?? 'it does not load')
	}
	port.onmessage = ({ data }: MessageEvent<CatalogWorkerMessage>) => {
		made.onmessage(data)
	}
	port.onmessageerror = () => {
		made.onfailed('a message of it could not be read')
	}
	return made
}
