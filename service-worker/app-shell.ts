import { answerRange, parseRange } from '../src/lib/gateway/range'
import type { RequestHandler } from './handlers'

export interface AppShellOptions {
	/** The worker's scope: where the app's one page is. */
	readonly scope: URL
	/** Paths of the files that Vite built. All of them are needed. */
	readonly build: readonly string[]
	/** Paths of the static files. */
	readonly files: readonly string[]
	readonly version: string
	readonly caches: CacheStorage
	readonly fetch: typeof fetch
}

const PREFIX = 'antiphon-shell-'
/** The caches that stay: the present version and the one before it, whose pages may still be open. */
const KEPT_CACHES = 2
/** Large, and wanted by few visits: stored when it is first used. */
const ON_FIRST_USE = '/starter.car'

/** Keeps the app itself, so that it opens with no network; and answers for its files. */
export class AppShell implements RequestHandler {
	readonly name = 'app-shell'
	readonly #options: AppShellOptions
	readonly #own: ReadonlySet<string>
	readonly #page: string

	constructor(options: AppShellOptions) {
		this.#options = options
		this.#own = new Set([...options.build, ...options.files])
		this.#page = options.scope.pathname
	}

	get #cacheName(): string {
		return `${PREFIX}${this.#options.version}`
	}

	/** Stores this version. Rejects, and so keeps the worker from installing, when a part of it is missing. */
	async install(): Promise<void> {
		const { build, files, caches } = this.#options
		const cache = await caches.open(this.#cacheName)
		const store = async (path: string) => {
			const response = await this.#options.fetch(new URL(path, this.#options.scope), { cache: 'no-cache' })
			if (!response.ok) throw new Error(`${path}: ${String(response.status)}`)
			await cache.put(path, await unredirected(response))
		}
		await Promise.all([this.#page, ...build].map(store))
		const wanted = files.filter((path) => !path.endsWith(ON_FIRST_USE))
		await Promise.all(wanted.map((path) => store(path).catch(() => undefined)))
	}

	/** Forgets old versions. */
	async activate(): Promise<void> {
		const { caches } = this.#options
		const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX))
		const old = names.filter((name) => name !== this.#cacheName).slice(0, -(KEPT_CACHES - 1))
		await Promise.all(old.map((name) => caches.delete(name)))
	}

	canHandle({ request }: FetchEvent, url: URL): boolean {
		if (request.method !== 'GET' || url.origin !== this.#options.scope.origin) return false
		return (
			this.#isPage(url) || this.#own.has(url.pathname) || url.pathname.startsWith(`${this.#page}_app/immutable/`)
		)
	}

	async handle({ request }: FetchEvent, url: URL): Promise<Response> {
		const path = this.#isPage(url) ? this.#page : url.pathname
		const { caches, fetch } = this.#options
		const cache = await caches.open(this.#cacheName)
		const kept = (await cache.match(path)) ?? (await this.#older(path))
		if (kept !== undefined) return ranged(request, kept)
		try {
			const response = await fetch(request)
			if (response.status === 200 && this.#own.has(path))
				await cache.put(path, await unredirected(response.clone()))
			return response
		} catch {
			return Response.error()
		}
	}

	#isPage({ pathname }: URL): boolean {
		return pathname === this.#page || pathname === `${this.#page}index.html`
	}

	/** A part of the version before, asked for by a page that is still open. */
	async #older(path: string): Promise<Response | undefined> {
		const { caches } = this.#options
		if (path === this.#page) return undefined
		for (const name of await caches.keys()) {
			const found = name.startsWith(PREFIX) ? await (await caches.open(name)).match(path) : undefined
			if (found !== undefined) return found
		}
		return undefined
	}
}

/** A navigation refuses an answer that was redirected (Fetch standard, HTTP-network-or-cache fetch). */
async function unredirected(response: Response): Promise<Response> {
	return response.redirected ? new Response(await response.blob(), { headers: response.headers }) : response
}

/** A kept file is always answered whole, which media elements of some browsers refuse; they get what they asked for. */
async function ranged(request: Request, kept: Response): Promise<Response> {
	const header = request.headers.get('range')
	if (header === null) return kept
	const bytes = await kept.blob()
	const range = answerRange(parseRange(header), bytes.size)
	if (range.status === 200) return new Response(bytes, { headers: kept.headers })
	const headers = new Headers(kept.headers)
	if (range.status === 416) {
		headers.set('Content-Range', `bytes */${String(bytes.size)}`)
		return new Response(null, { status: 416, headers })
	}
	const part = bytes.slice(range.from, range.to + 1)
	headers.set('Content-Range', `bytes ${String(range.from)}-${String(range.to)}/${String(bytes.size)}`)
	headers.set('Content-Length', String(part.size))
	return new Response(part, { status: 206, headers })
}
