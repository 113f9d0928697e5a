import { AppError, errorCode } from '../errors'
import type { NetworkStatus } from './peer'

/** Bumped when a message changes shape; messages of another version are left unread. */
const VERSION = 1

/** What followers ask of the leading tab. */
export interface LeaderCalls {
	publish: (name: string, record: Uint8Array) => Promise<{ readonly peers: number }>
	query: (names: readonly string[] | undefined) => Promise<void>
	dial: (address: string, timeoutMs: number) => Promise<void>
	addHub: (address: string) => Promise<void>
	removeHub: (address: string) => Promise<void>
}
export type LeaderCall = keyof LeaderCalls

type Message =
	/** A follower wants to know who leads and how things stand. */
	| { readonly type: 'who' }
	/** The leading tab: at its start, on `who`, and at each change. `status` is absent while its peer starts. */
	| { readonly type: 'lead'; readonly status: NetworkStatus | undefined }
	| { readonly type: 'call'; readonly id: string; readonly call: LeaderCall; readonly args: readonly unknown[] }
	| { readonly type: 'answer'; readonly id: string; readonly value: unknown }
	| { readonly type: 'failed'; readonly id: string; readonly code: string; readonly message: string }

interface Waiting {
	readonly message: Message
	readonly resolve: (value: never) => void
	readonly reject: (error: unknown) => void
}

/**
 * Control between tabs over a BroadcastChannel: small messages only, blocks never pass here. A call that was made while
 * the lead changes hands is sent again to the next leader; every call is safe to repeat.
 */
export class LeaderChannel {
	readonly #channel: BroadcastChannel
	readonly #waiting = new Map<string, Waiting>()
	readonly #onlead: (status: NetworkStatus | undefined) => void
	#answer: LeaderCalls | undefined
	#status: NetworkStatus | undefined

	constructor(name: string, onlead: (status: NetworkStatus | undefined) => void) {
		this.#channel = new BroadcastChannel(name)
		this.#onlead = onlead
		this.#channel.onmessage = ({ data }: MessageEvent<{ version: number; message: Message }>) => {
			if (data.version === VERSION) this.#hear(data.message)
		}
		this.#send({ type: 'who' })
	}

	/** From now on this tab leads: it answers the calls of the others. */
	lead(calls: LeaderCalls): void {
		this.#answer = calls
		this.tell(undefined)
	}

	/** Tells the other tabs how the peer stands. */
	tell(status: NetworkStatus | undefined): void {
		this.#status = status
		this.#send({ type: 'lead', status })
	}

	/** @throws AppError as the leading tab raised it, or the reason of `signal` */
	async call<C extends LeaderCall>(
		call: C,
		args: Parameters<LeaderCalls[C]>,
		signal: AbortSignal
	): Promise<Awaited<ReturnType<LeaderCalls[C]>>> {
		signal.throwIfAborted()
		const id = crypto.randomUUID()
		const message: Message = { type: 'call', id, call, args }
		const { promise, resolve, reject } = Promise.withResolvers<Awaited<ReturnType<LeaderCalls[C]>>>()
		const abort = () => {
			reject(new AppError('no-leader', 'no tab that holds the peer answered', { cause: signal.reason }))
		}
		signal.addEventListener('abort', abort)
		this.#waiting.set(id, { message, resolve: resolve, reject })
		this.#send(message)
		try {
			return await promise
		} finally {
			signal.removeEventListener('abort', abort)
			this.#waiting.delete(id)
		}
	}

	close(): void {
		this.#channel.close()
	}

	#hear(message: Message): void {
		switch (message.type) {
			case 'who':
				if (this.#answer) this.#send({ type: 'lead', status: this.#status })
				break
			case 'lead':
				this.#onlead(message.status)
				// A status of undefined is a leader's first word: what its forerunner left unanswered is asked again.
				if (!message.status) for (const { message: call } of this.#waiting.values()) this.#send(call)
				break
			case 'call':
				if (this.#answer) void this.#serve(this.#answer, message)
				break
			case 'answer':
				this.#waiting.get(message.id)?.resolve(message.value as never)
				break
			case 'failed':
				this.#waiting
					.get(message.id)
					?.reject(new AppError(message.code as ConstructorParameters<typeof AppError>[0], message.message))
		}
	}

	async #serve(calls: LeaderCalls, { id, call, args }: Extract<Message, { type: 'call' }>): Promise<void> {
		try {
			const run = calls[call] as (...args: readonly unknown[]) => Promise<unknown>
			this.#send({ type: 'answer', id, value: await run(...args) })
		} catch (error) {
			this.#send({
				type: 'failed',
				id,
				code: errorCode(error) ?? 'unreachable',
				message: error instanceof Error ? error.message : String(error)
			})
		}
	}

	#send(message: Message): void {
		this.#channel.postMessage({ version: VERSION, message })
	}
}
