import type { EntryRow } from '$lib/catalog/row'
import type { PlayerStatus } from '../player.svelte'

/** What reading ahead sees of a player; a test says what it does. */
export class FakePlayer {
	status = $state<PlayerStatus>('idle')
	current = $state.raw<EntryRow>()
	next = $state.raw<EntryRow>()
	positionMs = $state(0)
	bufferedToMs = $state(0)
	durationMs = $state<number>()

	get buffered() {
		return [{ startMs: 0, endMs: this.bufferedToMs }]
	}

	get fileDurationMs(): number | undefined {
		return this.durationMs
	}

	get queue() {
		const { next } = this
		return { peek: () => (next === undefined ? undefined : { id: 1, row: next }) }
	}

	/** Sounds, with so much ahead of the playhead. */
	sound(row: EntryRow, heldMs: number): void {
		this.current = row
		this.status = 'playing'
		this.durationMs = row.durationMs
		this.positionMs = 1000
		this.bufferedToMs = 1000 + heldMs
	}
}
