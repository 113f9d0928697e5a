/** What the player needs of `<audio>` and `<video>`; a test passes its own. */
export interface MediaElement extends EventTarget {
	src: string
	currentTime: number
	volume: number
	muted: boolean
	playbackRate: number
	readonly duration: number
	readonly paused: boolean
	readonly buffered: Pick<TimeRanges, 'length' | 'start' | 'end'>
	readonly error: { readonly code: number } | null
	play(): Promise<void>
	pause(): void
	load(): void
	removeAttribute(name: string): void
}
