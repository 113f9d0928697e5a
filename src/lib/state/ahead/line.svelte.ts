import type { Settings } from '$lib/storage/settings'

/** What browsers tell of the line; Chromium alone, and the type of line on phones alone. */
export interface ConnectionInfo extends EventTarget {
	readonly saveData?: boolean
	readonly type?: string
	readonly effectiveType?: string
}

/** Whether the line costs, as far as the browser tells. */
export class LineState {
	#metered = $state(false)
	#online = $state(true)
	readonly #connection: ConnectionInfo | undefined
	readonly #ended = new AbortController()

	constructor(connection: ConnectionInfo | undefined = (navigator as { connection?: ConnectionInfo }).connection) {
		this.#connection = connection
	}

	/** @param onchange - called when it is another line */
	open(onchange: () => void = () => undefined): void {
		const read = () => {
			const { saveData, type, effectiveType = '' } = this.#connection ?? {}
			this.#metered = saveData === true || type === 'cellular' || effectiveType.endsWith('2g')
			this.#online = navigator.onLine
		}
		const { signal } = this.#ended
		const changed = () => {
			read()
			onchange()
		}
		this.#connection?.addEventListener('change', changed, { signal })
		for (const name of ['online', 'offline']) addEventListener(name, changed, { signal })
		read()
	}

	/** Data saver is on, or the line is a mobile one. */
	get metered(): boolean {
		return this.#metered
	}

	/** Whether anything may be fetched that nobody asked for. */
	allows(setting: Settings['readAhead']): boolean {
		return this.#online && setting !== 'never' && (setting === 'always' || !this.#metered)
	}

	dispose(): void {
		this.#ended.abort()
	}
}
