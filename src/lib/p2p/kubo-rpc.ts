import { CID } from 'multiformats/cid'
import { AppError, type AppErrorCode } from '../errors'
import { causeOf, wordsOf } from './refusal'
import { upload } from './send-body'

/** Kubo before this has no `name/put` (changelog 0.40). */
const OLDEST = [0, 40] as const

/** How long a node may take for a question, and for an answer after the last byte of a CAR was sent. */
const ASK_MS = 15_000
const NAME_MS = 90_000
const IMPORT_MS = 10 * 60_000
/** A directory of 50,000 files of which each must be opened. */
const LIST_MS = 5 * 60_000
const MAX_LIST_BYTES = 64 * 1024 * 1024
const MAX_RECORD_BYTES = 10 * 1024

export interface KuboVersion {
	readonly version: string
	/** True when the node knows every command used here. */
	readonly recent: boolean
}

export interface KuboPin {
	readonly cid: string
	readonly name?: string
}

export interface KuboListed {
	readonly name: string
	readonly cid: string
	/** Of a file. */
	readonly sizeBytes: number
	readonly isDirectory: boolean
}

export interface ImportCarOptions {
	readonly signal: AbortSignal
	/** Pins the roots that the CAR's header names. Default true. */
	readonly pin?: boolean
	/** Default 10 minutes. A node that pins a DAG of which it lacks blocks looks for them in the network, without end. */
	readonly timeoutMs?: number
	/** The root that the node must name; anything else is `wrong-root`. */
	readonly root?: CID
	readonly onprogress?: (bytesSent: number, bytes: number) => void
}

interface Ask {
	readonly signal?: AbortSignal
	readonly timeoutMs?: number
	readonly body?: FormData
	readonly maxBytes?: number
	readonly onprogress?: (bytesSent: number, bytes: number) => void
}

interface Answer {
	readonly status: number
	readonly bytes: Uint8Array
}

/**
 * The few RPC commands of an own Kubo node that the app uses, by hand: with multipart bodies and no headers of our own
 * they are CORS-simple requests, the only kind that Kubo's RPC answers to a page of another origin.
 * Every method rejects with an AppError whose `detail` says in words what to do: `unreachable` (no answer, or one that
 * the browser hides), `refused` (an answer that says no), `invalid-setting` (not an RPC endpoint, or too old).
 * @see https://docs.ipfs.tech/reference/kubo/rpc/
 */
export class KuboRpc {
	readonly origin: string
	readonly #fetch: typeof globalThis.fetch
	readonly #base: URL
	readonly #token: string

	/**
	 * @param origin - such as `http://127.0.0.1:5001`; a path is kept, for nodes behind a proxy
	 * @param token - sent as Bearer, for services that speak this RPC and nodes behind a proxy that asks for one
	 * @throws AppError `invalid-setting`
	 */
	constructor(
		origin: string,
		fetch: typeof globalThis.fetch = globalThis.fetch.bind(globalThis),
		{ token = '' }: { readonly token?: string } = {}
	) {
		const base = URL.parse(origin.trim().replace(/\/+$/, '') + '/')
		if (base === null || !/^https?:$/.test(base.protocol)) {
			throw new AppError('invalid-setting', 'not an RPC address', {
				detail: 'Write the address of the RPC, such as http://127.0.0.1:5001.'
			})
		}
		this.#base = base
		this.origin = base.href.replace(/\/$/, '')
		this.#fetch = fetch
		this.#token = token
	}

