import { askTab, BLOCK_PORT_VERSION, type VisitEndpoints } from '../src/lib/gateway/block-port'
import type { TabHandle } from '../src/lib/gateway/tab-source'

export interface VisitsOptions {
	/** The tab with this id, or any tab where the asker is none (a worker, a navigation). */
	readonly tab: (clientId: string) => Promise<TabHandle | undefined>
	/** What is stored in Settings. */
	readonly stored: () => Promise<VisitEndpoints>
}

const ASK_TIMEOUT_MS = 1_000
const FRESH_MS = 15_000
const MAX_VISITS = 64

/**
 * The endpoints of each visit, asked of its tab. The URL of a visit may name other gateways than Settings, for that visit
 * alone, so the tab that asks for content decides; what it does not say in time is read from Settings.
 */
export class Visits {
	readonly #known = new Map<string, { endpoints: Promise<VisitEndpoints>; atMs: number }>()
	readonly #options: VisitsOptions

	constructor(options: VisitsOptions) {
		this.#options = options
	}

	/** Never rejects. */
	endpoints(clientId: string): Promise<VisitEndpoints> {
		const known = this.#known.get(clientId)
		if (known === undefined) return this.#remember(clientId, this.#ask(clientId))
		if (Date.now() - known.atMs > FRESH_MS) {
			// The old answer serves until the new one is here.
			known.atMs = Date.now()
			this.#ask(clientId).then(
				(endpoints) => this.#remember(clientId, Promise.resolve(endpoints)),
				() => undefined
			)
		}
		return known.endpoints
	}

	forget(): void {
		this.#known.clear()
	}

	#remember(clientId: string, answer: Promise<VisitEndpoints>): Promise<VisitEndpoints> {
		const endpoints = answer.catch(() => {
			this.#known.delete(clientId)
			return this.#options.stored()
		})
		this.#known.set(clientId, { endpoints, atMs: Date.now() })
		const [oldest] = this.#known.keys()
		if (this.#known.size > MAX_VISITS && oldest !== undefined) this.#known.delete(oldest)
		return endpoints
	}

	async #ask(clientId: string): Promise<VisitEndpoints> {
		const tab = await this.#options.tab(clientId)
		if (tab === undefined) throw new Error('no tab to ask')
		const signal = AbortSignal.timeout(ASK_TIMEOUT_MS)
		const reply = await askTab(tab.post, { type: 'endpoints-request', version: BLOCK_PORT_VERSION }, signal)
		if (reply.type !== 'endpoints') throw new Error('the tab did not say')
		return reply.endpoints
	}
}
