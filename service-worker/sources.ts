import { peersThenGateways } from '../src/lib/gateway/block-race'
import type { BlockSource } from '../src/lib/gateway/block-source'
import type { VisitEndpoints } from '../src/lib/gateway/block-port'
import { createGatewaySource } from '../src/lib/gateway/gateway-source'
import type { GatewayStanding } from '../src/lib/gateway/gateway-standing'
import { createTabSource, type TabHandle } from '../src/lib/gateway/tab-source'

const PEERS_TIMEOUT_MS = 20_000
/** With no network the only peers are on this machine or the next, and they answer at once or not at all. */
const PEERS_OFFLINE_TIMEOUT_MS = 3_000

export interface SourcesOptions {
	readonly tabs: () => Promise<readonly TabHandle[]>
	readonly standing: GatewayStanding
	readonly online: () => boolean
	readonly fetch: typeof fetch
}

/** Makes, for the endpoints of a visit, the race of the leading tab's peers and the gateways. */
export function createSources({
	tabs,
	standing,
	online,
	fetch
}: SourcesOptions): (endpoints: VisitEndpoints) => BlockSource {
	const peers = createTabSource({
		tabs,
		timeoutMs: () => (online() ? PEERS_TIMEOUT_MS : PEERS_OFFLINE_TIMEOUT_MS)
	})
	return ({ gateways, allowLocal }) =>
		peersThenGateways(
			peers,
			createGatewaySource({
				gateways: () => gateways,
				allowLocal: () => allowLocal,
				online,
				fetch,
				standing
			})
		)
}
