import { CID } from 'multiformats/cid'
import type { Catalog } from '$lib/catalog/catalog'
import { AppError } from '$lib/errors'
import { openCatalog } from '$lib/catalog/index/catalog-client'
import type { Intake } from '$lib/catalog/intake'
import { STARTER_ANNOUNCEMENT, STARTER_NAME, STARTER_ROOT } from '$lib/catalog/starter'
import { installStarter } from '$lib/catalog/starter-collection'
import { usableGateway } from '$lib/gateway/local-origin'
import { peersThenGateways } from '$lib/gateway/block-race'
import type { BlockSource } from '$lib/gateway/block-source'
import { createGatewaySource } from '$lib/gateway/gateway-source'
import { GatewayStanding } from '$lib/gateway/gateway-standing'
import { serveWorker } from '$lib/gateway/tab-port'
import { createWorkerSource } from '$lib/gateway/worker-source'
import type { IpnsRecord } from '$lib/p2p/ipns-record'
import { LeaderTab } from '$lib/p2p/leader-tab'
import type { NetworkStatus, Peer } from '$lib/p2p/peer'
import { uploadBytesPerSecond, type LineFacts } from '$lib/p2p/upload-limit'
import type { BlockStore, StoreTotals } from '$lib/storage/blockstore'
import { openAntiphonDatabase, type AntiphonDatabase } from '$lib/storage/database'
import { LibraryState } from './library.svelte'
import { STARTER_REMOVED } from './publishers.svelte'
import { SettingsState } from './settings.svelte'
import { WorkerControl } from './worker-control.svelte'

/** Label under which the starter collection is pinned. */
const STARTER_PIN = 'starter'

/** How far the app has come since the page was opened. `no-worker`: search answers, and nothing can be played. */
export type Opening = 'opening' | 'ready' | 'no-worker' | 'failed'

/**
 * The composition root: builds the layers once for this tab, and ends them with it. The peer's code is loaded only when
 * this tab leads, after the first paint.
 */
export class App {
	readonly database: AntiphonDatabase
	readonly catalog: Catalog
	readonly settings: SettingsState
	/** What the user keeps, and whom they do not want to hear. */
	readonly library: LibraryState
	readonly worker: WorkerControl
	readonly leader: LeaderTab
	readonly #base: string
	readonly #ending = new AbortController()
	readonly #ends: (() => void)[] = []
	#blocks: Promise<BlockStore> | undefined
	#intake: Intake | undefined
	#search = $state<'opening' | 'ready' | 'failed'>('opening')
	#failure = $state.raw<unknown>()

