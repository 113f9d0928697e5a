import { AppError, errorCode, isAbort } from '$lib/errors'
import type { StoredPlace } from '$lib/storage/database'

/** What is looked at, in this order, one after the other. */
export type CheckStep = 'address' | 'answers' | 'page' | 'version' | 'key' | 'read' | 'write' | 'room'

/** What is wrong, and with it what to do; `src/lib/i18n` holds the words. */
export type CheckAdvice =
	| 'address' // not an address
	| 'needs-https' // a secure page may not ask a plain address that is not of this machine
	| 'local-network' // the browser was told not to let this page reach the local network
	| 'not-running' // nothing answers
	| 'late'
	| 'cors' // it answers, and does not let this page in
	| 'service-cors' // the same at a service, whose owner alone can change it
	| 'not-kubo'
	| 'not-pinning'
	| 'too-old'
	| 'no-key' // it asks for a key and none was given
	| 'key-shape' // what was pasted is no key
	| 'key-refused'
	| 'key-scope'
	| 'quota'
	| 'rate-limited'
	| 'shared-origin'
	| 'unknown'

export interface CheckLine {
	readonly step: CheckStep
	readonly state: 'waiting' | 'running' | 'ok' | 'failed'
	readonly advice?: CheckAdvice
	/** What the other side said, as text; or what was found, such as the version. */
	readonly words?: string
}

export interface PlaceToCheck {
	readonly kind: StoredPlace['kind']
	readonly endpoint: string
	readonly token: string
}

export interface CheckDoors {
	/** Of this page. */
	readonly page: { readonly protocol: string; readonly origin: string; readonly pathname: string }
	/** What the browser says about reaching the local network: `granted`, `prompt`, `denied`; undefined where unknown. */
	localNetwork(): Promise<string | undefined>
	/** True when something answers there at all, whether or not it lets this page in. */
	anybody(url: string, signal: AbortSignal): Promise<boolean>
}

const STEPS: Record<StoredPlace['kind'], readonly CheckStep[]> = {
	pinata: ['key', 'answers', 'read', 'write', 'room'],
	kubo: ['address', 'answers', 'page', 'version', 'write'],
	pinning: ['address', 'answers', 'key', 'read']
}

/** No file of anyone's: deleting it tells whether the key may write, and changes nothing. */
const NO_FILE = '00000000-0000-4000-8000-000000000000'

class Failed extends Error {
	readonly advice: CheckAdvice
	readonly words: string | undefined

	constructor(advice: CheckAdvice, words?: string) {
		super(advice)
		this.advice = advice
		this.words = words
	}
}

/**
 * Tests the connection to a place step by step, and says at the step that fails what is wrong.
 * @param onchange - called with all lines at each change
 * @returns true when every step went well
 */
export async function checkPlace(
	place: PlaceToCheck,
	signal: AbortSignal,
	onchange: (lines: readonly CheckLine[]) => void,
	doors: CheckDoors = browserDoors()
): Promise<boolean> {
	let lines: CheckLine[] = STEPS[place.kind].map((step) => ({ step, state: 'waiting' }))
	const set = (line: CheckLine) => {
		lines = lines.map((other) => (other.step === line.step ? line : other))
		onchange(lines)
	}
	onchange(lines)
	const step = async (name: CheckStep, look: () => Promise<string | undefined> | string | undefined) => {
		signal.throwIfAborted()
		set({ step: name, state: 'running' })
		try {
			const words = await look()
			set({ step: name, state: 'ok', ...(words !== undefined && { words }) })
		} catch (error) {
			signal.throwIfAborted()
			const { advice, words } = error instanceof Failed ? error : await adviceOn(error, place, doors, signal)
			set({ step: name, state: 'failed', advice, ...(words !== undefined && { words }) })
			throw new Failed(advice)
		}
	}
	try {
		await CHECKS[place.kind](place, step, signal, doors)
		return true
	} catch (error) {
		if (error instanceof Failed) return false
		throw error
	}
}

type Step = (name: CheckStep, look: () => Promise<string | undefined> | string | undefined) => Promise<void>
type Check = (place: PlaceToCheck, step: Step, signal: AbortSignal, doors: CheckDoors) => Promise<void>

