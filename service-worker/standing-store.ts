import { GatewayStanding, parseStandings } from '../src/lib/gateway/gateway-standing'
import { PeerStanding } from '../src/lib/gateway/peer-standing'
import type { AntiphonDatabase } from '../src/lib/storage/database'

const KEY = 'gateway-standing'
const PEERS_KEY = 'peer-standing'
const SAVE_AFTER_MS = 10_000

/** The standing of gateways and peers, which remembers over restarts of the worker. What cannot be read or stored is only not remembered. */
export class StoredStandings {
	readonly standing = new GatewayStanding()
	readonly peerStanding = new PeerStanding()
	readonly #database: () => Promise<AntiphonDatabase>
	#timer: ReturnType<typeof setTimeout> | undefined

	constructor(database: () => Promise<AntiphonDatabase>) {
		this.#database = database
		this.standing.onchange = this.peerStanding.onchange = () => {
			if (this.#timer === undefined) this.#timer = setTimeout(() => void this.#save(), SAVE_AFTER_MS)
		}
	}

	async load(): Promise<void> {
		try {
			const database = await this.#database()
			const [gateways, peers] = await Promise.all([database.get('values', KEY), database.get('values', PEERS_KEY)])
			this.standing.restore(parseStandings(gateways))
			this.peerStanding.restore(peers)
		} catch {
			// Starting from nothing is fine.
		}
	}

	async #save(): Promise<void> {
		this.#timer = undefined
		try {
			const database = await this.#database()
			await database.put('values', this.standing.entries(), KEY)
			await database.put('values', this.peerStanding.stored, PEERS_KEY)
		} catch {
			// The next change tries again.
		}
	}
}
