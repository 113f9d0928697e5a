import type { MediaElement } from './media-element'

/** A media element of which a test says what happens to it. */
export class FakeMedia extends EventTarget implements MediaElement {
	src = ''
	currentTime = 0
	volume = 1
	muted = false
	playbackRate = 1
	duration = Number.NaN
	paused = true
	error: { readonly code: number } | null = null
	ranges: readonly (readonly [number, number])[] = []
	/** What `play()` rejects with. */
	refuses: Error | undefined

	get buffered() {
		const { ranges } = this
		return {
			length: ranges.length,
			start: (at: number) => ranges[at]?.[0] ?? 0,
			end: (at: number) => ranges[at]?.[1] ?? 0
		}
	}

	play(): Promise<void> {
		if (this.refuses !== undefined) return Promise.reject(this.refuses)
		this.paused = false
		return Promise.resolve()
	}
	pause(): void {
		if (this.paused) return
		this.paused = true
		this.tell('pause')
	}
	load(): void {
		this.error = null
	}
	removeAttribute(): void {
		this.src = ''
	}

	tell(name: string): void {
		this.dispatchEvent(new Event(name))
	}
	/** The file is there and it sounds. */
	sound(durationS: number): void {
		this.duration = durationS
		this.tell('loadedmetadata')
		this.paused = false
		this.tell('playing')
	}
	/** The playhead has come to a second. */
	reach(second: number): void {
		this.currentTime = second
		this.tell('timeupdate')
	}
	end(): void {
		this.paused = true
		this.tell('ended')
	}
	fail(code = 4): void {
		this.error = { code }
		this.tell('error')
	}
}
