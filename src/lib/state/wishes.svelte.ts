import type { Catalog, Wish } from '$lib/catalog/catalog'
import type { QueryFilters } from '$lib/catalog/query/query'

type WishCatalog = Pick<Catalog, 'wishes' | 'wish' | 'sawWish' | 'forgetWish' | 'onchange'>

/** Whether the browser may tell the person of new hits: `never` where it cannot, or was told not to. */
export type Telling = 'ask' | 'granted' | 'never'

export interface WishesPorts {
	readonly catalog: WishCatalog
	/** The browser's notifications; absent where there are none. */
	readonly notifications?: {
		readonly permission: () => NotificationPermission
		readonly request: () => Promise<NotificationPermission>
		/** A later one of the same tag takes the place of an earlier one, also of another tab's. */
		readonly show: (title: string, options: { readonly body: string; readonly tag: string }) => void
	}
	/** True while the person looks at this tab: then nothing is told beside it. */
	readonly looking?: () => boolean
	/** What a notification says. */
	readonly words?: (wish: Wish, fresh: number) => { readonly title: string; readonly body: string }
}

/** Standing searches: what they are, what came for them, and who is told. */
export class WishesState {
	#wishes = $state.raw<readonly Wish[]>([])
	#failure = $state.raw<unknown>()
	#telling = $state<Telling>('never')
	readonly #ports: WishesPorts
	#stop: (() => void) | undefined
	#reading: Promise<void> | undefined
	#again = false
	#opened = false

	constructor(ports: WishesPorts) {
		this.#ports = ports
	}

	/** Reads them, and from then on follows the index. */
	async open(): Promise<void> {
		this.#telling = tellingOf(this.#ports.notifications?.permission())
		this.#stop = this.#ports.catalog.onchange(() => void this.refresh())
		await this.refresh()
	}

	/** Newest first. */
	get wishes(): readonly Wish[] {
		return this.#wishes
	}
	/** New hits of all of them. */
	get newHits(): number {
		return this.#wishes.reduce((sum, { newHits }) => sum + newHits, 0)
	}
	get telling(): Telling {
		return this.#telling
	}
	/** Why the last act did not work. */
	get failure(): unknown {
		return this.#failure
	}

	async add(text: string, filters: QueryFilters): Promise<void> {
		const some = Object.keys(filters).length > 0
		await this.#act(this.#ports.catalog.wish({ text: text.trim(), ...(some ? { filters } : {}) }))
	}

	async forget(id: string): Promise<void> {
		await this.#act(this.#ports.catalog.forgetWish(id))
	}

	/** Its hits are on the screen. */
	async saw(id: string): Promise<void> {
		if ((this.#wishes.find((wish) => wish.id === id)?.newHits ?? 0) > 0)
			await this.#act(this.#ports.catalog.sawWish(id))
	}

	/** Asks the browser, which asks the person. Call on a click. */
	async allowTelling(): Promise<void> {
		this.#telling = tellingOf(await this.#ports.notifications?.request())
	}

	/** Reads again; calls that come while it reads are answered by one more reading. */
	refresh(): Promise<void> {
		this.#again = true
		this.#reading ??= this.#readWhileAsked().finally(() => {
			this.#reading = undefined
		})
		return this.#reading
	}

	dispose(): void {
		this.#stop?.()
	}

	async #readWhileAsked(): Promise<void> {
		while (this.#again) {
			this.#again = false
			try {
				const now = await this.#ports.catalog.wishes()
				if (this.#opened) for (const wish of now) this.#tell(wish)
				this.#wishes = now
				this.#opened = true
			} catch (error) {
				this.#failure = error
			}
		}
	}

	#tell(wish: Wish): void {
		const { notifications, words, looking } = this.#ports
		const before = this.#wishes.find(({ id }) => id === wish.id)?.newHits ?? 0
		if (wish.newHits <= before || notifications?.permission() !== 'granted') return
		if (words === undefined || looking?.() === true) return
		const { title, body } = words(wish, wish.newHits)
		notifications.show(title, { body, tag: `antiphon-wish-${wish.id}` })
	}

	async #act(act: Promise<unknown>): Promise<void> {
		try {
			await act
			this.#failure = undefined
		} catch (error) {
			this.#failure = error
		}
		await this.refresh()
	}
}

function tellingOf(permission: NotificationPermission | undefined): Telling {
	if (permission === 'granted') return 'granted'
	return permission === 'default' ? 'ask' : 'never'
}
