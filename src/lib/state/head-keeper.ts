import type { Leader } from '$lib/p2p/leader'
import { leadWhenFirst } from '$lib/storage/tab-lock'
import type { Vault } from '$lib/storage/vault'
import type { PlacesState } from './places.svelte'
import type { PublicationsState } from './publications.svelte'
import type { SettingsState } from './settings.svelte'

const FIRST_MS = 60_000
const EVERY_MS = 30 * 60_000
const ROUND_MS = 10 * 60_000
const PUTS = 'record-puts'

export interface HeadKeeperInit {
	readonly vault: Vault
	readonly leader: Pick<Leader, 'publish'>
	readonly settings: SettingsState
	readonly places: PlacesState
	readonly publications: PublicationsState
}

/**
 * While any tab is open, one of them keeps signed heads alive and looks daily at where publications live.
 * @returns what ends it
 */
export function keepHeads(init: HeadKeeperInit): () => void {
	const ending = new AbortController()
	let timer: ReturnType<typeof setTimeout> | undefined
	const round = async () => {
		const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(ROUND_MS)])
		// Offline nothing can be put, and looking would only note that nobody answers.
		if (navigator.onLine) {
			await keepOnce(init, signal).catch(() => undefined)
			await init.publications.look().catch(() => undefined)
		}
		if (!ending.signal.aborted) timer = setTimeout(() => void round(), EVERY_MS)
	}
	const release = leadWhenFirst('antiphon-upkeep', () => {
		timer = setTimeout(() => void round(), FIRST_MS)
	})
	return () => {
		ending.abort()
		clearTimeout(timer)
		release()
	}
}

/** One round over all names. */
export async function keepOnce(init: Omit<HeadKeeperInit, 'publications'>, signal: AbortSignal) {
	const { vault, leader, settings, places } = init
	const { database } = vault
	const [{ HeadUpkeep }, { putEverywhere }, { decodeAnnouncement }, records, routing, { privateKeyOf }] =
		await Promise.all([
			import('$lib/catalog/publish/head-upkeep'),
			import('$lib/catalog/publish/put-everywhere'),
			import('$lib/p2p/announce'),
			import('$lib/p2p/ipns-record'),
			import('$lib/p2p/ipns-routing'),
			import('$lib/p2p/identity')
		])
	await Promise.all([vault.open(), places.open()])
	const { routers } = settings.effective
	const nodes = places.places.filter(({ kind }) => kind === 'kubo').map(({ id }) => id)
	return await new HeadUpkeep({
		own: async () => await database.getAllKeys('keys'),
		async followed() {
			const stored: unknown = await database.get('library', 'followed')
			return Array.isArray(stored) ? stored.filter((name) => typeof name === 'string') : []
		},
		async held(name) {
			const held = await database.get('announcements', name)
			return held && records.readRecord(name, decodeAnnouncement(held.bytes).record)
		},
		network: async (name, within) => (await routing.resolveName(routers, name, { signal: within })).record,
		async sign(name, value, sequence) {
			return await records.signRecord(await privateKeyOf(vault, name), value, sequence)
		},
		put: async (name, record, within) =>
			await putEverywhere({
				name,
				record,
				// A node of one's own keeps the names of those one follows as well.
				places: await places.ready(nodes).catch(() => []),
				routers,
				putRecord: async (origin, of, bytes, deadline) => {
					const [outcome] = await routing.putRecord([origin], of, bytes, { signal: deadline })
					if (outcome?.error !== undefined) throw outcome.error as Error
				},
				signal: within
			}),
		announce: (name, record, within) => leader.publish(name, record, within),
		readPuts: async () => Object(await database.get('values', PUTS)) as Record<string, number>,
		writePuts: async (puts) => {
			await database.put('values', puts, PUTS)
		}
	}).run(signal)
}
