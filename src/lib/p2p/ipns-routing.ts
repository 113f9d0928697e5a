import { AppError, isAbort } from '../errors'
import { readBounded } from './bounded-fetch'
import { MAX_RECORD_BYTES, newestRecord, parseRecord, type IpnsRecord } from './ipns-record'

const RECORD_TYPE = 'application/vnd.ipfs.ipns-record'
const TIMEOUT_MS = 30_000

export interface RoutingOptions {
	readonly signal: AbortSignal
	/** For each router by itself. */
	readonly timeoutMs?: number
	readonly fetch?: typeof globalThis.fetch
}

/** What one router said. */
export interface RoutingOutcome {
	readonly router: string
	readonly error?: unknown
}

const recordUrl = (router: string, name: string) => new URL(`/routing/v1/ipns/${name}`, router)

/**
 * The record of a name at one router (or a Kubo gateway port, which serves the same paths); undefined when it has none
 * that verifies and is not past its end.
 * @throws AppError `unreachable`, `refused`, `invalid-record`, or the reason of `signal`
 */
export async function getRecord(
	router: string,
	name: string,
	options: RoutingOptions
): Promise<IpnsRecord | undefined> {
	return await recordAt(recordUrl(router, name), name, options)
}

/**
 * The record of a name at a trustless gateway, as {@link getRecord}.
 * @see https://specs.ipfs.tech/http-gateways/trustless-gateway/#ipns-record-responses-application-vnd-ipfs-ipns-record
 */
export async function getGatewayRecord(
	gateway: string,
	name: string,
	options: RoutingOptions
): Promise<IpnsRecord | undefined> {
	return await recordAt(new URL(`/ipns/${name}?format=ipns-record`, gateway), name, options)
}

async function recordAt(url: URL, name: string, options: RoutingOptions): Promise<IpnsRecord | undefined> {
	const response = await request(url, { headers: { accept: RECORD_TYPE } }, options)
	if (response.status === 404) return undefined
	if (!response.ok)
		throw new AppError('refused', `${url.host} answered ${String(response.status)}`, { detail: url.origin })
	const type = response.headers.get('content-type')
	// a router that has none may also say so with another type
	if (type?.startsWith(RECORD_TYPE) !== true) return undefined
	const record = await parseRecord(name, await readBounded(response, MAX_RECORD_BYTES, options.signal))
	return record.validUntilMs > Date.now() ? record : undefined
}

export interface FindOptions extends RoutingOptions {
	readonly routers: readonly string[]
	readonly gateways: readonly string[]
	/** How long the others are waited for when one has answered: theirs may be newer. */
	readonly graceMs?: number
}

/** How many of each are asked for one name. */
const MAX_ASKED = 4
const GRACE_MS = 1_500

/** The newest record that routers and gateways have of a name, without waiting long for the slow ones. */
export async function findRecord(
	name: string,
	{ routers, gateways, graceMs = GRACE_MS, ...options }: FindOptions
): Promise<IpnsRecord | undefined> {
	const found: (IpnsRecord | undefined)[] = []
	const asked = [
		...routers.slice(0, MAX_ASKED).map((router) => getRecord(router, name, options)),
		...gateways.slice(0, MAX_ASKED).map((gateway) => getGatewayRecord(gateway, name, options))
	].map(async (answer) => {
		const record = await answer.catch(() => undefined)
		if (record === undefined) throw new Error('none')
		found.push(record)
	})
	const all = Promise.allSettled(asked)
	await Promise.any(asked).catch(() => undefined)
	options.signal.throwIfAborted()
	if (found.length > 0) {
		let timer: ReturnType<typeof setTimeout> | undefined
		await Promise.race([all, new Promise((resolve) => (timer = setTimeout(resolve, graceMs)))])
		clearTimeout(timer)
	}
	return newestRecord(found)
}

/**
 * Asks all routers at once; the newest valid record wins. Also waits for the slow ones, up to their deadline, because
 * the newest record may be theirs.
 */
export async function resolveName(
	routers: readonly string[],
	name: string,
	options: RoutingOptions
): Promise<{ readonly record: IpnsRecord | undefined; readonly outcomes: readonly RoutingOutcome[] }> {
	const answers = await Promise.all(
		routers.map(async (router) => {
			try {
				return { router, record: await getRecord(router, name, options) }
			} catch (error) {
				options.signal.throwIfAborted()
				return { router, error }
			}
		})
	)
	return {
		record: newestRecord(answers.map((answer) => ('record' in answer ? answer.record : undefined))),
		outcomes: answers.map((answer) =>
			'error' in answer ? { router: answer.router, error: answer.error } : { router: answer.router }
		)
	}
}

/**
 * Puts a signed record to all routers, each by itself, so that one that fails does not spoil the others.
 * @returns one outcome a router; none of them had an error where all took it
 */
export async function putRecord(
	routers: readonly string[],
	name: string,
	record: Uint8Array,
	options: RoutingOptions
): Promise<RoutingOutcome[]> {
	return await Promise.all(
		routers.map(async (router) => {
			try {
				const init = { method: 'PUT', body: new Uint8Array(record), headers: { 'content-type': RECORD_TYPE } }
				const response = await request(recordUrl(router, name), init, options)
				if (response.ok) return { router }
				const detail = new TextDecoder()
					.decode(await readBounded(response, 64 * 1024, options.signal))
					.slice(0, 200)
				return {
					router,
					error: new AppError('refused', `${router} answered ${String(response.status)}`, { detail })
				}
			} catch (error) {
				options.signal.throwIfAborted()
				return { router, error }
			}
		})
	)
}

async function request(url: URL, init: RequestInit, options: RoutingOptions): Promise<Response> {
	const { signal, timeoutMs = TIMEOUT_MS, fetch = globalThis.fetch } = options
	const deadline = AbortSignal.timeout(timeoutMs)
	try {
		return await fetch(url, {
			...init,
			signal: AbortSignal.any([signal, deadline]),
			cache: 'no-store',
			credentials: 'omit',
			referrerPolicy: 'no-referrer'
		})
	} catch (cause) {
		signal.throwIfAborted()
		const late = isAbort(cause)
		throw new AppError('unreachable', `${url.host} ${late ? 'was too slow' : 'did not answer'}`, {
			cause,
			detail: url.host
		})
	}
}
