import { goto } from '$app/navigation'
import type { EntryRow } from '$lib/catalog/row'
import { useMessages } from '$lib/i18n/index.svelte'
import { useAhead, useAvailability, useOverlays, usePlayer, useUnchecked } from '$lib/state/context'
import { albumHrefOfRow, entryHref, publisherHref } from '$lib/state/page-address'
import { isPlayable, type PlayOptions } from '$lib/state/player.svelte'
import type { ExtraAct } from '$lib/state/overlay.svelte'
import { mediaUrl } from '$lib/state/media-url'
import { availabilityWords } from './words'

/** What every list of rows needs, made of the states in context. Call while a component is made. */
export function useListening() {
	const m = useMessages()
	const player = usePlayer()
	const ahead = useAhead()
	const availability = useAvailability()
	const overlays = useOverlays()
	const unchecked = useUnchecked()

	return {
		availability: (row: EntryRow) => availabilityWords(m, availability.of(row)),
		playing: (row: EntryRow): 'on' | 'paused' | undefined =>
			player.holds(row) ? (player.playing ? 'on' : 'paused') : undefined,
		publisherHref: (row: EntryRow) => publisherHref(row.publisher),
		albumHref: albumHrefOfRow,
		/** Rows on the screen and under the pointer are fetched ahead. */
		see: ahead.see,
		onhover: ahead.hover,
		/** Plays one of a list, the rest after it; pauses what sounds. What cannot be played is opened. */
		play(rows: readonly EntryRow[], at: number, options?: PlayOptions): void {
			const row = rows[at]
			if (row === undefined) return
			// Where no worker answers, its own page has the link that does without.
			if (!isPlayable(row) && unchecked.needed) void goto(entryHref(row))
			else if (!isPlayable(row)) open(mediaUrl(row), '_blank', 'noopener')
			else if (player.holds(row) && options === undefined) void player.toggle()
			else void player.play(rows, at, options)
		},
		more(row: EntryRow, anchor: HTMLElement, extra?: readonly ExtraAct[]): void {
			overlays.rowMenu([row], row.title, anchor, extra === undefined ? {} : { extra })
		},
		/** True while one of these rows is in the player. */
		holdsAny: (rows: readonly EntryRow[]): boolean => rows.some((row) => player.holds(row))
	}
}
