import { AppError, errorCode, isAbort, type AppErrorCode } from '$lib/errors'

/** What came of a test; `src/lib/i18n` holds the words. */
export type TestOutcome =
	| { readonly state: 'testing' }
	| { readonly state: 'answers'; readonly ms: number }
	| {
			readonly state: 'failed'
			readonly cause: 'unreachable' | 'refused' | 'not-a-gateway' | 'not-a-router' | 'late' | 'undialled'
			/** What the other side or the dialler said, where it said something. */
			readonly detail?: string
	  }

/** What came of asking an own node. */
export type NodeOutcome =
	| { readonly state: 'testing' }
	| { readonly state: 'answers'; readonly version: string; readonly recent: boolean }
	| { readonly state: 'failed'; readonly code: AppErrorCode | 'late'; readonly detail?: string }

const TIMEOUT_MS = 10_000
/** Every gateway has the empty block. @see https://specs.ipfs.tech/http-gateways/trustless-gateway/#dedicated-probe-paths */
const EMPTY_BLOCK = 'bafkqaaa'
/** The rendezvous block (protocol section 4), the one CID that every router of ours is asked for. */
const RENDEZVOUS = 'bafkreidm4my3k2nzdw24oforaqmir7mmctzzvfc5zxk63guwjx5nia3iau'

/** A signal that also ends after the deadline of a test. */
const within = (signal: AbortSignal, timeoutMs = TIMEOUT_MS) =>
	AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])

async function ask(
	url: URL,
	accept: string,
	signal: AbortSignal,
	judge: (response: Response) => Promise<TestOutcome | undefined>,
	fetch: typeof globalThis.fetch
): Promise<TestOutcome> {
	const started = performance.now()
	try {
		const response = await fetch(url, {
			headers: { accept },
			signal: within(signal),
			credentials: 'omit',
			cache: 'no-store'
		})
		const ms = Math.round(performance.now() - started)
		return (await judge(response)) ?? { state: 'answers', ms }
	} catch (error) {
		signal.throwIfAborted()
		return { state: 'failed', cause: isAbort(error) ? 'late' : 'unreachable' }
	}
}

/** Whether an origin gives raw blocks, the only kind that can be checked here. */
export function testGateway(
	origin: string,
	signal: AbortSignal,
	fetch: typeof globalThis.fetch = globalThis.fetch
): Promise<TestOutcome> {
	const url = new URL(`/ipfs/${EMPTY_BLOCK}?format=raw`, origin)
	return ask(
		url,
		'application/vnd.ipld.raw',
		signal,
		async (response) => {
			if (response.status === 401 || response.status === 403) return { state: 'failed', cause: 'refused' }
			// A page that says yes to everything has more to say than the empty block.
			const reader = response.body?.getReader()
			const first = await reader?.read()
			void reader?.cancel()
			const empty = first === undefined || first.done
			return response.ok && empty ? undefined : { state: 'failed', cause: 'not-a-gateway' }
		},
		fetch
	)
}

/** Whether an origin answers for `/routing/v1`. Knowing no provider is an answer. */
export function testRouter(
	origin: string,
	signal: AbortSignal,
	fetch: typeof globalThis.fetch = globalThis.fetch
): Promise<TestOutcome> {
	const url = new URL(`/routing/v1/providers/${RENDEZVOUS}`, origin)
	return ask(
		url,
		'application/x-ndjson, application/json',
		signal,
		async (response) => {
			const type = response.headers.get('content-type') ?? ''
			await response.body?.cancel()
			if (response.status === 401 || response.status === 403) return { state: 'failed', cause: 'refused' }
			const answered = response.ok ? type.includes('json') : response.status === 404 && !type.includes('html')
			return answered ? undefined : { state: 'failed', cause: 'not-a-router' }
		},
		fetch
	)
}

/** Dials a hub once. */
export async function testHub(
	address: string,
	dial: (address: string, signal: AbortSignal) => Promise<void>,
	signal: AbortSignal
): Promise<TestOutcome> {
	const started = performance.now()
	try {
		await dial(address, within(signal, 20_000))
		return { state: 'answers', ms: Math.round(performance.now() - started) }
	} catch (error) {
		signal.throwIfAborted()
		if (isAbort(error)) return { state: 'failed', cause: 'late' }
		return {
			state: 'failed',
			cause: 'undialled',
			...(error instanceof AppError && error.detail && { detail: error.detail })
		}
	}
}

/** Asks the RPC of an own Kubo node for its version. */
export async function testNode(origin: string, signal: AbortSignal): Promise<NodeOutcome> {
	try {
		const { KuboRpc } = await import('$lib/p2p/kubo-rpc')
		const { version, recent } = await new KuboRpc(origin).version(within(signal))
		return { state: 'answers', version, recent }
	} catch (error) {
		signal.throwIfAborted()
		const detail = error instanceof AppError ? error.detail : undefined
		return {
			state: 'failed',
			code: isAbort(error) ? 'late' : (errorCode(error) ?? 'unreachable'),
			...(detail !== undefined && { detail })
		}
	}
}

/** What to run on a Kubo node so that it lets a page in. @param pageOrigin - of this page */
export const nodeCommands = (pageOrigin: string): string =>
	`ipfs config --json API.HTTPHeaders.Access-Control-Allow-Origin '["${pageOrigin}"]'`

/** What to run once, while a Kubo node does not run, so that it becomes a hub (protocol section 4). */
export const hubCommands = `ipfs config --json Pubsub.Enabled true
ipfs config --json Swarm.RelayService.Enabled true
printf /antiphon/1 | ipfs block put --pin`

/** What to run each time the node has started, so that it is one. */
export const hubSubscriptions = `ipfs pubsub sub /antiphon/1/announce > /dev/null &
ipfs pubsub sub /antiphon/1/query > /dev/null &`
