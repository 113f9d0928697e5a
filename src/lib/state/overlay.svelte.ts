import type { EntryRow } from '$lib/catalog/row'
import type { Keepable } from './keep/keep'
import type { OwnPlaylist } from './library.svelte'

/** An act that a screen adds to the menu of its rows. */
export interface ExtraAct {
	readonly id: string
	readonly label: string
	readonly icon: 'close' | 'up' | 'down' | 'filter'
	readonly onselect: () => void
}

export type OpenMenu =
	| {
			readonly kind: 'rows'
			/** What the acts are for: one row, or all of an album or list. */
			readonly rows: readonly EntryRow[]
			readonly title: string
			/** Where a link to the whole leads, when it is more than one row. */
			readonly link?: string | undefined
			/** The album or list that all the rows are. */
			readonly whole?: Pick<Keepable, 'kind' | 'key' | 'by' | 'href'> | undefined
			readonly extra: readonly ExtraAct[]
			readonly anchor: HTMLElement
	  }
	| { readonly kind: 'sleep'; readonly anchor: HTMLElement }

export type OpenDialog =
	| { readonly kind: 'info'; readonly row: EntryRow }
	| { readonly kind: 'playlist'; readonly rows: readonly EntryRow[]; readonly title: string }
	| { readonly kind: 'proof'; readonly row: EntryRow }
	| { readonly kind: 'why'; readonly row: EntryRow }
	| { readonly kind: 'language' }
	| { readonly kind: 'keep'; readonly what: Keepable }
	/** A playlist that does not fit into a link. */
	| { readonly kind: 'pin-playlist'; readonly playlist: OwnPlaylist; readonly rows: readonly EntryRow[] }
	/** `hash`: what the link opens, from `#` on. */
	| { readonly kind: 'share'; readonly rows: readonly EntryRow[]; readonly title: string; readonly hash: string }
	| { readonly kind: 'keys' }

type RowMenuOptions = Partial<Pick<Extract<OpenMenu, { kind: 'rows' }>, 'link' | 'whole' | 'extra'>>

/** What floats above the page: one menu, one dialog, the full player. */
export class OverlayState {
	#menu = $state.raw<OpenMenu>()
	#dialog = $state.raw<OpenDialog>()
	#player = $state<'queue' | 'details' | undefined>()

	get menu(): OpenMenu | undefined {
		return this.#menu
	}
	get dialog(): OpenDialog | undefined {
		return this.#dialog
	}
	/** The tab of the full player that is open. */
	get player(): 'queue' | 'details' | undefined {
		return this.#player
	}

	rowMenu(
		rows: readonly EntryRow[],
		title: string,
		anchor: HTMLElement,
		{ link, whole, extra = [] }: RowMenuOptions = {}
	): void {
		this.#menu = { kind: 'rows', rows, title, anchor, link, whole, extra }
	}
	sleepMenu(anchor: HTMLElement): void {
		this.#menu = { kind: 'sleep', anchor }
	}
	closeMenu(): void {
		this.#menu = undefined
	}

	show(dialog: OpenDialog): void {
		this.#dialog = dialog
	}
	closeDialog(): void {
		this.#dialog = undefined
	}

	openPlayer(tab: 'queue' | 'details' = 'queue'): void {
		this.#player = tab
	}
	closePlayer(): void {
		this.#player = undefined
	}
}
