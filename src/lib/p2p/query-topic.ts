import type { GossipSub, Message, TopicValidatorResult } from '@libp2p/gossipsub'
import type { PeerId } from '@libp2p/interface'
import { VALIDATOR_RESULT, type Heard } from './announce-topic'
import { decodeQuery, encodeQuery } from './query'
import type { QueryAnswers } from './query-answers'
import { TokenBucket } from './token-bucket'
import { QUERY_TOPIC } from './topics'

/** Queries of one sender that are heard: one in 10 s after a burst of 6. */
const SENDER_INTERVAL_MS = 10_000
const SENDER_BURST = 6
/** Queries of everybody that are heard: two a second after a burst of 60. */
const ALL_INTERVAL_MS = 500
const ALL_BURST = 60

/** The query topic: hears who asks for announcements, and asks. */
export class QueryTopic {
	readonly #pubsub: GossipSub
	readonly #answers: QueryAnswers
	readonly #senders = new TokenBucket(SENDER_INTERVAL_MS, SENDER_BURST)
	readonly #all = new TokenBucket(ALL_INTERVAL_MS, ALL_BURST)
	readonly #onheard: Heard

	constructor(pubsub: GossipSub, answers: QueryAnswers, onheard: Heard) {
		this.#pubsub = pubsub
		this.#answers = answers
		this.#onheard = onheard
	}

	start(): void {
		this.#pubsub.topicValidators.set(QUERY_TOPIC, (from, message) => this.#validate(from, message))
		this.#pubsub.subscribe(QUERY_TOPIC)
	}

	stop(): void {
		this.#answers.stop()
		this.#pubsub.unsubscribe(QUERY_TOPIC)
		this.#pubsub.topicValidators.delete(QUERY_TOPIC)
	}

	/** Asks for announcements again: of these names, at most 64, or of all. */
	async ask(names?: readonly string[]): Promise<number> {
		const { recipients } = await this.#pubsub.publish(QUERY_TOPIC, encodeQuery(names))
		return recipients.length
	}

	#validate(via: PeerId, message: Message): TopicValidatorResult {
		let query
		try {
			query = decodeQuery(message.data)
		} catch {
			return VALIDATOR_RESULT.reject
		}
		if (query.version > 1 || message.type !== 'signed') return VALIDATOR_RESULT.ignore
		if (!this.#senders.take(message.from.toString()) || !this.#all.take('')) return VALIDATOR_RESULT.ignore
		this.#onheard(message.from, via)
		this.#answers.asked(query)
		return VALIDATOR_RESULT.accept
	}
}
