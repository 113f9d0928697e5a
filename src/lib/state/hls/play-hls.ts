import Hls, { ErrorTypes, Events } from 'hls.js/light'
import type { EntryRow } from '$lib/catalog/row'
import { AppError } from '$lib/errors'
import { hlsPlaces, type HlsPlace } from './hls-places'

/** Held ahead of the play head, s. */
const AHEAD_S = 30
const BEHIND_S = 60
const FIND_TIMEOUT_MS = 20_000

export interface PlayHlsOptions {
	/** `document.baseURI` */
	readonly base: string
	/** Told the URL of what could not be had or decoded, after which nothing more comes. */
	readonly onbroken: (url: string) => void
}

/**
 * Feeds the segments of a row to an element by Media Source. All of them are fetched through the service worker, which checks
 * them; what a playlist names outside of its folder is not fetched. See `docs/decisions/0010-hls-needs-media-source.md`.
 * Resolves when the element has its source.
 * @returns what ends it
 * @throws AppError `unplayable` where there is no Media Source, `content-unavailable` where no playlist is found
 */
export async function playHls(
	element: HTMLMediaElement,
	row: EntryRow,
	{ base, onbroken }: PlayHlsOptions
): Promise<() => void> {
	if (!Hls.isSupported()) throw new AppError('unplayable', 'this browser has no Media Source')
	const { playlist, folder } = await find(hlsPlaces(row, base))
	const hls = new Hls({
		// A worker made from a blob would need more than the page's own scripts to be allowed.
		enableWorker: false,
		maxBufferLength: AHEAD_S,
		backBufferLength: BEHIND_S,
		xhrSetup: (request, url) => {
			if (!url.startsWith(folder)) throw new AppError('content-unsupported', 'a playlist that names other places')
			request.open('GET', url)
		}
	})
	let hasRecovered = false
	hls.on(Events.ERROR, (_, { fatal, type, url, frag }) => {
		if (!fatal) return
		if (type === ErrorTypes.MEDIA_ERROR && !hasRecovered) {
			hasRecovered = true
			hls.recoverMediaError()
			return
		}
		hls.destroy()
		const broken = frag?.url ?? url
		onbroken(broken?.startsWith(folder) === true ? broken : playlist)
	})
	const attached = new Promise((resolve) => {
		hls.once(Events.MEDIA_ATTACHED, resolve)
	})
	hls.loadSource(playlist)
	hls.attachMedia(element)
	await attached
	return () => {
		hls.destroy()
	}
}

async function find(places: readonly HlsPlace[]): Promise<HlsPlace> {
	const signal = AbortSignal.timeout(FIND_TIMEOUT_MS)
	for (const place of places) {
		const response = await fetch(place.playlist, { signal })
		const text = response.ok ? await response.text() : ''
		if (text.startsWith('#EXTM3U')) return place
	}
	throw new AppError('content-unavailable', 'there is no playlist')
}
