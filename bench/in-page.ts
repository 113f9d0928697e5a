/* Run in the page: no imports, nothing from outside the functions. */

export interface PlayOptions {
	/** Relative to the app. */
	readonly src: string
	readonly kind: 'audio' | 'video'
	/** Part of the whole, 0 to 1. */
	readonly seekTo: number
	/** For each step, ms. */
	readonly limitMs: number
	/** Through the audio device, as a person hears it, and not muted. */
	readonly isHeard?: boolean
}

/** Undefined is what did not come within the limit. */
export interface PlayTimes {
	readonly soundMs?: number
	readonly seekMs?: number
	/** What the element said when it failed. */
	readonly failed?: string
}

/**
 * Time from `play()` to sound (to the first picture, for a video), and after a second of playing from a seek to `seeked`.
 * `timeupdate` comes 250 ms late: polled instead.
 */
export async function playAndSeek({
	src,
	kind,
	seekTo,
	limitMs,
	isHeard = false
}: PlayOptions): Promise<PlayTimes> {
	const element = document.createElement(kind)
	element.muted = !isHeard
	let seen = !(element instanceof HTMLVideoElement)
	if (element instanceof HTMLVideoElement) element.requestVideoFrameCallback(() => (seen = true))
	document.body.append(element)
	const until = async (isSo: () => boolean) => {
		const started = performance.now()
		while (!isSo()) {
			if (element.error) return undefined
			if (performance.now() - started > limitMs) return undefined
			await new Promise((resolve) => setTimeout(resolve, 4))
		}
		return performance.now() - started
	}
	const started = performance.now()
	element.src = new URL(src, document.baseURI).href
	element.play().catch(() => undefined)
	const waited = await until(() => element.currentTime > 0 && seen)
	const soundMs = waited === undefined ? undefined : performance.now() - started
	let seekMs: number | undefined
	if (soundMs !== undefined && (await until(() => element.currentTime > 1)) !== undefined) {
		let sought = false
		element.addEventListener('seeked', () => (sought = true), { once: true })
		element.currentTime = element.duration * seekTo
		seekMs = await until(() => sought)
	}
	const failed = element.error?.message
	element.pause()
	element.removeAttribute('src')
	element.load()
	element.remove()
	return {
		...(soundMs === undefined ? {} : { soundMs }),
		...(seekMs === undefined ? {} : { seekMs }),
		...(failed === undefined ? {} : { failed })
	}
}

/** MB/s of one whole read. */
export async function throughput(src: string): Promise<number> {
	const started = performance.now()
	const response = await fetch(new URL(src, document.baseURI), { cache: 'no-store' })
	let bytes = 0
	const reader = response.body?.getReader()
	for (;;) {
		const chunk = await reader?.read()
		if (!chunk || chunk.done) break
		bytes += chunk.value.byteLength
	}
	if (!response.ok || bytes === 0) throw new Error(`${src} gave ${response.status} and ${bytes} bytes`)
	return bytes / 1e3 / (performance.now() - started)
}

export interface WatchOptions {
	readonly src: string
	readonly kind: 'audio' | 'video'
	/** Seconds of playing after which it ends. */
	readonly playS: number
	/** Parts of the whole to which it goes when it has played so long at each place. */
	readonly seeks?: readonly number[]
	/** Of the whole, ms. */
	readonly limitMs: number
}

export interface Watched {
	/** Times that it had to wait, after it had begun, and not for a seek. */
	readonly stalls: number
	readonly stalledMs: number
	/** Seconds that were played. */
	readonly playedS: number
	readonly durationS: number
	/** Seconds ahead of the position at the end. */
	readonly aheadS: number
	readonly ended: 'whole' | 'late' | 'failed'
}

/** Plays for a while and counts how often it stalls. Says how it stands on `window.benchWatched` meanwhile. */
export async function watchPlaying({ src, kind, playS, seeks = [], limitMs }: WatchOptions): Promise<Watched> {
	const element = document.createElement(kind)
	element.muted = true
	document.body.append(element)
	const started = performance.now()
	let begun = false
	let stalls = 0
	let stalledMs = 0
	let stalledAt: number | undefined
	let seeking = false
	element.addEventListener('waiting', () => {
		if (!begun || seeking || element.ended) return
		stalls++
		stalledAt = performance.now()
	})
	element.addEventListener('playing', () => {
		if (stalledAt !== undefined) stalledMs += performance.now() - stalledAt
		stalledAt = undefined
		if (!element.seeking) seeking = false
	})
	element.src = new URL(src, document.baseURI).href
	element.play().catch(() => undefined)
	const played = () => {
		let sum = 0
		for (let at = 0; at < element.played.length; at++) sum += element.played.end(at) - element.played.start(at)
		return sum
	}
	const ahead = () => {
		for (let at = 0; at < element.buffered.length; at++) {
			const [start, end] = [element.buffered.start(at), element.buffered.end(at)]
			if (start <= element.currentTime + 0.1 && end > element.currentTime) return end - element.currentTime
		}
		return 0
	}
	let ended: Watched['ended'] = 'whole'
	const state = () => ({
		stalls,
		stalledMs: stalledMs + (stalledAt === undefined ? 0 : performance.now() - stalledAt),
		playedS: played(),
		durationS: element.duration,
		aheadS: ahead(),
		ended
	})
	for (const place of [undefined, ...seeks]) {
		if (place !== undefined) {
			seeking = true
			element.currentTime = element.duration * place
			while (element.seeking && element.error === null && performance.now() - started < limitMs)
				await new Promise((resolve) => setTimeout(resolve, 10))
		}
		const from = element.currentTime
		while (element.currentTime < from + playS && !element.ended) {
			if (element.currentTime > from) begun = true
			Object.assign(window, { benchWatched: state() })
			if (element.error !== null || performance.now() - started > limitMs) {
				ended = element.error === null ? 'late' : 'failed'
				break
			}
			await new Promise((resolve) => setTimeout(resolve, 20))
		}
		if (ended !== 'whole') break
	}
	const result = state()
	element.pause()
	element.removeAttribute('src')
	element.load()
	element.remove()
	return result
}