	async version(signal?: AbortSignal): Promise<KuboVersion> {
		const { Version } = record(await this.#json('version', {}, { signal }))
		if (typeof Version !== 'string') throw this.#notKubo()
		const [major = 0, minor = 0] = Version.split('.').map((part) => Number.parseInt(part, 10))
		return { version: Version, recent: major > OLDEST[0] || minor >= OLDEST[1] }
	}

	async id(signal?: AbortSignal): Promise<{ peerId: string; addresses: readonly string[]; agent: string }> {
		const { ID, Addresses, AgentVersion } = record(await this.#json('id', {}, { signal }))
		if (typeof ID !== 'string') throw this.#notKubo()
		return {
			peerId: ID,
			addresses: Array.isArray(Addresses) ? Addresses.filter((address) => typeof address === 'string') : [],
			agent: typeof AgentVersion === 'string' ? AgentVersion : ''
		}
	}

	/**
	 * Imports a CAR (`dag/import`). With `pin` the node also pins the roots in its header for good, which fails unless
	 * it then holds every block below them.
	 * @throws AppError `wrong-root` when the node names another root than `root`
	 */
	async importCar(
		car: Blob,
		{ signal, pin = true, root, onprogress, timeoutMs = IMPORT_MS }: ImportCarOptions
	): Promise<{ roots: readonly CID[]; blocks: number; bytes: number }> {
		const body = new FormData()
		body.append('file', car, 'publication.car')
		const query = { 'pin-roots': String(pin), stats: 'true' }
		const { bytes } = await this.#ask('dag/import', query, {
			signal,
			body,
			timeoutMs,
			...(onprogress && { onprogress })
		})
		const roots: CID[] = []
		let stats: { blocks: number; bytes: number } | undefined
		let trouble = 'the answer ended early'
		for (const value of lines(bytes)) {
			// An error after the first output comes as a line of its own, under status 200.
			const { Root, Stats, Message } = record(value)
			if (typeof Message === 'string') trouble = Message
			if (Root !== undefined && Root !== null) {
				const { Cid, PinErrorMsg } = record(Root)
				if (typeof PinErrorMsg === 'string' && PinErrorMsg !== '') {
					throw new AppError('refused', `pin failed: ${PinErrorMsg}`, {
						detail: `The node has the bytes but could not pin them: ${PinErrorMsg}`
					})
				}
				roots.push(CID.parse(String(record(Cid)['/'])))
			}
			if (Stats !== undefined && Stats !== null) {
				const { BlockCount, BlockBytesCount } = record(Stats)
				stats = { blocks: Number(BlockCount), bytes: Number(BlockBytesCount) }
			}
		}
		if (stats === undefined) {
			throw new AppError('refused', `dag/import: ${trouble}`, {
				detail: `The node did not take the bytes: ${trouble.slice(0, 300)}`
			})
		}
		if (root !== undefined && !(roots.length === 1 && roots[0]?.equals(root) === true)) {
			throw new AppError('wrong-root', `asked for ${root.toString()}, got ${roots.join(', ') || 'none'}`, {
				detail: 'The node names another root than the one that was made here. Nothing was announced.'
			})
		}
		return { roots, ...stats }
	}

