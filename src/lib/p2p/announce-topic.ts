import { TopicValidatorResult, type GossipSub, type Message } from '@libp2p/gossipsub'
import type { PeerId } from '@libp2p/interface'
import { AppError } from '../errors'
import { encodeAnnouncement, type AnnouncementBook, type Judgement } from './announce'
import type { Announcement } from './peer'
import { TokenBucket } from './token-bucket'
import { ANNOUNCE_TOPIC } from './topics'

const REPEAT_MS = 30 * 60_000
const REPEAT_JITTER = 0.2
/** So many messages of one sender are judged a minute; a holder answers a query with up to 64. */
const SENDER_PER_MINUTE = 120

export const VALIDATOR_RESULT = {
	accept: TopicValidatorResult.Accept,
	ignore: TopicValidatorResult.Ignore,
	reject: TopicValidatorResult.Reject
} as const

/** Who said something, and the connected peer that it came by. */
export type Heard = (author: PeerId, via: PeerId) => void

export interface AnnounceTopicInit {
	readonly pubsub: GossipSub
	readonly book: AnnouncementBook
	/** Multiaddrs where this peer, or a hub that it is connected to, can be dialled. */
	readonly hints: () => readonly string[]
	/** Every message, with what became of it. */
	readonly onjudged: (judgement: Judgement) => void
	/** Every message that was not rejected. */
	readonly onheard: Heard
}

/** The announce topic: judges what is heard, says what this browser's own publishers have to say. */
export class AnnounceTopic {
	readonly #init: AnnounceTopicInit
	readonly #repeats = new Map<string, ReturnType<typeof setTimeout>>()
	readonly #senders = new TokenBucket(60_000 / SENDER_PER_MINUTE, SENDER_PER_MINUTE)

	constructor(init: AnnounceTopicInit) {
		this.#init = init
	}

	start(): void {
		const { pubsub } = this.#init
		pubsub.topicValidators.set(ANNOUNCE_TOPIC, (via, message) => this.#validate(via, message))
		pubsub.subscribe(ANNOUNCE_TOPIC)
	}

	stop(): void {
		for (const timer of this.#repeats.values()) clearTimeout(timer)
		this.#repeats.clear()
		this.#init.pubsub.unsubscribe(ANNOUNCE_TOPIC)
		this.#init.pubsub.topicValidators.delete(ANNOUNCE_TOPIC)
	}

	/** True for the names that this browser announces of its own. */
	isOwn(name: string): boolean {
		return this.#repeats.has(name)
	}

	get own(): readonly string[] {
		return [...this.#repeats.keys()]
	}

	/**
	 * Announces a signed record of an own key, and again every 30 minutes ± 20 %.
	 * @returns to how many peers it went
	 * @throws AppError `invalid-record` when others would not accept it
	 */
	async publish(name: string, record: Uint8Array): Promise<number> {
		const bytes = encodeAnnouncement(name, record, this.#init.hints())
		const judgement = await this.#init.book.judge(bytes, { unlimited: true })
		this.#init.onjudged(judgement)
		if (judgement.verdict !== 'accept' && judgement.held !== true) {
			throw new AppError('invalid-record', `the record would not be accepted: ${judgement.reason}`)
		}
		this.#plan(name)
		return await this.say(name)
	}

	/** Announces what is held of an own name from now on, as after a reload. */
	resume(name: string): void {
		if (this.#init.book.get(name)) this.#plan(name)
	}

	/** Says the announcement that is held of a name, own ones with fresh hints. @returns to how many peers it went */
	async say(name: string): Promise<number> {
		const { book, pubsub, hints } = this.#init
		let announcement: Announcement | undefined = book.get(name)
		if (!announcement) return 0
		if (this.isOwn(name)) {
			const fresh = hints()
			announcement = book.renew(name, encodeAnnouncement(name, announcement.record, fresh), fresh)
		}
		if (!announcement) return 0
		const { recipients } = await pubsub.publish(ANNOUNCE_TOPIC, announcement.bytes)
		return recipients.length
	}

	#plan(name: string): void {
		clearTimeout(this.#repeats.get(name))
		const jitter = 1 + REPEAT_JITTER * (2 * Math.random() - 1)
		const timer = setTimeout(() => {
			this.#plan(name)
			void this.say(name).catch(() => undefined)
		}, REPEAT_MS * jitter)
		this.#repeats.set(name, timer)
	}

	async #validate(via: PeerId, message: Message): Promise<TopicValidatorResult> {
		if (message.type !== 'signed' || !this.#senders.take(message.from.toString())) return VALIDATOR_RESULT.ignore
		const judgement = await this.#init.book.judge(message.data)
		this.#init.onjudged(judgement)
		if (judgement.verdict !== 'reject') this.#init.onheard(message.from, via)
		return VALIDATOR_RESULT[judgement.verdict]
	}
}
