import { GatewayStanding, parseStandings } from '../src/lib/gateway/gateway-standing'
import type { AntiphonDatabase } from '../src/lib/storage/database'

const KEY = 'gateway-standing'
const SAVE_AFTER_MS = 10_000

/** A standing that remembers over restarts of the worker. What cannot be read or stored is only not remembered. */
export class StoredStandings {
	readonly standing = new GatewayStanding()
	readonly #database: () => Promise<AntiphonDatabase>
	#timer: ReturnType<typeof setTimeout> | undefined

	constructor(database: () => Promise<AntiphonDatabase>) {
		this.#database = database
		this.standing.onchange = () => {
			if (this.#timer === undefined) this.#timer = setTimeout(() => void this.#save(), SAVE_AFTER_MS)
		}
	}

	async load(): Promise<void> {
		try {
			this.standing.restore(parseStandings(await (await this.#database()).get('values', KEY)))
		} catch {
			// Starting from nothing is fine.
		}
	}

	async #save(): Promise<void> {
		this.#timer = undefined
		try {
			await (await this.#database()).put('values', this.standing.entries(), KEY)
		} catch {
			// The next change tries again.
		}
	}
}
