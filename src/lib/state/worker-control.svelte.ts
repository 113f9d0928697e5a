import { AppError } from '$lib/errors'
import type { PageMessage, WorkerNotice } from '$lib/gateway/worker-messages'

export type WorkerState = 'starting' | 'controlling' | 'unsupported' | 'failed' | 'update-ready'

export interface WorkerControlOptions {
	/** Undefined where service workers cannot run: private windows of some browsers, plain http. */
	readonly container?: ServiceWorkerContainer | undefined
	/** URL of the worker's script. */
	readonly script?: URL
	/** How long the page waits to be controlled, ms. */
	readonly timeoutMs?: number
}

/** Firefox stops a worker after about 30 s without an event, also one that is streaming. */
const PING_MS = 15_000

/** Registers the service worker, follows what becomes of it, and keeps it awake while something plays. */
export class WorkerControl {
	#state = $state<WorkerState>('starting')
	readonly #container: ServiceWorkerContainer | undefined
	readonly #script: URL
	readonly #timeoutMs: number
	readonly #ended = new AbortController()
	#failure: AppError | undefined
	#registration: ServiceWorkerRegistration | undefined
	#pings: ReturnType<typeof setInterval> | undefined

	constructor(options: WorkerControlOptions = {}) {
		// Typed as always there; where workers are refused it is not.
		const container = 'serviceWorker' in navigator ? navigator.serviceWorker : undefined
		this.#container = 'container' in options ? options.container : container
		this.#script = options.script ?? new URL('./service-worker.js', document.baseURI)
		this.#timeoutMs = options.timeoutMs ?? 20_000
	}

	/** `update-ready`: this page is controlled, and a newer version waits for {@link update}. */
	get state(): WorkerState {
		return this.#state
	}

	/** True once the worker answers for this page's content. */
	get controlling(): boolean {
		return this.#state === 'controlling' || this.#state === 'update-ready'
	}

	/** Why there is no worker, when {@link state} is `unsupported` or `failed`. */
	get failure(): AppError | undefined {
		return this.#failure
	}

	/** Registers the worker. Resolves to whether it controls the page; never rejects: the app goes on without it. */
	async start(): Promise<boolean> {
		const container = this.#container
		if (container === undefined) {
			this.#failure = new AppError('no-worker', 'this browser or window has no service workers')
			this.#state = 'unsupported'
			return false
		}
		const { signal } = this.#ended
		const notice = (event: MessageEvent<Partial<WorkerNotice> | null>) => {
			if (event.data?.type === 'update-ready') this.#newer()
		}
		container.addEventListener('message', notice, { signal })
		container.addEventListener(
			'controllerchange',
			() => {
				// The wait is over, but on a slow line the worker may still come.
				if (this.#state === 'failed' && this.#isOurs(container)) this.#controls()
			},
			{ signal }
		)
		container.startMessages()
		try {
			const registration = await register(container, this.#script)
			this.#registration = registration
			this.#watch(registration)
			// A page may be under the worker of an app further up on the same origin.
			if (!this.#isOurs(container)) await this.#takeControl(container, registration)
			this.#controls()
			return true
		} catch (cause) {
			this.#failure = new AppError('no-worker', 'the service worker did not start', { cause })
			this.#state = 'failed'
			return false
		}
	}

	/** While true, the worker is kept from being stopped. */
	set playing(playing: boolean) {
		clearInterval(this.#pings)
		this.#pings = playing ? setInterval(() => this.#post({ type: 'ping' }), PING_MS) : undefined
	}

	/** Says that Settings changed which gateways are asked. */
	endpointsChanged(): void {
		this.#post({ type: 'endpoints-changed' })
	}

	/** Lets the newer version take over and loads the page again with it. */
	update(): void {
		this.#container?.addEventListener(
			'controllerchange',
			() => {
				location.reload()
			},
			{ once: true, signal: this.#ended.signal }
		)
		this.#registration?.waiting?.postMessage({ type: 'activate' } satisfies PageMessage)
	}

	dispose(): void {
		this.#ended.abort()
		clearInterval(this.#pings)
	}

	#post(message: PageMessage): void {
		this.#container?.controller?.postMessage(message)
	}

	#isOurs(container: ServiceWorkerContainer): boolean {
		return container.controller?.scriptURL === this.#script.href
	}

	#controls(): void {
		this.#failure = undefined
		this.#state = this.#registration?.waiting ? 'update-ready' : 'controlling'
		this.#post({ type: 'ping' })
	}

	#newer(): void {
		if (this.#state === 'controlling' && this.#registration?.waiting) this.#state = 'update-ready'
	}

	#watch(registration: ServiceWorkerRegistration): void {
		const { signal } = this.#ended
		registration.addEventListener(
			'updatefound',
			() => {
				const { installing } = registration
				installing?.addEventListener(
					'statechange',
					() => {
						if (installing.state === 'installed') this.#newer()
					},
					{ signal }
				)
			},
			{ signal }
		)
	}

	/** Waits for control. After a hard reload an active worker takes it only when it is asked to. */
	async #takeControl(container: ServiceWorkerContainer, registration: ServiceWorkerRegistration): Promise<void> {
		const { promise, resolve, reject } = Promise.withResolvers<void>()
		const timer = setTimeout(() => {
			reject(new DOMException('the worker did not take control', 'TimeoutError'))
		}, this.#timeoutMs)
		const done = new AbortController()
		const signal = AbortSignal.any([done.signal, this.#ended.signal])
		container.addEventListener(
			'controllerchange',
			() => {
				resolve()
			},
			{ signal }
		)
		const { installing } = registration
		installing?.addEventListener(
			'statechange',
			() => {
				if (installing.state === 'redundant') reject(new Error('the worker could not be installed'))
			},
			{ signal }
		)
		try {
			registration.active?.postMessage({ type: 'claim' } satisfies PageMessage)
			await promise
		} finally {
			clearTimeout(timer)
			done.abort()
		}
	}
}

/** As a module, as it is in development; the built worker is one file and runs as a classic script too. */
async function register(container: ServiceWorkerContainer, script: URL): Promise<ServiceWorkerRegistration> {
	try {
		return await container.register(script, { type: 'module' })
	} catch {
		return container.register(script)
	}
}
