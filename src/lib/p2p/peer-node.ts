import { withLibp2pLight, type HeliaWithLibp2p } from '@helia/libp2p'
import { generateKeyPair } from '@libp2p/crypto/keys'
import type { MeshPeer } from '@libp2p/gossipsub'
import type { Connection, IdentifyResult, Libp2p, PeerId } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr, type Multiaddr } from '@multiformats/multiaddr'
import type { IDBDatastore } from 'datastore-idb'
import { createHeliaLight } from 'helia'
import type { Blockstore } from 'interface-blockstore'
import type { CID } from 'multiformats/cid'
import { sha512 } from 'multiformats/hashes/sha2'
import { AppError, isAbort } from '../errors'
import type { BlockRequestOptions } from '../gateway/block-source'
import type { AntiphonDatabase } from '../storage/database'
import { openDatastore } from '../storage/datastore'
import { AnnouncementBook, encodeAnnouncement, MAX_HINTS, type Judgement } from './announce'
import { AnnounceTopic } from './announce-topic'
import { Bitswap } from './bitswap'
import { BitswapBroker, type RetrievalOptions } from './bitswap-broker'
import { BITSWAP_PROTOCOL } from './bitswap-link'
import { isLocalText } from './connection-gater'
import { findProviders } from './delegated-routing'
import { FailedHints } from './failed-hints'
import type { Haves } from './haves-message'
import { askHaves, HAVES_PROTOCOL, serveHaves, type OwnHaves } from './haves-stream'
import { heldParts } from './held-parts'
import { Hubs } from './hubs'
import { libp2pConfig, prefersWebSockets, type Services } from './libp2p-config'
import type { Announcement, NetworkStatus, Peer, PeerEvents, PeerRow, Verdict } from './peer'
import { findRecord } from './ipns-routing'
import { QueryAnswers } from './query-answers'
import { QueryTopic } from './query-topic'
import { readBlock } from '../storage/read-block'
import { Swarm, type SwarmNetwork } from './swarm'
import { answerPage, askSync, serveSync, SYNC_PROTOCOL } from './sync'
import { TokenBucket } from './token-bucket'
import { ANNOUNCE_TOPIC, QUERY_TOPIC, RENDEZVOUS_CID } from './topics'
import { Traffic } from './traffic'
import { transportOf } from './transport-of'

export interface PeerOptions {
	/** Where blocks are kept and served from; shared with the service worker. */
	readonly blockstore: Blockstore
	/** `announcements` and `keys` of it are used. */
	readonly database: AntiphonDatabase
	/** Name of the IndexedDB database of Helia and libp2p; two peers may not share one. */
	readonly datastore?: string
	/** Multiaddrs of hubs. */
	readonly hubs: readonly string[]
	/** Origins of delegated routers. */
	readonly routers: readonly string[]
	/** Origins of gateways that may be asked for the record of a name; none by default. */
	readonly gateways?: () => readonly string[]
	/** Allows loopback and private addresses and plain WebSockets. */
	readonly allowLocal: boolean
	readonly events: PeerEvents
	/** True for names that the user blocked: their announcements are ignored. */
	readonly blocked?: (name: string) => boolean
	/** Bytes a second that go out to peers at the most; see {@link Peer.setUploadLimit}. No limit when absent. */
	readonly uploadLimit?: number
	/** For direct connections between tabs; the browser's libp2p default STUN servers when absent. */
	readonly iceServers?: readonly RTCIceServer[]
}

/** Hints of a block that are dialled, and how long each may take. */
const MAX_HINT_DIALS = 4
const HINT_DIAL_TIMEOUT_MS = 12_000
/**
 * One in five dials between tabs never ends: @libp2p/webrtc 6.0.33 waits for a channel to open that the other side has
 * closed by then (`initiateConnection`, the channel `init`). So it is tried once more after each of these times.
 */