	private constructor(database: AntiphonDatabase, settings: SettingsState, base: string) {
		this.database = database
		this.settings = settings
		this.library = new LibraryState(database)
		this.#base = base
		this.catalog = openCatalog()
		this.worker = new WorkerControl()
		this.leader = this.#lead()
		this.#ends.push(
			this.#followSettings(),
			this.#followBlocked(),
			serveWorker({
				endpoints: () => {
					const { gateways, allowLocal } = settings.effective
					return { gateways, allowLocal }
				},
				getBlock: async (cid, options) => {
					const peer = await (this.leader.role === 'leader' ? this.leader.peer : undefined)
					return await (peer ?? NO_PEER).get(cid, options)
				}
			})
		)
	}

	/**
	 * Opens what must be there before anything can be shown. The rest comes in by itself: see {@link opening}.
	 * @param location - of the page; its query may set endpoints for this visit
	 */
	static async open(location: { readonly search: string }, base: string): Promise<App> {
		const database = await openAntiphonDatabase()
		const settings = new SettingsState(database, location.search)
		await settings.open()
		const app = new App(database, settings, base)
		await app.library.open()
		void app.#begin()
		return app
	}

	/** `ready` once the worker controls the page and search answers. */
	get opening(): Opening {
		if (this.#search !== 'ready' || this.worker.controlling) return this.#search
		return this.worker.state === 'starting' ? 'opening' : 'no-worker'
	}

	/** Why search does not answer, or the starter collection could not be added. */
	get failure(): unknown {
		return this.#failure
	}

	/** The block store that the peer, the worker and publishing share; opened at first use. */
	blockstore(): Promise<BlockStore> {
		this.#blocks ??= import('$lib/storage/blockstore')
			.then(({ openBlockstore }) => openBlockstore())
			.catch((error: unknown) => {
				this.#blocks = undefined
				throw error
			})
		return this.#blocks
	}

	/** What the block store holds. @throws what opening and reading it throws */
	async storageTotals(): Promise<StoreTotals> {
		return await (await this.blockstore()).totals(this.#ending.signal)
	}

	/**
	 * Throws away blocks that can be had again. What is published from here, what is kept offline, the starter collection
	 * and what is in use stay.
	 * @param alsoKeep - CIDs of what is being kept or published just now
	 */
	async freeStorage(alsoKeep: readonly string[] = []): Promise<{ readonly freedBytes: number }> {
		const blockstore = await this.blockstore()
		await this.#pinStarter()
		const releases = alsoKeep.map((cid) => blockstore.hold(cid))
		try {
			return await blockstore.evict({ budgetBytes: 0, signal: this.#ending.signal })
		} finally {
			for (const release of releases) release()
		}
	}

	/** The newest record of a name that is held here or that routers and gateways have; its signature was checked. */
	async findRecord(name: string, signal: AbortSignal): Promise<IpnsRecord | undefined> {
		const [{ findRecord }, { newestRecord, parseRecord }, { decodeAnnouncement }] = await Promise.all([
			import('$lib/p2p/ipns-routing'),
			import('$lib/p2p/ipns-record'),
			import('$lib/p2p/announce')
		])
		const { routers } = this.settings.effective
		const [held, found] = await Promise.all([
			this.database.get('announcements', name),
			findRecord(name, { routers, gateways: this.#usableGateways(), signal })
		])
		const announced = held?.bytes ?? (name === STARTER_NAME ? await this.#starterAnnouncement(signal) : undefined)
		return newestRecord([announced && (await parseRecord(name, decodeAnnouncement(announced).record)), found])
	}

	/** That of the collection which came with the app; nobody else need have it. */
	async #starterAnnouncement(signal: AbortSignal): Promise<Uint8Array> {
		const response = await fetch(new URL(STARTER_ANNOUNCEMENT, this.#base), { signal })
		return new Uint8Array(await response.arrayBuffer())
	}

	#usableGateways(): readonly string[] {
		const { gateways, allowLocal } = this.settings.effective
		return gateways.flatMap((gateway) => usableGateway(gateway, allowLocal, navigator.onLine) ?? [])
	}

	/** Puts the collection that ships with the app into the index, unless it is there or was removed. */
	async addStarter(): Promise<void> {
		const removed = (await this.database.get('values', STARTER_REMOVED)) === true
		await installStarter({
			catalog: this.catalog,
			blockstore: () => this.blockstore(),
			base: this.#base,
			signal: this.#ending.signal,
			removed
		})
		// Nothing on the screen waits for it, and a store that does not open is told of where it matters.
		this.#pinStarter().catch(() => undefined)
	}

	/** What ships with the app stays here, unless it was removed. */
	async #pinStarter(): Promise<void> {
		const [blockstore, removed] = await Promise.all([
			this.blockstore(),
			this.database.get('values', STARTER_REMOVED)
		])
		if (removed === true) await blockstore.unpin(STARTER_PIN)
		else await blockstore.pin(STARTER_PIN, [CID.parse(STARTER_ROOT)])
	}

	dispose(): void {
		this.#ending.abort()
		for (const end of this.#ends) end()
		this.#intake?.dispose()
		this.leader.dispose()
		this.worker.dispose()
		this.settings.dispose()
		this.library.dispose()
		this.catalog.dispose()
		this.database.close()
	}

	async #begin(): Promise<void> {
		try {
			const worker = this.worker.start()
			await this.catalog.open()
			await this.addStarter().catch((error: unknown) => {
				this.#failure = error
			})
			await worker
			this.#search = 'ready'
		} catch (error) {
			this.#failure = error
			this.#search = 'failed'
		}
	}

	/** Hands on changed endpoints. Hubs are not among them: the state of the network tells the peer of each. */
	#followSettings(): () => void {
		const { settings } = this
		return $effect.root(() => {
			const asked = $derived.by(() => {
				const { gateways, allowLocal } = settings.effective
				return JSON.stringify([gateways, allowLocal])
			})
			const peered = $derived.by(() => {
				const { routers, allowLocal } = settings.effective
				return JSON.stringify([routers.toSorted(), allowLocal])
			})
			const given = $derived(settings.effective.uploadLimit)
			let [askedBefore, peeredBefore] = [asked, peered]
			$effect(() => {
				const limit = uploadBytesPerSecond(given, lineFacts())
				void this.leader.peer?.then((peer) => {
					peer.setUploadLimit(limit)
				}, NOTHING)
			})
			$effect(() => {
				if (asked === askedBefore) return
				askedBefore = asked
				this.worker.endpointsChanged()
			})
			$effect(() => {
				if (peered === peeredBefore) return
				peeredBefore = peered
				this.leader.restart()
			})
		})
	}

	/** Who is no longer blocked is read again from what was heard of them last. */
	#followBlocked(): () => void {
		return $effect.root(() => {
			let before: readonly string[] = []
			$effect(() => {
				const now = this.library.blocked.map(({ name }) => name)
				for (const name of before) if (!now.includes(name)) void this.#readAgain(name)
				before = now
			})
		})
	}

	async #readAgain(name: string): Promise<void> {
		const heard = await this.database.get('announcements', name)
		if (heard) this.#intake?.take(heard)
	}

	#lead(): LeaderTab {
		const { settings } = this
		const standing = new GatewayStanding()
		const gateways = createGatewaySource({
			gateways: () => settings.effective.gateways,
			allowLocal: () => settings.effective.allowLocal,
			online: () => navigator.onLine,
			fetch: globalThis.fetch.bind(globalThis),
			standing
		})
		const worker = createWorkerSource(this.#base)
		return new LeaderTab({
			startPeer: async ({ onstatus }) => await this.#startPeer(onstatus),
			follower: { get: (cid, options) => (this.worker.controlling ? worker : gateways).get(cid, options) },
			racing: (peer) => peersThenGateways(peer, gateways),
			onfailed: (error) => {
				this.#failure = error
			}
		})
	}

	/** Runs in the leading tab alone: the peer, and the intake of what it hears. */
	async #startPeer(onstatus: (status: NetworkStatus) => void): Promise<Peer> {
		const { settings, catalog, database } = this
		const [{ createPeer }, { Intake }, blockstore] = await Promise.all([
			import('$lib/p2p/peer-node'),
			import('$lib/catalog/intake'),
			this.blockstore()
		])
		const source: BlockSource = { get: (cid, options) => this.leader.get(cid, options) }
		const isBlocked = (name: string) => this.library.isBlocked(name)
		this.#intake?.dispose()
		const intake = new Intake({ catalog, database, source, isBlocked })
		this.#intake = intake
		const { hubs, routers, allowLocal, uploadLimit } = settings.effective
		const peer = await createPeer({
			blockstore,
			database,
			hubs,
			routers,
			gateways: () => this.#usableGateways(),
			allowLocal,
			blocked: isBlocked,
			uploadLimit: uploadBytesPerSecond(uploadLimit, lineFacts()),
			events: {
				onstatus,
				onannouncement: (announcement) => {
					intake.take(announcement)
				}
			}
		})
		try {
			await catalog.open()
			await intake.start()
		} catch (error) {
			// The next call starts another: this one must not run on beside it.
			await peer.stop()
			throw error
		}
		return peer
	}
}

const NOTHING = () => undefined

const lineFacts = () => (navigator as { connection?: LineFacts }).connection

/** What answers for a tab that does not lead. */
const NO_PEER: BlockSource = {
	get: () => Promise.reject(new AppError('no-leader', 'this tab does not hold the peer'))
}
