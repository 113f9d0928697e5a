import { AppError } from '../../errors'
import type { Catalog } from '../catalog'
import { CATALOG_PORT_VERSION, toPortError, type CatalogCall, type CatalogWorkerMessage, type TabMessage } from './port-protocol' // prettier-ignore

/** What a MessagePort and a dedicated worker's global scope have in common. */
export interface ServedPort {
	postMessage(message: CatalogWorkerMessage): void
	onmessage: ((event: MessageEvent<TabMessage>) => void) | null
	addEventListener(type: 'close', listener: () => void): void
}

/**
 * Answers the calls of one tab until it says goodbye or its end of the port is gone.
 * @param onhelper - takes the worker that a tab lends for its publications
 */
export function serveCatalog(catalog: Catalog, port: ServedPort, onhelper?: (helper: MessagePort) => void): void {
	const running = new Map<number, AbortController>()
	const stopTelling = catalog.onchange((totals) => {
		port.postMessage({ type: 'changed', totals })
	})
	const end = () => {
		stopTelling()
		port.onmessage = null
		for (const call of running.values()) call.abort()
	}
	const answer = async (message: TabMessage & { type: 'call' }) => {
		const { id } = message
		const call = new AbortController()
		running.set(id, call)
		try {
			if ((message.version as number) !== CATALOG_PORT_VERSION) {
				throw new AppError('storage-failed', 'the catalog is held by another version of this app')
			}
			const value = await perform(catalog, message, call.signal)
			if (!call.signal.aborted) port.postMessage({ type: 'result', id, value })
		} catch (error) {
			if (!call.signal.aborted) port.postMessage({ type: 'failed', id, error: toPortError(error) })
		} finally {
			running.delete(id)
		}
	}
	port.onmessage = ({ data }) => {
		switch (data.type) {
			case 'call':
				void answer(data)
				break
			case 'abort':
				running.get(data.id)?.abort()
				break
			case 'ping':
				port.postMessage({ type: 'pong' })
				break
			case 'helper':
				if ((data.version as number) === CATALOG_PORT_VERSION) onhelper?.(data.port)
				break
			case 'bye':
				end()
		}
	}
	port.addEventListener('close', end)
}

function perform(catalog: Catalog, call: CatalogCall, signal: AbortSignal): Promise<unknown> {
	switch (call.method) {
		case 'open':
			return catalog.open()
		case 'apply':
			return catalog.apply(...call.args)
		case 'heldPages':
			return catalog.heldPages(...call.args)
		case 'remove':
			return catalog.remove(...call.args)
		case 'left':
			return catalog.left()
		case 'search':
			return catalog.search(call.args[0], signal)
		case 'suggest':
			return catalog.suggest(call.args[0], call.args[1], signal)
		case 'know':
			return catalog.know(...call.args)
		case 'wishes':
			return catalog.wishes()
		case 'wish':
			return catalog.wish(...call.args)
		case 'sawWish':
			return catalog.sawWish(...call.args)
		case 'forgetWish':
			return catalog.forgetWish(...call.args)
		case 'publishers':
			return catalog.publishers()
		case 'publisher':
			return catalog.publisher(...call.args)
		case 'keepersOf':
			return catalog.keepersOf(...call.args)
		case 'entriesOf':
			return catalog.entriesOf(...call.args)
		case 'entriesByFile':
			return catalog.entriesByFile(...call.args)
		case 'albums':
			return catalog.albums(...call.args)
		case 'album':
			return catalog.album(...call.args)
		default:
			return Promise.reject(new AppError('storage-failed', 'no such method of the catalog'))
	}
}
