import type { AntiphonDatabase } from '$lib/storage/database'
import { DEFAULT_SETTINGS, readSettings, visitSettings, writeSettings, type Settings } from '$lib/storage/settings'

/** Where the tabs of one browser tell each other that what is stored has changed. */
export const SETTINGS_CHANNEL = 'antiphon-settings'

/**
 * What the user chose, and what the address of the page asks for during this visit. The second never reaches the
 * database. Changes are stored at once and followed by the other tabs.
 */
export class SettingsState {
	#stored = $state.raw<Settings>(DEFAULT_SETTINGS)
	#failure = $state.raw<unknown>()
	readonly #visit: Partial<Settings>
	readonly #database: AntiphonDatabase
	#writes: Promise<void> = Promise.resolve()
	#channel: BroadcastChannel | undefined

	/** @param visitQuery - the query of the page's URL, such as `?hubs=&local=1` */
	constructor(database: AntiphonDatabase, visitQuery: string) {
		this.#database = database
		this.#visit = visitSettings(visitQuery)
	}

	/** Reads what is stored, and from then on follows other tabs. */
	async open(): Promise<void> {
		this.#channel = new BroadcastChannel(SETTINGS_CHANNEL)
		this.#channel.onmessage = () => {
			void this.#read()
		}
		await this.#read()
	}

	/** What is stored, over the defaults. */
	get stored(): Settings {
		return this.#stored
	}

	/** What holds now: what is stored, under what this visit asks for. */
	get effective(): Settings {
		return { ...this.#stored, ...this.#visit }
	}

	/** What the address of the page asks for, for this visit only. */
	get visit(): Partial<Settings> {
		return this.#visit
	}

	/** Why the last change could not be stored. It holds all the same until the page is closed. */
	get failure(): unknown {
		return this.#failure
	}

	/** Holds at once; resolves when stored, also when storing failed (see {@link failure}). */
	update(patch: Partial<Settings>): Promise<void> {
		this.#stored = { ...this.#stored, ...patch }
		this.#writes = this.#writes.then(() => this.#write(patch))
		return this.#writes
	}

	/** Gives these settings, or all of them, their defaults again. Returns what was there, for Undo. */
	reset(...keys: readonly (keyof Settings)[]): Partial<Settings> {
		const which = keys.length > 0 ? keys : (Object.keys(DEFAULT_SETTINGS) as (keyof Settings)[])
		const before = Object.fromEntries(which.map((key) => [key, this.#stored[key]]))
		void this.update(Object.fromEntries(which.map((key) => [key, DEFAULT_SETTINGS[key]])))
		return before
	}

	dispose(): void {
		this.#channel?.close()
		this.#channel = undefined
	}

	async #read(): Promise<void> {
		this.#stored = await readSettings(this.#database)
	}

	async #write(patch: Partial<Settings>): Promise<void> {
		try {
			// Over what is stored by now, not over what this tab last read: another tab may have changed something else.
			await writeSettings(this.#database, { ...(await readSettings(this.#database)), ...patch })
			this.#failure = undefined
			this.#channel?.postMessage('changed')
		} catch (error) {
			this.#failure = error
		}
	}
}