const WEBRTC_TRIES_MS = [2_500, 3_500]
const WEBRTC_PAUSE_MS = 50
/** How long a relayed connection to a peer that plays the same is kept for signalling; to others it is closed at once. */
const RELAYED_MS = 15_000
/** Routers asked for providers of what plays, and providers dialled. */
const MAX_PROVIDER_ROUTERS = 2
const MAX_PROVIDER_DIALS = 4
/** After this a connected peer counts as one that speaks no Bitswap, until it says otherwise. */
const IDENTIFY_TIMEOUT_MS = 5_000
const STATUS_INTERVAL_MS = 1_000
const PING_INTERVAL_MS = 30_000
const PING_TIMEOUT_MS = 10_000
/** A peer is asked for all it holds once in this time. */
const SYNC_INTERVAL_MS = 10 * 60_000
const MAX_SYNCS = 2
/** Announcements that a peer sent by sync and that were rejected, before it is left. */
const MAX_BAD_IN_SYNC = 20
/** The topic is greeted (own announcements, a query for all) at most once in this time, but at once by who was alone. */
const GREET_INTERVAL_MS = 60_000
/** Lets the graft reach the other side, and others that come with it. */
const GREET_DELAY_MS = 300
const MAX_GREETED = 1000
/** Names of one query that are looked up at routers and gateways too. */
const MAX_LOOK_UPS = 4
const LOOK_UP_TIMEOUT_MS = 20_000
/** A name that has ended stays in the database for so long, as *gone quiet* (protocol section 1). */
const QUIET_MS = 48 * 60 * 60_000

/**
 * Starts the peer of this profile: connects to hubs, subscribes to both topics, serves its blocks.
 * It resolves when it can be used, before anything is connected.
 */
export async function createPeer(options: PeerOptions): Promise<Peer> {
	const datastore = await openDatastore(options.datastore)
	try {
		const config = libp2pConfig({
			allowLocal: options.allowLocal,
			webTransport: !prefersWebSockets(navigator.userAgent),
			...(options.iceServers ? { iceServers: options.iceServers } : {})
		})
		// without a key given, one would be made, kept in the data store and used again
		const privateKey = await generateKeyPair('Ed25519')
		const { blockstore } = options
		const light = createHeliaLight({ blockstore, datastore, hashers: [sha512] })
		const helia = withLibp2pLight(light, { ...config, privateKey })
		// makes libp2p, which connects to nobody yet: it knows no peer
		await helia.start()
		const peer = new PeerNode(helia, datastore, options)
		try {
			await peer.start()
		} catch (error) {
			await peer.stop()
			throw error
		}
		return peer
	} catch (error) {
		await datastore.close()
		throw error
	}
}

class PeerNode implements Peer {
	readonly #helia: HeliaWithLibp2p<Services>
	readonly #datastore: IDBDatastore
	readonly #libp2p: Libp2p<Services>
	readonly #options: PeerOptions
	readonly #bitswap: Bitswap
	readonly #book: AnnouncementBook
	readonly #announce: AnnounceTopic
	readonly #queries: QueryTopic
	readonly #hubs: Hubs
	readonly #swarm: Swarm
	readonly #traffic = new Traffic()
	readonly #stopping = new AbortController()
	readonly #startedMs = Date.now()
	readonly #pings = new Map<string, number>()
	readonly #agents = new Map<string, string>()
	readonly #speaksBitswap = new Set<string>()
	readonly #speaksHaves = new Set<string>()
	/** Peers that are connected and have not said yet what they speak. */
	readonly #identifying = new Map<string, { readonly promise: Promise<void>; readonly settle: () => void }>()
	readonly #failedHints = new FailedHints()
	/** Names that a sync goes by, made anew after each acceptance. */
	#names: readonly string[] | undefined
	readonly #synced = new Map<string, number>()
	#syncs = 0
	readonly #syncRate = new TokenBucket(200, 5)
	#heard = 0
	#refused = 0
	#asked = 0
	#answered = 0
	#greetedMs = -Infinity
	readonly #greeted = new Set<string>()
	#greetTimer: ReturnType<typeof setTimeout> | undefined
	#statusTimer: ReturnType<typeof setTimeout> | undefined
	#statusMs = 0
	#pingTimer: ReturnType<typeof setInterval> | undefined