const CHECKS: Record<StoredPlace['kind'], Check> = {
	async pinata({ endpoint, token }, step, signal) {
		const { pinataAt } = await import('./make-place')
		const account = pinataAt(endpoint, token)
		await step('key', () => {
			if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) throw new Failed(token === '' ? 'no-key' : 'key-shape')
			return undefined
		})
		await step('answers', async () => {
			await account.authenticate(signal)
			return undefined
		})
		await step('read', async () => {
			await account.list(signal)
			return undefined
		})
		await step('write', async () => {
			await account.remove(NO_FILE, signal)
			return undefined
		})
		await step('room', async () => {
			const { sizeBytes } = await account.usage(signal)
			return String(sizeBytes)
		})
	},

	async kubo({ endpoint, token }, step, signal, { page }) {
		const { KuboRpc } = await import('$lib/p2p/kubo-rpc')
		const made: { rpc?: InstanceType<typeof KuboRpc> } = {}
		await step('address', () => {
			made.rpc = new KuboRpc(endpoint, undefined, { token })
			if (page.protocol === 'https:' && isPlainElsewhere(endpoint)) throw new Failed('needs-https')
			return undefined
		})
		const { rpc } = made
		if (rpc === undefined) return
		let version = { version: '', recent: false }
		let pageRefused: Error | undefined
		await step('answers', async () => {
			try {
				version = await rpc.version(signal)
			} catch (error) {
				// It answers, which is all that this step asks.
				if (errorCode(error) !== 'refused') throw error
				pageRefused = error as Error
			}
			return undefined
		})
		await step('page', () => {
			if (pageRefused !== undefined) throw pageRefused
			return undefined
		})
		await step('version', () => {
			if (!version.recent) throw new Failed('too-old', version.version)
			return version.version
		})
		await step('write', async () => {
			// The rendezvous block of the protocol: 11 bytes that every hub holds, taken without a pin.
			await rpc.importCar(RENDEZVOUS_CAR, { signal, pin: false })
			return undefined
		})
	},

	async pinning({ endpoint, token }, step, signal) {
		const { PinningService } = await import('$lib/p2p/pinning-service')
		const made: { service?: InstanceType<typeof PinningService> } = {}
		await step('address', () => {
			made.service = new PinningService({ endpoint, token })
			return undefined
		})
		const { service } = made
		if (service === undefined) return
		let refused: Error | undefined
		let count = 0
		await step('answers', async () => {
			try {
				;({ count } = await service.list(signal, { limit: 1 }))
			} catch (error) {
				if (errorCode(error) !== 'key-refused' && errorCode(error) !== 'key-scope') throw error
				refused = error as Error
			}
			return undefined
		})
		await step('key', () => {
			if (refused !== undefined) throw refused
			return undefined
		})
		await step('read', () => String(count))
	}
}

/** `/antiphon/1` as one raw block in a CAR. */
const RENDEZVOUS_CAR = new Blob([
	Uint8Array.from(
		atob(
			'OqJlcm9vdHOB2CpYJQABVRIgbOMxtWm5HbXHFdEEGIj9jBTzmpRdzdXtmpZN+tQDaAVndmVyc2lvbgEvAVUSIGzjMbVpuR21xxXRBBiI/YwU85qUXc3V7ZqWTfrUA2gFL2FudGlwaG9uLzE='
		),
		(char) => char.charCodeAt(0)
	)
])

/** What a failure of one of the clients means. */
async function adviceOn(
	error: unknown,
	{ kind, endpoint, token }: PlaceToCheck,
	doors: CheckDoors,
	signal: AbortSignal
): Promise<{ readonly advice: CheckAdvice; readonly words?: string }> {
	const words = error instanceof AppError ? error.detail : undefined
	const said = words === undefined ? {} : { words }
	switch (errorCode(error)) {
		case 'key-refused':
			return { advice: token === '' ? 'no-key' : 'key-refused', ...said }
		case 'key-scope':
		case 'quota':
		case 'rate-limited':
			return { advice: errorCode(error) as CheckAdvice, ...said }
		case 'invalid-setting':
			if (URL.parse(endpoint) === null) return { advice: 'address' }
			return { advice: kind === 'kubo' ? 'not-kubo' : 'not-pinning', ...said }
		case 'refused':
			if (kind === 'kubo' && token === '') return { advice: 'cors' }
			return { advice: 'unknown', ...said }
		case 'unreachable':
			break
		default:
			return isAbort(error) ? { advice: 'late' } : { advice: 'unknown', ...said }
	}
	if (/too long|in time/.test((error as Error).message + (words ?? ''))) return { advice: 'late' }
	const url = kind === 'pinata' && endpoint === '' ? 'https://api.pinata.cloud' : endpoint
	if (isLocal(url) && (await doors.localNetwork()) === 'denied') return { advice: 'local-network' }
	if (await doors.anybody(url, signal)) {
		return { advice: kind === 'kubo' && token === '' ? 'cors' : 'service-cors' }
	}
	return { advice: 'not-running' }
}

const LOCAL = /^(localhost|.*\.localhost|127\.[\d.]+|\[::1\])$/
const PRIVATE = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|169\.254\.)|\.local$|^\[f[cd]/

function isLocal(address: string): boolean {
	const host = URL.parse(address)?.hostname ?? ''
	return LOCAL.test(host) || PRIVATE.test(host)
}

/** True for a plain address of another machine, which a secure page may not ask unless the browser lets it. */
function isPlainElsewhere(address: string): boolean {
	const url = URL.parse(address)
	return url?.protocol === 'http:' && !isLocal(address)
}

function browserDoors(): CheckDoors {
	return {
		page: location,
		async localNetwork() {
			try {
				// Chrome 142; the types do not know the name yet.
				const name = 'local-network-access' as PermissionName
				return (await navigator.permissions.query({ name })).state
			} catch {
				return undefined
			}
		},
		async anybody(url, signal) {
			const deadline = AbortSignal.any([signal, AbortSignal.timeout(5_000)])
			// An opaque request needs no leave of the other side.
			return await fetch(url, { mode: 'no-cors', credentials: 'omit', cache: 'no-store', signal: deadline }).then(
				() => true,
				() => false
			)
		}
	}
}
