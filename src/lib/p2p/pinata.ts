import { CID } from 'multiformats/cid'
import { AppError, isAbort } from '../errors'
import { refusal } from './refusal'
import { tusUpload } from './tus'
import { upload, type UploadAnswer, type UploadRequest } from './send-body'

const NAME = 'Pinata'
const UPLOADS = 'https://uploads.pinata.cloud'
const API = 'https://api.pinata.cloud'
const ASK_MS = 30_000
const FORM_MS = 30 * 60_000
const MAX_NAME_CHARS = 200
const MAX_HOSTS = 5

/** Above this an upload is resumable; above 100 MB Pinata takes no other. */
export const TUS_ABOVE_BYTES = 90 * 1024 * 1024
const PIECE_BYTES = 16 * 1024 * 1024

/** A file of the account, as Pinata lists it. */
export interface PinataFile {
	readonly id: string
	readonly name: string
	readonly cid: string
	readonly sizeBytes: number
	readonly createdAt: string
}

/** What it was asked to fetch. */
export interface PinataRequest {
	readonly id: string
	/** In Pinata's words: `prechecking`, `retrieving`, `expired`, `over_free_limit`, `invalid_object`, … */
	readonly status: string
}

export interface PinataOptions {
	/** The key (JWT). Sent in a header alone, never in an URL. */
	readonly jwt: string
	readonly fetch?: typeof globalThis.fetch
	/** Other origins than Pinata's own, for tests and for proxies. */
	readonly uploads?: string
	readonly api?: string
	readonly tusAboveBytes?: number
	readonly pieceBytes?: number
	readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>
}

/** One CAR on its way to Pinata; `piece` gives any range of its bytes, the same at each call. */
export interface CarUpload {
	readonly root: CID
	/** What the file is called in the account. */
	readonly name: string
	readonly lengthBytes: number
	readonly piece: (from: number, to: number) => Promise<Blob>
	readonly signal: AbortSignal
	readonly onprogress?: (bytesSent: number) => void
	/** URL of a resumable upload that an earlier visit began, and where it is told of a new one. */
	readonly begun?: string
	readonly onbegun?: (url: string) => void
}

/**
 * Pinata's v3 API, as far as publishing needs it: one CAR with one root goes to the public network.
 * Every method rejects with an AppError whose `detail` passes Pinata's own words on: `key-refused`, `key-scope`,
 * `quota`, `rate-limited`, `too-large`, `refused`, `unreachable`, `wrong-root`.
 * @see https://docs.pinata.cloud/api-reference/endpoint/upload-a-file
 */
export class Pinata {
	readonly #options: PinataOptions
	readonly #uploads: string
	readonly #api: string

	constructor(options: PinataOptions) {
		this.#options = options
		this.#uploads = options.uploads ?? UPLOADS
		this.#api = options.api ?? API
	}

	/** Whether the key is accepted at all. */
	async authenticate(signal: AbortSignal): Promise<void> {
		await this.#json('the key', new URL('/data/testAuthentication', this.#api), { signal })
	}

	/** What the account holds. */
	async usage(signal: AbortSignal): Promise<{ readonly files: number; readonly sizeBytes: number }> {
		const answer = await this.#json('usage', new URL('/data/userPinnedDataTotal', this.#api), { signal })
		const { pin_count, pin_size_total } = fields(answer)
		return { files: Number(pin_count ?? 0), sizeBytes: Number(pin_size_total ?? 0) }
	}

