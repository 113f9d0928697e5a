import { AppError, isAbort } from '../errors'
import { refusal } from './refusal'
import { upload } from './send-body'

const ASK_MS = 30_000
/** Bounds of the specification. */
const MAX_ORIGINS = 20
const MAX_NAME_CHARS = 255

export type PinState = 'queued' | 'pinning' | 'pinned' | 'failed'

export interface PinStatus {
	readonly requestId: string
	readonly state: PinState
	readonly cid: string
	readonly name: string
	readonly createdAt: string
	/** Multiaddrs of nodes that will fetch; whoever has the data may dial them. */
	readonly delegates: readonly string[]
	/** What the service says about it, as text. */
	readonly words?: string
}

/** A service that is known to speak the API, and where its keys are made. */
export interface PinningPreset {
	readonly name: string
	readonly endpoint: string
}

export const PINNING_PRESETS: readonly PinningPreset[] = [
	{ name: 'Pinata', endpoint: 'https://api.pinata.cloud/psa' },
	{ name: 'Filebase', endpoint: 'https://api.filebase.io/v1/ipfs' },
	{ name: '4EVERLAND', endpoint: 'https://api.4everland.dev' }
]

const STATES: readonly string[] = ['queued', 'pinning', 'pinned', 'failed'] satisfies PinState[]

/**
 * The IPFS Pinning Service API 1.0.0: asks a service to fetch and keep a CID that servers hold already. It takes no
 * bytes, and cannot fetch from a tab.
 * Every method rejects with an AppError whose `detail` passes the service's own words on.
 * @see https://ipfs.github.io/pinning-services-api-spec/
 */
export class PinningService {
	readonly endpoint: string
	readonly #token: string
	readonly #host: string
	readonly #fetch: typeof globalThis.fetch | undefined

	/**
	 * @param endpoint - its URL, to which `/pins` is added
	 * @throws AppError `invalid-setting`
	 */
	constructor({ endpoint, token, fetch }: { endpoint: string; token: string; fetch?: typeof globalThis.fetch }) {
		const url = URL.parse(endpoint.trim().replace(/\/+$/, ''))
		if (url === null || !/^https?:$/.test(url.protocol)) {
			throw new AppError('invalid-setting', 'not an endpoint', {
				detail: 'Write the address of the service, such as https://api.pinata.cloud/psa.'
			})
		}
		this.endpoint = url.href.replace(/\/$/, '')
		this.#host = url.host
		this.#token = token
		this.#fetch = fetch
	}

	/** Asks for a pin. Asked again for the same CID, a service gives another request of its own. */
	async add(
		pin: {
			readonly cid: string
			readonly name?: string
			readonly origins?: readonly string[]
			readonly meta?: Readonly<Record<string, string>>
		},
		signal: AbortSignal
	): Promise<PinStatus> {
		const { cid, name, origins = [], meta } = pin
		const body = {
			cid,
			...(name !== undefined && { name: name.slice(0, MAX_NAME_CHARS) }),
			...(origins.length > 0 && { origins: origins.slice(0, MAX_ORIGINS) }),
			...(meta && { meta })
		}
		return this.#status(await this.#ask('pin', 'POST', 'pins', signal, body))
	}

	async get(requestId: string, signal: AbortSignal): Promise<PinStatus | undefined> {
		const answer = await this.#ask(
			'state',
			'GET',
			`pins/${encodeURIComponent(requestId)}`,
			signal,
			undefined,
			true
		)
		return answer === undefined ? undefined : this.#status(answer)
	}

	/** Pins of these CIDs (at most 10), in any state; without CIDs the newest that are pinned. */
	async list(
		signal: AbortSignal,
		{ cids = [], limit = 10 }: { readonly cids?: readonly string[]; readonly limit?: number } = {}
	): Promise<{ readonly count: number; readonly pins: readonly PinStatus[] }> {
		const query = new URLSearchParams({ limit: String(limit) })
		if (cids.length > 0) {
			query.set('cid', cids.slice(0, 10).join(','))
			// Without this only what is pinned is listed.
			query.set('status', STATES.join(','))
		}
		const { count, results } = fields(await this.#ask('list', 'GET', `pins?${query.toString()}`, signal))
		if (!Array.isArray(results)) throw this.#strange()
		return { count: Number(count ?? results.length), pins: results.slice(0, 1000).map((row) => this.#status(row)) }
	}

	/** That it is not there is as good. */
	async remove(requestId: string, signal: AbortSignal): Promise<void> {
		await this.#ask('unpin', 'DELETE', `pins/${encodeURIComponent(requestId)}`, signal, undefined, true)
	}

	/** @returns undefined for 404 where `missing` allows it */
	async #ask(
		what: string,
		method: string,
		path: string,
		signal: AbortSignal,
		body?: object,
		missing = false
	): Promise<unknown> {
		const deadline = AbortSignal.timeout(ASK_MS)
		try {
			const answer = await upload(
				new URL(`${this.endpoint}/${path}`),
				{
					method,
					headers: {
						Authorization: `Bearer ${this.#token}`,
						...(body && { 'Content-Type': 'application/json' })
					},
					signal: AbortSignal.any([signal, deadline]),
					...(body && { body: new Blob([JSON.stringify(body)], { type: 'application/json' }) })
				},
				this.#fetch
			)
			if (answer.status === 404 && missing) return undefined
			if (answer.status < 200 || answer.status > 299) throw refusal(this.#host, what, answer, this.#token)
			if (answer.bytes.byteLength === 0) return undefined
			return JSON.parse(new TextDecoder().decode(answer.bytes)) as unknown
		} catch (error) {
			signal.throwIfAborted()
			if (error instanceof AppError) throw error
			if (error instanceof SyntaxError) throw this.#strange()
			const detail = isAbort(error)
				? 'takes too long to answer'
				: 'does not answer, or does not let this page in (CORS)'
			throw new AppError('unreachable', `${this.#host} ${detail}`, {
				cause: error,
				detail: `${this.#host} ${detail}.`
			})
		}
	}

	#status(value: unknown): PinStatus {
		const { requestid, status, created, pin, delegates, info } = fields(value)
		const { cid, name } = fields(pin)
		if (typeof requestid !== 'string' || typeof status !== 'string' || typeof cid !== 'string')
			throw this.#strange()
		if (!STATES.includes(status)) throw this.#strange()
		const { status_details: words } = fields(info)
		return {
			requestId: requestid,
			state: status as PinState,
			cid,
			name: typeof name === 'string' ? name : '',
			createdAt: typeof created === 'string' ? created : '',
			delegates: Array.isArray(delegates)
				? delegates.filter((address) => typeof address === 'string').slice(0, MAX_ORIGINS)
				: [],
			...(typeof words === 'string' && words !== '' && { words: words.slice(0, 300) })
		}
	}

	#strange(): AppError {
		return new AppError('invalid-setting', 'not a pinning service', {
			detail: `${this.#host} answers, but not as a pinning service.`
		})
	}
}

const fields = (value: unknown): Record<string, unknown> => Object(value) as Record<string, unknown>
