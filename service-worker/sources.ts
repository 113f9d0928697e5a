import { peersThenGateways } from '../src/lib/gateway/block-race'
import type { VisitEndpoints } from '../src/lib/gateway/block-port'
import { createGatewaySource } from '../src/lib/gateway/gateway-source'
import type { GatewayStanding } from '../src/lib/gateway/gateway-standing'
import { usableGateway } from '../src/lib/gateway/local-origin'
import { countedPeers, type PeerStanding } from '../src/lib/gateway/peer-standing'
import { createTabSource, type TabHandle } from '../src/lib/gateway/tab-source'
import type { VisitSources } from './content'

const PEERS_TIMEOUT_MS = 20_000
/** With no network the only peers are on this machine or the next, and they answer at once or not at all. */
const PEERS_OFFLINE_TIMEOUT_MS = 3_000

export interface SourcesOptions {
	readonly tabs: () => Promise<readonly TabHandle[]>
	readonly standing: GatewayStanding
	readonly peerStanding: PeerStanding
	readonly online: () => boolean
	readonly fetch: typeof fetch
}

/** Makes, for the endpoints of a visit, its sources: the leading tab's peers and the gateways, raced for single blocks. */
export function createSources({
	tabs,
	standing,
	peerStanding,
	online,
	fetch
}: SourcesOptions): (endpoints: VisitEndpoints) => VisitSources {
	const tabSource = createTabSource({
		tabs,
		timeoutMs: () => (online() ? PEERS_TIMEOUT_MS : PEERS_OFFLINE_TIMEOUT_MS)
	})
	const peers = countedPeers(tabSource, peerStanding)
	return ({ gateways, allowLocal }) => ({
		blocks: peersThenGateways(
			peers,
			createGatewaySource({
				gateways: () => gateways,
				allowLocal: () => allowLocal,
				online,
				fetch,
				standing
			})
		),
		files: {
			peers,
			gateways: () =>
				gateways
					.map((gateway) => usableGateway(gateway, allowLocal, online()))
					.filter((gateway) => gateway !== undefined)
		}
	})
}
