import { KuboPlace } from '$lib/catalog/publish/places/kubo-place'
import { PinataPlace } from '$lib/catalog/publish/places/pinata-place'
import { PinningPlace } from '$lib/catalog/publish/places/pinning-place'
import type { Place } from '$lib/catalog/publish/places/place'
import { KuboRpc } from '$lib/p2p/kubo-rpc'
import { Pinata } from '$lib/p2p/pinata'
import { PinningService } from '$lib/p2p/pinning-service'
import { pause } from '$lib/p2p/tus'
import type { StoredPlace } from '$lib/storage/database'

/** What a place is made from; `token` is its key in the clear, empty where there is none. */
export interface PlaceMaking {
	readonly id: string
	readonly kind: StoredPlace['kind']
	readonly label: string
	readonly endpoint: string
	readonly token: string
}

/** @throws AppError `invalid-setting` when the endpoint is none */
export function makePlace({ id, kind, label, endpoint, token }: PlaceMaking): Place {
	switch (kind) {
		case 'pinata':
			return new PinataPlace(pinataAt(endpoint, token), { id, label })
		case 'kubo':
			// A service behind a key keeps nothing that is not pinned; an own node takes parts.
			return new KuboPlace(new KuboRpc(endpoint, undefined, { token }), { id, label, whole: token !== '' })
		case 'pinning':
			return new PinningPlace(new PinningService({ endpoint, token }), { id, label, wait: pause })
	}
}

/** @param endpoint - empty for Pinata itself; one origin in place of both of its own, for a proxy and for tests */
export function pinataAt(endpoint: string, jwt: string): Pinata {
	return new Pinata({ jwt, ...(endpoint !== '' && { uploads: endpoint, api: endpoint }) })
}