	constructor(helia: HeliaWithLibp2p<Services>, datastore: IDBDatastore, options: PeerOptions) {
		const { libp2p } = helia
		this.#helia = helia
		this.#datastore = datastore
		this.#libp2p = libp2p
		this.#options = options
		this.#bitswap = new Bitswap({
			libp2p,
			blockstore: options.blockstore,
			...(options.uploadLimit !== undefined ? { uploadLimit: options.uploadLimit } : {}),
			onblocks: (peer, direction, bytes, blocks) => {
				this.#traffic.count(peer, direction, bytes, blocks)
				this.#touch()
			}
		})
		helia.addBlockBroker(new BitswapBroker(this.#bitswap, this.#stopping.signal))
		this.#book = new AnnouncementBook(options.blocked ? { blocked: options.blocked } : {})
		const { pubsub } = libp2p.services
		this.#announce = new AnnounceTopic({
			pubsub,
			book: this.#book,
			hints: () => this.#ownHints(),
			onjudged: (judgement) => {
				this.#judged(judgement)
			},
			onheard: this.#onheard
		})
		const answers = new QueryAnswers({
			names: () => this.#sortedNames(),
			holds: (name) => this.#book.get(name) !== undefined,
			own: (name) => this.#announce.isOwn(name),
			answer: (name) => {
				this.#answered++
				void this.#announce.say(name).catch(() => undefined)
				this.#touch()
			}
		})
		this.#answers = answers
		this.#queries = new QueryTopic(pubsub, answers, (author, via) => {
			this.#asked++
			this.#onheard(author, via)
			this.#touch()
		})
		this.#swarm = new Swarm({ network: this.#swarmNetwork() })
		this.#hubs = new Hubs({
			routers: options.routers,
			network: {
				dial: (addresses, signal) => this.#dialHub(addresses, signal),
				connection: (peerId) => this.#hubConnection(peerId),
				find: async (router, signal) =>
					(await findProviders(router, RENDEZVOUS_CID, { signal })).map(({ peerId, addresses }) =>
						addresses.filter((address) => this.#mayDial(address)).map((address) => withPeer(address, peerId))
					)
			},
			onchange: () => {
				this.#touch()
			}
		})
	}

	readonly #answers: QueryAnswers

	async start(): Promise<void> {
		await this.#restore()
		const { pubsub } = this.#libp2p.services
		this.#libp2p.addEventListener('peer:connect', this.#onconnections)
		this.#libp2p.addEventListener('peer:disconnect', this.#onconnections)
		this.#libp2p.addEventListener('connection:open', this.#onconnection)
		this.#libp2p.addEventListener('connection:close', this.#onconnections)
		this.#libp2p.addEventListener('self:peer:update', this.#onconnections)
		this.#libp2p.addEventListener('peer:identify', this.#onidentify)
		pubsub.addEventListener('subscription-change', this.#onsubscription)
		pubsub.addEventListener('gossipsub:graft', this.#ongraft)
		await this.#bitswap.start()
		await this.#libp2p.handle(
			SYNC_PROTOCOL,
			(stream, connection) => {
				const answer = (request: { after: string; limit: number }) =>
					answerPage(request, this.#sortedNames(), (name) => this.#book.get(name)?.bytes)
				void serveSync(stream, connection.remotePeer.toString(), answer, this.#syncRate, this.#stopping.signal)
			},
			{ maxInboundStreams: 1, maxOutboundStreams: 1 }
		)
		await this.#libp2p.handle(
			HAVES_PROTOCOL,
			(stream, connection) => {
				const from = connection.remotePeer.toString()
				void serveHaves(stream, (request) => this.#swarm.answer(from, request), this.#stopping.signal)
			},
			{ maxInboundStreams: 2, maxOutboundStreams: 2, runOnLimitedConnection: true }
		)
		this.#announce.start()
		this.#queries.start()
		for (const name of await this.#options.database.getAllKeys('keys')) this.#announce.resume(name)
		for (const hub of this.#options.hubs) this.#hubs.add([hub], 'configured')
		this.#hubs.start()
		this.#pingTimer = setInterval(() => {
			void this.#pingAll()
		}, PING_INTERVAL_MS)
		this.#touch()
	}

	async stop(): Promise<void> {
		this.#stopping.abort(new DOMException('the peer stopped', 'AbortError'))
		clearInterval(this.#pingTimer)
		clearTimeout(this.#statusTimer)
		clearTimeout(this.#greetTimer)
		this.#hubs.stop()
		this.#swarm.stop()
		if (this.#libp2p.status === 'started') {
			this.#queries.stop()
			this.#announce.stop()
			await this.#bitswap.stop()
		}
		await this.#helia.stop()
		await this.#datastore.close()
	}

	async get(cid: CID, { signal, hints = [], file, watch }: BlockRequestOptions): Promise<Uint8Array> {
		signal.throwIfAborted()
		if (cid.multihash.code === 0) return cid.multihash.digest
		// nobody waits until a block is kept, and a full store must not keep the sound from playing
		const came = Promise.withResolvers<Uint8Array>()
		const options: RetrievalOptions = {
			signal,
			...(file ? { file, group: file.toString() } : {}),
			...(watch ? { watch } : {}),
			hopes: () => {
				const identifying = [...this.#identifying.values()].map(({ promise }) => promise)
				const swarm = file ? this.#swarm.play(file) : []
				return [...this.#dialHints(hints, signal), ...this.#hubs.dials, ...identifying, ...swarm]
			},
			onretrieved: (bytes, from) => {
				watch?.received('peer', from, bytes.byteLength)
				came.resolve(bytes)
			}
		}
		const kept = readBlock(this.#helia.blockstore, cid, options).then((bytes) => ({ bytes }))
		kept.catch(() => undefined)
		try {
			const first = await Promise.race([came.promise, kept])
			if (first instanceof Uint8Array) return first
			watch?.received('local', 'local', first.bytes.byteLength)
			return first.bytes
		} catch (error) {
			signal.throwIfAborted()
			throw causeOf(error)
		}
	}

	async publish(name: string, record: Uint8Array): Promise<{ readonly peers: number }> {
		// what is published was put into the store by a worker
		void this.#bitswap.notifyAll()
		return { peers: await this.#announce.publish(name, record) }
	}

	async receive(bytes: Uint8Array): Promise<{ readonly verdict: Verdict; readonly reason: string }> {
		const judgement = await this.#book.judge(bytes, { unlimited: true })
		this.#judged(judgement)
		return { verdict: judgement.verdict, reason: judgement.reason }
	}

	async query(names?: readonly string[]): Promise<void> {
		// a name that is asked for by itself need not have been announced to anyone who is here
		const lookUps = (names ?? []).slice(0, MAX_LOOK_UPS).map((name) => this.#lookUp(name))
		await Promise.all([this.#queries.ask(names), ...lookUps])
	}

	async #lookUp(name: string): Promise<void> {
		const { routers, gateways = () => [] } = this.#options
		const record = await findRecord(name, {
			routers,
			gateways: gateways(),
			signal: this.#deadline(LOOK_UP_TIMEOUT_MS)
		}).catch(() => undefined)
		if (record) await this.receive(encodeAnnouncement(name, record.bytes, []))
	}

	async dial(address: string, signal: AbortSignal): Promise<void> {
		await this.#dial([parseAddress(address)], signal)
	}

	addHub(address: string): void {
		parseAddress(address)
		this.#hubs.add([address], 'configured')
	}

	removeHub(address: string): void {
		this.#hubs.remove(address)
	}

	setUploadLimit(bytesPerSecond: number): void {
		this.#bitswap.upload.limit = bytesPerSecond
		this.#touch()
	}

	status(): NetworkStatus {
		const { pubsub } = this.#libp2p.services
		const listening = new Set(pubsub.getSubscribers(ANNOUNCE_TOPIC).map(String))
		const seen = new Set<string>()
		const peers: PeerRow[] = []
		// a direct connection stands before the relayed one that led to it
		const connections = [...this.#libp2p.getConnections()].sort(
			(a, b) => Number(a.limits !== undefined) - Number(b.limits !== undefined)
		)
		for (const connection of connections) {
			const id = connection.remotePeer.toString()
			if (seen.has(id)) continue
			seen.add(id)
			const pingMs = this.#pings.get(id)
			const agent = this.#agents.get(id)
			const address = connection.remoteAddr.toString()
			peers.push({
				id,
				transport: transportOf(address),
				address,
				...this.#traffic.of(id),
				listens: listening.has(id),
				...(pingMs !== undefined ? { pingMs } : {}),
				...(agent !== undefined && agent !== '' ? { agent } : {})
			})
		}
		return {
			peerId: this.#libp2p.peerId.toString(),
			startedMs: this.#startedMs,
			addresses: this.#addresses(),
			peers,
			hubs: this.#hubs.rows(),
			topics: [ANNOUNCE_TOPIC, QUERY_TOPIC].map((topic) => ({
				topic,
				peers: pubsub.getSubscribers(topic).length
			})),
			announcementsHeard: this.#heard,
			announcementsRefused: this.#refused,
			queriesAsked: this.#asked,
			queriesAnswered: this.#answered,
			blocksIn: this.#traffic.blocksIn,
			bytesIn: this.#traffic.bytesIn,
			blocksOut: this.#traffic.blocksOut,
			bytesOut: this.#traffic.bytesOut,
			uploadLimit: this.#bitswap.upload.limit,
			swarms: this.#swarm.rows()
		}
	}

	// --- announcements

	async #restore(): Promise<void> {
		const { database } = this.#options
		const gone = Date.now() - QUIET_MS
		for (const { name, bytes, validUntilMs } of await database.getAll('announcements')) {
			if (validUntilMs < gone) await database.delete('announcements', name)
			else this.#book.restore(bytes)
		}
	}

	#judged({ verdict, name, held, announcement }: Judgement): void {
		this.#heard++
		if (verdict === 'reject') this.#refused++
		if (name !== undefined && (verdict === 'accept' || held === true)) this.#answers.answered(name)
		if (announcement) {
			this.#names = undefined
			void this.#keep(announcement)
			this.#options.events.onannouncement(announcement)
			for (const hint of announcement.hints) {
				// a tab's own address is no hub: it goes through one
				if (hint.startsWith('/') && !hint.includes('/p2p-circuit') && this.#mayDial(hint))
					this.#hubs.add([hint], 'hint')
			}
		}
		this.#touch()
	}

	async #keep({ name, bytes, value, sequence, validUntilMs, hints }: Announcement): Promise<void> {
		const stored = { name, bytes, value, sequence, validUntilMs, receivedMs: Date.now(), hints }
		// it is held in memory all the same; the next visit asks for it again
		await this.#options.database.put('announcements', stored).catch(() => undefined)
	}

	#sortedNames(): readonly string[] {
		return (this.#names ??= this.#book.names())
	}

	/** Where this tab, and the hubs it is connected to, can be dialled by others. */
	#ownHints(): string[] {
		const own = this.#addresses().filter((address) => address.includes('/webrtc/'))
		const hubs = this.#hubs.connectedAddresses()
		return [...own.slice(0, MAX_HINTS / 2), ...hubs.slice(0, MAX_HINTS / 2)].filter((address) =>
			this.#mayDial(address)
		)
	}

	readonly #onsubscription = () => {
		this.#touch()
	}

	/**
	 * Greets the topic through each peer that takes us into its mesh for the first time. Not before that: what a hub
	 * hears while a peer has subscribed but is in no mesh of its yet never reaches that peer.
	 */
	readonly #ongraft = (event: CustomEvent<MeshPeer>) => {
		const { peerId, topic } = event.detail
		if (topic !== ANNOUNCE_TOPIC || this.#greeted.has(peerId)) return
		if (this.#greeted.size >= MAX_GREETED) this.#greeted.clear()
		this.#greeted.add(peerId)
		const alone = this.#libp2p.services.pubsub.getSubscribers(ANNOUNCE_TOPIC).length <= 1
		const waitMs = alone
			? GREET_DELAY_MS
			: Math.max(GREET_DELAY_MS, this.#greetedMs + GREET_INTERVAL_MS - Date.now())
		clearTimeout(this.#greetTimer)
		this.#greetTimer = setTimeout(() => {
			this.#greetedMs = Date.now()
			void this.#greet()
		}, waitMs)
	}

	async #greet(): Promise<void> {
		for (const name of this.#announce.own) await this.#announce.say(name).catch(() => undefined)
		await this.#queries.ask().catch(() => undefined)
	}

	readonly #onidentify = (event: CustomEvent<IdentifyResult>) => {
		const { peerId, agentVersion, protocols, connection } = event.detail
		const id = peerId.toString()
		this.#agents.set(id, (agentVersion ?? '').slice(0, 100))
		if (protocols.includes(BITSWAP_PROTOCOL)) {
			this.#speaksBitswap.add(id)
			if (connection.limits === undefined) this.#bitswap.add(peerId)
		}
		if (protocols.includes(HAVES_PROTOCOL)) {
			this.#speaksHaves.add(id)
			if (connection.limits === undefined) this.#swarm.connected(id)
		}
		if (connection.limits === undefined) this.#identifying.get(id)?.settle()
		if (protocols.includes(SYNC_PROTOCOL) && connection.limits === undefined) void this.#sync(peerId)
		// not over a relay: a ping would have libp2p dial the peer directly, while it may be dialling us
		if (connection.limits === undefined) void this.#ping(peerId)
		// whether a hub relays shows only now
		this.#hubs.changed()
		this.#touch()
	}

	async #sync(peerId: PeerId): Promise<void> {
		const id = peerId.toString()
		const now = Date.now()
		for (const [peer, ms] of this.#synced) if (ms + SYNC_INTERVAL_MS < now) this.#synced.delete(peer)
		if (this.#synced.has(id) || this.#syncs >= MAX_SYNCS) return
		this.#synced.set(id, now)
		this.#syncs++
		let bad = 0
		try {
			const stream = await this.#libp2p.dialProtocol(peerId, SYNC_PROTOCOL, { signal: this.#deadline(20_000) })
			await askSync(
				stream,
				async (bytes) => {
					this.#traffic.count(id, 'in', bytes.length)
					const judgement = await this.#book.judge(bytes)
					this.#judged(judgement)
					if (judgement.verdict === 'reject') bad++
					return bad < MAX_BAD_IN_SYNC
				},
				this.#stopping.signal
			)
		} catch {
			// the next peer is asked just the same, and gossip brings what is new
			this.#synced.delete(id)
		} finally {
			this.#syncs--
		}
	}

	// --- the swarm

	/** The author of a message can be reached through the hub that it came by, if it has a place there. */
	readonly #onheard = (author: PeerId, via: PeerId) => {
		const hub = this.#libp2p.getConnections(via).find(({ limits }) => limits === undefined)
		const address = hub?.remoteAddr.toString()
		if (address === undefined || address.includes('/p2p-circuit') || author.equals(via)) return
		const relay = withPeer(address, via.toString())
		this.#swarm.heard(`${relay}/p2p-circuit/webrtc/p2p/${author.toString()}`)
	}

	#swarmNetwork(): SwarmNetwork {
		const libp2p = this.#libp2p
		return {
			self: libp2p.peerId.toString(),
			connection: (id) => {
				const connections = libp2p.getConnections().filter(({ remotePeer }) => remotePeer.toString() === id)
				if (connections.length === 0) return undefined
				return connections.some(({ limits }) => limits === undefined) ? 'direct' : 'relayed'
			},
			neighbours: () => [...this.#directPeers()].filter((id) => this.#speaksHaves.has(id)),
			ask: (id, addresses, own, signal) => this.#askHaves(id, addresses, own, signal),
			connect: async (id, addresses, signal) => {
				const direct = addresses.filter((address) => this.#mayDial(address)).map(parseAddress)
				let reason: unknown = new AppError('unreachable', 'no address')
				for (const address of direct) {
					try {
						await this.#dial([address], signal)
						await this.#identifying.get(id)?.promise
						return
					} catch (error) {
						reason = error
					}
				}
				throw reason
			},
			dialProviders: (file, signal) => this.#dialProviders(file, signal),
			at: () => this.#addresses().filter((address) => address.includes('/webrtc/')),
			held: (file, signal) => heldParts(this.#options.blockstore, file, signal),
			holds: (id, file) => {
				this.#bitswap.holds(id, file)
			},
			onchange: () => {
				this.#touch()
			}
		}
	}

	/** Asks over the connection there is, else over the relay that stands before `/webrtc`. */
	async #askHaves(id: string, addresses: readonly string[], own: OwnHaves, signal: AbortSignal): Promise<Haves> {
		const known = this.#libp2p
			.getConnections()
			.filter(({ remotePeer, status }) => remotePeer.toString() === id && status === 'open')
		const open = known.find(({ limits }) => limits === undefined) ?? known[0]
		if (open) return await askHaves(open, own, signal)
		const relayed = addresses
			.filter((address) => this.#mayDial(address))
			.map((address) => parseAddress(address.replace('/p2p-circuit/webrtc/p2p/', '/p2p-circuit/p2p/')))
		if (relayed.length === 0) throw new AppError('unreachable', 'no address')
		const connection = await this.#dial(relayed, signal)
		let closeMs = 0
		try {
			const answer = await askHaves(connection, own, signal)
			// with who plays the same, a direct connection is made by way of this one
			if (answer.files.length > 0) closeMs = RELAYED_MS
			return answer
		} finally {
			if (connection.limits !== undefined)
				setTimeout(() => {
					void connection.close().catch(() => undefined)
				}, closeMs)
		}
	}

	async #dialProviders(file: CID, signal: AbortSignal): Promise<void> {
		const { routers } = this.#options
		const found = await Promise.allSettled(
			routers.slice(0, MAX_PROVIDER_ROUTERS).map((router) => findProviders(router, file.toString(), { signal }))
		)
		const connected = this.#directPeers()
		const providers = found
			.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
			.filter(({ peerId }) => !connected.has(peerId))
			.map(({ peerId, addresses }) =>
				addresses.filter((address) => this.#mayDial(address)).map((address) => withPeer(address, peerId))
			)
			.filter((addresses) => addresses.length > 0)
		await Promise.allSettled(
			providers.slice(0, MAX_PROVIDER_DIALS).map(async (addresses) => {
				const { remotePeer } = await this.#dial(addresses.slice(0, 8).map(parseAddress), signal)
				await this.#identifying.get(remotePeer.toString())?.promise
			})
		)
	}

	// --- connections

	#mayDial(address: string): boolean {
		return this.#options.allowLocal || !isLocalText(address)
	}

	#addresses(): string[] {
		return this.#libp2p.getMultiaddrs().map(String)
	}

	#deadline(timeoutMs: number): AbortSignal {
		return AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(timeoutMs)])
	}

	async #dial(addresses: Multiaddr[], signal: AbortSignal): Promise<Connection> {
		const [only] = addresses
		const target = addresses.length === 1 && only ? only : addresses
		const all = AbortSignal.any([signal, this.#stopping.signal])
		const attempt = async (until: AbortSignal) => await this.#libp2p.dial(target, { signal: until })
		try {
			if (only?.toString().includes('/webrtc/') !== true) return await attempt(all)
			let connection: Connection | undefined
			for (const tryMs of WEBRTC_TRIES_MS) {
				try {
					connection = await attempt(AbortSignal.any([all, AbortSignal.timeout(tryMs)]))
					break
				} catch (error) {
					if (all.aborted || !isAbort(error)) throw error
					// libp2p would have the next dial join this one, which is not quite over
					await new Promise((resolve) => setTimeout(resolve, WEBRTC_PAUSE_MS))
				}
			}
			connection ??= await attempt(all)
			// libp2p joins a dial of the same peer that is under way, also one that goes no further than the relay
			return connection.limits === undefined ? connection : await attempt(all)
		} catch (cause) {
			if (signal.aborted && isAbort(signal.reason)) throw signal.reason as Error
			throw new AppError('unreachable', reasonOf(cause), { cause })
		}
	}

	/** Ids of who is connected, not by way of a relay. */
	#directPeers(): Set<string> {
		const direct = this.#libp2p.getConnections().filter(({ limits }) => limits === undefined)
		return new Set(direct.map(({ remotePeer }) => remotePeer.toString()))
	}

	async #dialHub(addresses: readonly string[], signal: AbortSignal) {
		const connection = await this.#dial(addresses.map(parseAddress), signal)
		// pruned last when there are too many connections
		await this.#libp2p.peerStore
			.merge(connection.remotePeer, { tags: { 'antiphon-hub': { value: 50 } } })
			.catch(() => undefined)
		await this.#identifying.get(connection.remotePeer.toString())?.promise
		return { peerId: connection.remotePeer.toString(), address: connection.remoteAddr.toString() }
	}

	#hubConnection(peerId: string): { pingMs?: number; relays: boolean } | undefined {
		const connected = this.#libp2p
			.getConnections()
			.some(({ remotePeer, limits }) => limits === undefined && remotePeer.toString() === peerId)
		if (!connected) return undefined
		const pingMs = this.#pings.get(peerId)
		const relays = this.#addresses().some((address) => address.includes(`/p2p/${peerId}/p2p-circuit`))
		return { relays, ...(pingMs !== undefined ? { pingMs } : {}) }
	}

	/** Dials the hints that may hold a block. Settles for each when it is connected or has failed; never rejects. */
	#dialHints(hints: readonly string[], signal: AbortSignal): Promise<void>[] {
		const connected = this.#directPeers()
		return hints
			.filter((hint) => hint.startsWith('/') && this.#mayDial(hint))
			.filter((hint) => this.#failedHints.isDue(hint))
			.filter((hint) => ![...connected].some((peer) => hint.endsWith(`/p2p/${peer}`)))
			.slice(0, MAX_HINT_DIALS)
			.map(async (hint) => {
				try {
					const deadline = AbortSignal.any([signal, AbortSignal.timeout(HINT_DIAL_TIMEOUT_MS)])
					const { remotePeer } = await this.#dial([multiaddr(hint)], deadline)
					await this.#identifying.get(remotePeer.toString())?.promise
					this.#failedHints.reached(hint)
				} catch {
					if (!signal.aborted) this.#failedHints.failed(hint)
				}
			})
	}

	readonly #onconnection = (event: CustomEvent<Connection>) => {
		const { limits, remotePeer } = event.detail
		const id = remotePeer.toString()
		// a peer that was identified over a relay before is known already
		if (limits === undefined && this.#speaksBitswap.has(id)) this.#bitswap.add(remotePeer)
		else if (limits === undefined && !this.#identifying.has(id)) {
			const { promise, resolve } = Promise.withResolvers<void>()
			const settle = () => {
				clearTimeout(timer)
				this.#identifying.delete(id)
				resolve()
			}
			const timer = setTimeout(settle, IDENTIFY_TIMEOUT_MS)
			this.#identifying.set(id, { promise, settle })
		}
		this.#onconnections()
	}

	readonly #onconnections = () => {
		const connected = new Set(this.#libp2p.getPeers().map(String))
		for (const map of [this.#pings, this.#agents, this.#speaksBitswap, this.#speaksHaves]) {
			for (const id of map.keys()) if (!connected.has(id)) map.delete(id)
		}
		for (const id of this.#greeted) if (!connected.has(id)) this.#greeted.delete(id)
		for (const [id, { settle }] of this.#identifying) if (!connected.has(id)) settle()
		this.#swarm.onlyConnected(connected)
		this.#hubs.changed()
		this.#touch(true)
	}

	async #ping(peerId: PeerId): Promise<void> {
		try {
			const ms = await this.#libp2p.services.ping.ping(peerId, { signal: this.#deadline(PING_TIMEOUT_MS) })
			this.#pings.set(peerId.toString(), ms)
			this.#touch()
		} catch {
			// a peer need not answer
		}
	}

	async #pingAll(): Promise<void> {
		const direct = this.#libp2p.getConnections().filter(({ limits }) => limits === undefined)
		for (const id of new Set(direct.map(({ remotePeer }) => remotePeer.toString()))) {
			await this.#ping(peerIdFromString(id))
		}
	}

	// --- status

	/** Tells the status: at once when `now`, else at most once a second. */
	#touch(now = false): void {
		if (this.#stopping.signal.aborted || this.#libp2p.status !== 'started') return
		const waitMs = now ? 0 : Math.max(0, this.#statusMs + STATUS_INTERVAL_MS - Date.now())
		if (this.#statusTimer !== undefined) {
			if (!now) return
			clearTimeout(this.#statusTimer)
		}
		this.#statusTimer = setTimeout(() => {
			this.#statusTimer = undefined
			this.#statusMs = Date.now()
			this.#options.events.onstatus(this.status())
		}, waitMs)
	}
}

/** @throws AppError `invalid-setting` */
function parseAddress(address: string): Multiaddr {
	try {
		return multiaddr(address)
	} catch (cause) {
		throw new AppError('invalid-setting', 'not a multiaddr', { cause, detail: address.slice(0, 200) })
	}
}

function withPeer(address: string, peerId: string): string {
	return address.includes('/p2p/') ? address : `${address}/p2p/${peerId}`
}

/** Why Helia got no block: the failure of its one broker, which it wraps. */
function causeOf(error: unknown): unknown {
	if (error instanceof AggregateError && error.errors.length === 1) return error.errors[0]
	if (error instanceof Error && error.name === 'UnknownHashAlgorithmError')
		return new AppError('content-unsupported', 'a hash that is not computed here', { cause: error })
	return error
}

/** What a failed dial says; libp2p packs the reason of each address into one error. */
function reasonOf(error: unknown): string {
	if (error instanceof AggregateError) return [...new Set(error.errors.map(reasonOf))].join('; ')
	return error instanceof Error ? error.message : String(error)
}
