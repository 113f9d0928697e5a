import type { EntryRow } from '$lib/catalog/row'

/** What the bar and the full player show: plain values of the moment. */
export interface PlayerView {
	readonly current: EntryRow | undefined
	readonly status: 'idle' | 'waiting' | 'playing' | 'paused' | 'failed'
	readonly positionMs: number
	readonly durationMs: number | undefined
	readonly buffered: readonly { readonly startMs: number; readonly endMs: number }[]
	readonly bufferedToMs: number
	/** 0 to 1. */
	readonly volume: number
	readonly muted: boolean
	readonly shuffled: boolean
	readonly repeat: 'off' | 'all' | 'one'
	readonly favourite: boolean
	/** Where the row's title leads; undefined when it stands in no album. */
	readonly href: string | undefined
	/** Who sends it, or that it is here. */
	readonly source: {
		readonly kind: 'both' | 'peers' | 'gateways' | 'kept' | 'none' | 'ask'
		readonly words: string
	}
	/** Says that something does not play, and what follows. */
	readonly failure: string | undefined
	/** Where a gateway gives what does not play, with nobody checking it. */
	readonly unchecked: { readonly href: string; readonly words: string } | undefined
	/** It waits: for whom, in words; seconds so far; what can be done, once it lasts. */
	readonly stall:
		| {
				readonly words: string
				readonly time: string
				readonly advice: string | undefined
				readonly canSkip: boolean
		  }
		| undefined
	/** The one `<video>` of the tab, while it is what plays, and where it stays when no one looks. */
	readonly video: { readonly element: HTMLVideoElement; readonly home: HTMLElement } | undefined
	/** How long until the sleep timer stops it, in words. */
	readonly sleep: string | undefined
}

export interface PlayerActs {
	readonly ontoggle: () => void
	readonly onnext: () => void
	readonly onprevious: () => void
	/** @param ms - from the start of the row */
	readonly onseek: (ms: number) => void
	/** The pointer is on the seek bar. @param ms - from the start of the row; undefined when it has left */
	readonly onpoint: (ms: number | undefined) => void
	/** @param volume - 0 to 1 */
	readonly onvolume: (volume: number) => void
	readonly onmute: () => void
	readonly onshuffle: () => void
	readonly onrepeat: () => void
	readonly onfavourite: () => void
	readonly onmore: (anchor: HTMLElement) => void
	readonly onsleep: (anchor: HTMLElement) => void
	readonly onsources: () => void
}

/** Puts the one video element where it is looked at. It never leaves the page, as a browser pauses what does. */
export const holdVideo =
	({ element, home }: { readonly element: HTMLVideoElement; readonly home: HTMLElement }) =>
	(node: HTMLElement) => {
		node.append(element)
		return () => {
			if (element.parentNode === node) home.append(element)
		}
	}