	/** Files of the public network, newest first, at most 100 a page. */
	async list(
		signal: AbortSignal,
		options: { readonly cid?: string; readonly pageToken?: string } = {}
	): Promise<{ readonly files: readonly PinataFile[]; readonly next?: string }> {
		const url = new URL('/v3/files/public', this.#api)
		url.searchParams.set('limit', '100')
		url.searchParams.set('order', 'DESC')
		for (const key of ['cid', 'pageToken'] as const) {
			const value = options[key]
			if (value !== undefined) url.searchParams.set(key, value)
		}
		const { data } = fields(await this.#json('list', url, { signal }))
		const { files, next_page_token: next } = fields(data)
		return {
			files: Array.isArray(files) ? files.slice(0, 1000).flatMap(asFile) : [],
			...(typeof next === 'string' && next !== '' && { next })
		}
	}

	/** Deletes one file of the account; that it is not there is as good. */
	async remove(id: string, signal: AbortSignal): Promise<void> {
		const url = new URL(`/v3/files/public/${encodeURIComponent(id)}`, this.#api)
		const answer = await this.#ask(url, { method: 'DELETE', signal })
		if (answer.status === 404 || (answer.status >= 200 && answer.status <= 299)) return
		throw this.#refusal('delete', answer)
	}

	/**
	 * Asks it to fetch what other servers hold.
	 * @param hosts - multiaddrs of some that hold it
	 * @see https://docs.pinata.cloud/api-reference/endpoint/pin-by-cid
	 */
	async pinByCid(
		{ cid, name, hosts }: { readonly cid: string; readonly name: string; readonly hosts: readonly string[] },
		signal: AbortSignal
	): Promise<void> {
		const asked = {
			cid,
			name: name.slice(0, MAX_NAME_CHARS),
			...(hosts.length > 0 && { host_nodes: hosts.slice(0, MAX_HOSTS) })
		}
		const body = new Blob([JSON.stringify(asked)], { type: 'application/json' })
		const url = new URL('/v3/files/public/pin_by_cid', this.#api)
		const answer = await this.#ask(url, { method: 'POST', body, signal })
		if (answer.status < 200 || answer.status > 299) throw this.#refusal('pin by CID', answer)
	}

	/** Requests by CID that are not done, or were given up. */
	async pinRequests(cid: string, signal: AbortSignal): Promise<readonly PinataRequest[]> {
		const url = new URL('/v3/files/public/pin_by_cid', this.#api)
		url.searchParams.set('cid', cid)
		url.searchParams.set('limit', '100')
		const { rows, jobs } = fields(fields(await this.#json('list', url, { signal }))['data'])
		const listed: unknown = rows ?? jobs
		return (Array.isArray(listed) ? (listed as unknown[]).slice(0, 100) : [])
			.map(fields)
			.filter((request) => request['cid'] === cid && typeof request['id'] === 'string')
			.map(({ id, status }) => ({ id: String(id), status: typeof status === 'string' ? status : '' }))
	}

	/** Takes a request by CID back; that it is not there is as good. */
	async dropPinRequest(id: string, signal: AbortSignal): Promise<void> {
		const url = new URL(`/v3/files/public/pin_by_cid/${encodeURIComponent(id)}`, this.#api)
		const answer = await this.#ask(url, { method: 'DELETE', signal })
		if (answer.status === 404 || (answer.status >= 200 && answer.status <= 299)) return
		throw this.#refusal('delete', answer)
	}

	/**
	 * Uploads one CAR with one root: as a form up to 90 MB, resumable above.
	 * @throws AppError `wrong-root` when Pinata names another root than ours
	 */
	async uploadCar(car: CarUpload): Promise<PinataFile> {
		const { tusAboveBytes = TUS_ABOVE_BYTES } = this.#options
		return car.lengthBytes > tusAboveBytes ? await this.#resumable(car) : await this.#form(car)
	}

	async #form({ root, name, lengthBytes, piece, signal, onprogress }: CarUpload): Promise<PinataFile> {
		const body = new FormData()
		body.append('network', 'public')
		body.append('name', name.slice(0, MAX_NAME_CHARS))
		body.append('car', 'true')
		body.append('file', await piece(0, lengthBytes), 'publication.car')
		const answer = await this.#ask(new URL('/v3/files', this.#uploads), {
			method: 'POST',
			body,
			signal,
			timeoutMs: FORM_MS,
			...(onprogress && { onprogress: (sent: number) => onprogress(Math.min(sent, lengthBytes)) })
		})
		if (answer.status < 200 || answer.status > 299) throw this.#refusal('upload', answer)
		const [file] = asFile(fields(parsed(answer.bytes))['data'])
		if (file === undefined) throw this.#strange()
		sameRoot(file.cid, root)
		return file
	}

	async #resumable(car: CarUpload): Promise<PinataFile> {
		const { jwt, pieceBytes = PIECE_BYTES, fetch, wait } = this.#options
		const { root, name, lengthBytes, signal } = car
		let last: UploadAnswer | undefined
		try {
			last = await tusUpload({
				endpoint: new URL('/v3/files', this.#uploads),
				headers: { Authorization: `Bearer ${jwt}` },
				lengthBytes,
				metadata: {
					filename: name.slice(0, MAX_NAME_CHARS),
					filetype: 'application/vnd.ipld.car',
					network: 'public',
					car: 'true'
				},
				piece: car.piece,
				pieceBytes,
				onbegun: (url) => car.onbegun?.(url),
				signal,
				service: NAME,
				token: jwt,
				...(car.begun !== undefined && { begun: car.begun }),
				...(car.onprogress && { onprogress: car.onprogress }),
				...(fetch && { fetch }),
				...(wait && { wait })
			})
		} catch (error) {
			if (error instanceof AppError || isAbort(error)) throw error
			throw this.#unreachable(error)
		}
		const cid = last?.header('upload-cid')
		if (cid != null) sameRoot(cid, root)
		const listed = await this.#listed(root, signal)
		if (listed !== undefined) return listed
		if (cid != null) return { id: '', name, cid, sizeBytes: lengthBytes, createdAt: '' }
		// Neither the answer nor the account names our root: something else was made of the bytes.
		throw wrongRoot('none', root)
	}

	async #listed(root: CID, signal: AbortSignal): Promise<PinataFile | undefined> {
		const { files } = await this.list(signal, { cid: root.toString() })
		return files.find(({ cid }) => sameCid(cid, root))
	}

	async #json(what: string, url: URL, ask: { readonly signal: AbortSignal }): Promise<unknown> {
		const answer = await this.#ask(url, { method: 'GET', ...ask })
		if (answer.status < 200 || answer.status > 299) throw this.#refusal(what, answer)
		return parsed(answer.bytes)
	}

	async #ask(url: URL, ask: UploadRequest & { readonly timeoutMs?: number }): Promise<UploadAnswer> {
		const { jwt, fetch } = this.#options
		const { timeoutMs = ASK_MS, ...request } = ask
		const signal = AbortSignal.any([ask.signal, AbortSignal.timeout(timeoutMs)])
		try {
			return await upload(url, { ...request, signal, headers: { Authorization: `Bearer ${jwt}` } }, fetch)
		} catch (error) {
			ask.signal.throwIfAborted()
			if (error instanceof AppError) throw error
			throw this.#unreachable(error)
		}
	}

	#refusal(what: string, answer: UploadAnswer): AppError {
		return refusal(NAME, what, answer, this.#options.jwt)
	}

	#unreachable(cause: unknown): AppError {
		const detail = isAbort(cause) ? `${NAME} takes too long to answer.` : `${NAME} does not answer.`
		return new AppError('unreachable', detail, { cause, detail })
	}

	#strange(): AppError {
		return new AppError('refused', 'not an answer of Pinata', { detail: `${NAME} gave an answer without a file.` })
	}
}

const fields = (value: unknown): Record<string, unknown> => Object(value) as Record<string, unknown>

function parsed(bytes: Uint8Array): unknown {
	try {
		return JSON.parse(new TextDecoder().decode(bytes))
	} catch {
		return undefined
	}
}

function asFile(value: unknown): [] | [PinataFile] {
	const { id, name, cid, size, created_at } = fields(value)
	if (typeof id !== 'string' || typeof cid !== 'string') return []
	return [
		{
			id,
			cid,
			name: typeof name === 'string' ? name.slice(0, 500) : '',
			sizeBytes: typeof size === 'number' ? size : 0,
			createdAt: typeof created_at === 'string' ? created_at : ''
		}
	]
}

function sameCid(text: string, root: CID): boolean {
	try {
		return CID.parse(text).toV1().equals(root.toV1())
	} catch {
		return false
	}
}

function sameRoot(cid: string, root: CID): void {
	if (!sameCid(cid, root)) throw wrongRoot(cid, root)
}

function wrongRoot(got: string, root: CID): AppError {
	return new AppError('wrong-root', `asked for ${root.toString()}, got ${got.slice(0, 100)}`, {
		detail: `${NAME} names another root than the one that was made here. Nothing was announced.`
	})
}
