import type { AntiphonDatabase } from './database'

export interface Settings {
	/** https origins of trustless gateways, best first. */
	readonly gateways: readonly string[]
	/** https origins of delegated routers (`/routing/v1`). */
	readonly routers: readonly string[]
	/** Multiaddrs of hubs. */
	readonly hubs: readonly string[]
	/** Allows loopback and private addresses; for own nodes on the same machine or LAN. */
	readonly allowLocal: boolean
	/** Origin of an own Kubo node's RPC, such as `http://127.0.0.1:5001`; empty when there is none. */
	readonly nodeRpc: string
	readonly theme: 'system' | 'light' | 'dark'
	/** BCP 47 tag; empty follows the browser. */
	readonly language: string
	/** Whether bytes are fetched before they are asked for. `auto`: not on a line that costs, nor with data saver on. */
	readonly readAhead: 'auto' | 'always' | 'never'
	/** What peers are given at the most, bytes a second; 0 for nothing, `auto` for what suits the line. */
	readonly uploadLimit: number | 'auto'
	/** Bytes that blocks may take which can be had again; 0: by itself, see `budgetOf`. */
	readonly cacheBytes: number
	/** Bytes that rows and index of what was heard may take; 0: what the browser lets them have. */
	readonly indexBytes: number
	/** Bytes that may be kept offline; 0: by itself, see `keepBudgetOf`. */
	readonly keepBytes: number
	/** Whether own publications say which publications of others are kept from here (`mirrors` of the head). */
	readonly tellMirrors: boolean
}

export const DEFAULT_SETTINGS: Settings = {
	gateways: ['https://trustless-gateway.link', 'https://4everland.io', 'https://ipfs.io', 'https://dweb.link'],
	routers: ['https://delegated-ipfs.dev'],
	hubs: [],
	allowLocal: false,
	nodeRpc: '',
	theme: 'system',
	language: '',
	readAhead: 'auto',
	uploadLimit: 'auto',
	cacheBytes: 0,
	indexBytes: 0,
	keepBytes: 0,
	tellMirrors: false
}

const KEY = 'settings'

/** What the user stored, over the defaults. Unknown and malformed values fall back to the default. */
export async function readSettings(database: AntiphonDatabase): Promise<Settings> {
	const stored: unknown = await database.get('values', KEY)
	return { ...DEFAULT_SETTINGS, ...(typeof stored === 'object' ? (stored as Partial<Settings>) : {}) }
}

/** Stores only what differs from the defaults, so that better defaults reach people who changed nothing. */
export async function writeSettings(database: AntiphonDatabase, settings: Settings): Promise<void> {
	const changed = Object.entries(settings).filter(
		([key, value]) => JSON.stringify(value) !== JSON.stringify(DEFAULT_SETTINGS[key as keyof Settings])
	)
	await database.put('values', Object.fromEntries(changed), KEY)
}

const list = (text: string) =>
	text
		.split(',')
		.map((part) => part.trim())
		.filter((part) => part !== '')

/**
 * What the URL's query says for this visit only: `?hubs=&routers=&gateways=&node=&local=1`. An empty value means none.
 * Never stored.
 */
export function visitSettings(query: string): Partial<Settings> {
	const given = new URLSearchParams(query)
	const visit: { -readonly [K in keyof Settings]?: Settings[K] } = {}
	for (const key of ['hubs', 'routers', 'gateways'] as const) {
		const value = given.get(key)
		if (value !== null) visit[key] = list(value)
	}
	const local = given.get('local')
	if (local !== null) visit.allowLocal = local === '1'
	return visit
}