	/** Has the node publish a record that was signed here (`name/put`, Kubo 0.40): the key stays in this browser. */
	async namePut(name: string, record: Uint8Array, { signal }: { signal?: AbortSignal } = {}): Promise<void> {
		const body = new FormData()
		body.append('file', new Blob([record.slice()]), 'record')
		// Without allow-offline a node that has no connection yet refuses, and would publish the record to nobody later.
		await this.#ask(
			'name/put',
			{ arg: name, 'allow-offline': 'true' },
			{ body, timeoutMs: NAME_MS, ...opt(signal) }
		)
	}

	/** The newest record that the node knows of a name, not checked; undefined when there is none. */
	async nameGet(name: string, { signal }: { signal?: AbortSignal } = {}): Promise<Uint8Array | undefined> {
		try {
			const { bytes } = await this.#ask('name/get', { arg: name }, { timeoutMs: NAME_MS, ...opt(signal) })
			return bytes.byteLength > 0 && bytes.byteLength <= MAX_RECORD_BYTES ? bytes : undefined
		} catch (error) {
			if (error instanceof AppError && /not found|not exist/i.test(error.message)) return undefined
			throw error
		}
	}

	/** Pins that were set for good, at most 10,000; with `cid` that one alone. */
	async pinLs({ cid, signal }: { cid?: string; signal?: AbortSignal } = {}): Promise<readonly KuboPin[]> {
		const query = { type: 'recursive', names: 'true', stream: 'true', ...(cid !== undefined && { arg: cid }) }
		let bytes: Uint8Array
		try {
			;({ bytes } = await this.#ask('pin/ls', query, opt(signal)))
		} catch (error) {
			if (cid !== undefined && error instanceof AppError && /not pinned/i.test(error.message)) return []
			throw error
		}
		const pins: KuboPin[] = []
		for (const value of lines(bytes)) {
			const { Cid, Name } = record(value)
			if (typeof Cid !== 'string') continue
			pins.push({ cid: Cid, ...(typeof Name === 'string' && Name !== '' && { name: Name }) })
			if (pins.length === 10_000) break
		}
		return pins
	}

	/** Pins a DAG for good, fetching what is missing; resolves when all of it is there. */
	async pinAdd(cid: string, { name, signal }: { name?: string; signal: AbortSignal }): Promise<void> {
		const query = { arg: cid, ...(name !== undefined && { name: name.slice(0, 255) }) }
		await this.#ask('pin/add', query, { signal, timeoutMs: IMPORT_MS })
	}

	/** What lies in a directory, with the size of each file; not deeper. At most 100,000 names. */
	async ls(cid: string, signal: AbortSignal): Promise<readonly KuboListed[]> {
		const query = { arg: cid, stream: 'true', size: 'true', 'resolve-type': 'true' }
		const { bytes } = await this.#ask('ls', query, { signal, timeoutMs: LIST_MS, maxBytes: MAX_LIST_BYTES })
		const listed: KuboListed[] = []
		for (const value of lines(bytes)) {
			const { Objects } = record(value)
			for (const object of Array.isArray(Objects) ? (Objects as unknown[]) : []) {
				const { Links } = record(object)
				for (const link of Array.isArray(Links) ? (Links as unknown[]) : []) {
					const { Name, Hash, Size, Type } = record(link)
					if (typeof Name !== 'string' || typeof Hash !== 'string') continue
					// 1 and 5 are the UnixFS types of a directory and of a sharded one.
					listed.push({
						name: Name,
						cid: Hash,
						sizeBytes: Number(Size ?? 0),
						isDirectory: Type === 1 || Type === 5
					})
					if (listed.length === 100_000) return listed
				}
			}
		}
		return listed
	}

	/** The bytes of one block. They are not checked. */
	async blockGet(cid: string, signal: AbortSignal): Promise<Uint8Array> {
		const { bytes } = await this.#ask('block/get', { arg: cid }, { signal, timeoutMs: NAME_MS })
		return bytes
	}

	/** Takes a pin away; true when there was one. */
	async pinRm(cid: string, { signal }: { signal?: AbortSignal } = {}): Promise<boolean> {
		try {
			await this.#ask('pin/rm', { arg: cid }, opt(signal))
			return true
		} catch (error) {
			if (error instanceof AppError && /not pinned/i.test(error.message)) return false
			throw error
		}
	}

	/** What the node holds and may hold, in bytes. */
	async repoStat(signal?: AbortSignal): Promise<{ sizeBytes: number; maxBytes: number }> {
		const { RepoSize, StorageMax } = record(
			await this.#json('repo/stat', { 'size-only': 'true' }, { timeoutMs: NAME_MS, ...opt(signal) })
		)
		return { sizeBytes: Number(RepoSize ?? 0), maxBytes: Number(StorageMax ?? 0) }
	}

	async #json(
		command: string,
		query: Record<string, string>,
		ask: { signal?: AbortSignal | undefined; timeoutMs?: number }
	): Promise<unknown> {
		const { bytes } = await this.#ask(command, query, {
			...opt(ask.signal),
			...(ask.timeoutMs !== undefined && { timeoutMs: ask.timeoutMs })
		})
		const [value] = lines(bytes)
		if (value === undefined) throw this.#notKubo()
		return value
	}

	async #ask(command: string, query: Record<string, string>, ask: Ask): Promise<Answer> {
		const url = new URL(`api/v0/${command}?${new URLSearchParams(query).toString()}`, this.#base)
		const deadline = AbortSignal.timeout(ask.timeoutMs ?? ASK_MS)
		const signal = ask.signal === undefined ? deadline : AbortSignal.any([ask.signal, deadline])
		let answer: Answer
		try {
			answer = await upload(
				url,
				{
					signal,
					headers: this.#token === '' ? {} : { Authorization: `Bearer ${this.#token}` },
					...(ask.body && { body: ask.body }),
					...(ask.maxBytes !== undefined && { maxBytes: ask.maxBytes }),
					...(ask.onprogress && { onprogress: ask.onprogress })
				},
				this.#fetch
			)
		} catch (cause) {
			if (ask.signal?.aborted === true) throw cause
			if (deadline.aborted)
				throw this.#unreachable('no answer in time', 'The node took too long to answer. Is it very busy?', cause)
			if (cause instanceof AppError) throw cause
			throw await this.#whyNoAnswer(cause, ask.signal)
		}
		if (answer.status === 200) return answer
		throw this.#refusal(command, answer)
	}

	/**
	 * A browser hides why a request failed. An opaque request needs no permission of the other side, so when it gets
	 * through, the node is there and does not let this page in.
	 */
	async #whyNoAnswer(cause: unknown, signal: AbortSignal | undefined): Promise<AppError> {
		const page = (globalThis as { location?: Location }).location
		if (page !== undefined && page.origin !== this.#base.origin) {
			const deadline = AbortSignal.timeout(5000)
			try {
				await this.#fetch(new URL('api/v0/version', this.#base), {
					method: 'POST',
					mode: 'no-cors',
					credentials: 'omit',
					signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline])
				})
				return new AppError('refused', 'the node does not allow this page (CORS)', {
					cause,
					detail:
						'The node answers, but does not let this page in. On the node run\n' +
						`ipfs config --json API.HTTPHeaders.Access-Control-Allow-Origin '["${page.origin}"]'\n` +
						'and start it again.'
				})
			} catch {
				// Not reachable at all: said below.
			}
			if (page.protocol === 'https:' && this.#base.protocol === 'http:') {
				return this.#unreachable(
					'no answer, from a secure page to a plain address',
					'Nothing answers. Is the node running? If the browser asks whether this page may reach devices on ' +
						'the local network, it must be allowed; some browsers need an https address for the node.',
					cause
				)
			}
		}
		return this.#unreachable('no answer', 'Nothing answers at this address. Is the node running?', cause)
	}

	#refusal(command: string, { status, bytes }: Answer): AppError {
		const said = wordsOf(bytes, this.#token)
		const fail = (code: AppErrorCode, detail: string) =>
			new AppError(code, `${command}: ${status} ${said}`, { detail })
		if (this.#token !== '') {
			const code = causeOf(status, said)
			if (code === 'key-refused' || code === 'key-scope' || code === 'quota') return fail(code, said)
		}
		if (status === 403) {
			return fail(
				'refused',
				'The node refuses this page. Its API.HTTPHeaders must allow this origin; a token of API.Authorizations needs a proxy before it.'
			)
		}
		if (status === 401) return fail('key-refused', 'The node asks for a token.')
		if (status === 404) {
			return fail(
				'invalid-setting',
				command.startsWith('name/')
					? 'This node is too old for publishing names: Kubo 0.40 or newer is needed.'
					: 'This address answers, but is not the RPC of a Kubo node. The RPC is usually on port 5001.'
			)
		}
		if (status === 429)
			return new AppError('rate-limited', `${command}: 429`, { detail: 'The node asks to wait.' })
		if (status === 413) return fail('too-large', 'Something before the node refuses uploads of this size.')
		if (/no space left|quota/i.test(said)) return fail('quota', 'The node has no space left.')
		return fail('refused', `The node said: ${said}`)
	}

	#unreachable(message: string, detail: string, cause: unknown): AppError {
		return new AppError('unreachable', `${this.origin}: ${message}`, { detail, cause })
	}

	#notKubo(): AppError {
		return new AppError('invalid-setting', 'not the answer of a Kubo node', {
			detail: 'This address answers, but is not the RPC of a Kubo node. The RPC is usually on port 5001.'
		})
	}
}

/** Newline-delimited JSON; a line that is not JSON ends it. */
function* lines(bytes: Uint8Array): Generator {
	for (const line of new TextDecoder().decode(bytes).split('\n')) {
		if (line.trim() === '') continue
		try {
			yield JSON.parse(line) as unknown
		} catch {
			return
		}
	}
}

const record = (value: unknown): Record<string, unknown> => Object(value) as Record<string, unknown>
const opt = (signal: AbortSignal | undefined) => (signal === undefined ? {} : { signal })
