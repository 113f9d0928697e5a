import { provideCoverSource } from '$lib/components/cover-source'
import { STARTER_NAME } from '$lib/catalog/starter'
import type { AppErrorCode } from '$lib/errors'
import { AheadState } from '$lib/state/ahead/ahead.svelte'
import { fetchAhead } from '$lib/state/ahead/fetch-ahead'
import { listenerFacts } from '$lib/state/listener-facts'
import { LineState } from '$lib/state/ahead/line.svelte'
import { AvailabilityState } from '$lib/state/availability.svelte'
import { BytesState } from '$lib/state/bytes.svelte'
import type { App } from '$lib/state/compose.svelte'
import {
	provideAhead,
	provideAvailability,
	provideBytes,
	provideCatalog,
	provideLeader,
	provideLibrary,
	provideOverlays,
	providePlayer,
	providePlaylists,
	providePublishers,
	provideSearch,
	provideSettings,
	provideSignatures,
	provideStall,
	provideToasts,
	provideUnchecked,
	provideVouching,
	provideWishes,
	type Unchecked,
	type Vouching
} from '$lib/state/context'
import { isHls } from '$lib/state/hls/is-hls'
import type { Voucher } from '$lib/state/link/voucher'
import { mediaUrl } from '$lib/state/media-url'
import { OverlayState } from '$lib/state/overlay.svelte'
import { PlayerState, type SavedPlayer } from '$lib/state/player.svelte'
import { PlaylistsState } from '$lib/state/playlists.svelte'
import { PublishersState } from '$lib/state/publishers.svelte'
import { SearchState } from '$lib/state/search.svelte'
import { StallState } from '$lib/state/stall.svelte'
import { ToastState } from '$lib/state/toast.svelte'
import { WishesState } from '$lib/state/wishes.svelte'
import { controlled } from '$lib/state/controlled.svelte'
import { uncheckedLink } from '$lib/state/unchecked-link'
import type { BytesReport } from '$lib/gateway/block-port'
import { contentUrl } from '$lib/gateway/content-path'
import type { MessagesState } from '$lib/i18n/index.svelte'
import { onDestroy } from 'svelte'

const DIAGNOSE_BYTES = 512 * 1024
const VOUCHER_MS = 60_000
const DIAGNOSE_TIMEOUT_MS = 20_000
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Builds the states of listening over the app's layers and hands everything down. Call while the shell is made. */
export function provideApp(app: App, messages: MessagesState) {
	const { database, settings, library } = app
	const bytes = new BytesState()
	const publishers = new PublishersState({
		database,
		catalog: app.catalog,
		library,
		addStarter: () => app.addStarter()
	})
	const toasts = new ToastState()
	const overlays = new OverlayState()
	const search = new SearchState(app.catalog)
	const playlists = new PlaylistsState(library, app.catalog)
	search.follow(app.catalog)
	const wishes = new WishesState({
		catalog: app.catalog,
		looking: () => document.visibilityState === 'visible' && document.hasFocus(),
		words: ({ text }, fresh) => {
			const { finding: m } = messages.messages
			return { title: m.notified(text || m.anything), body: m.notifiedBody(fresh) }
		},
		...('Notification' in globalThis
			? {
					notifications: {
						permission: () => Notification.permission,
						request: () => Notification.requestPermission(),
						show: notify
					}
				}
			: {})
	})
	const availability = new AvailabilityState({
		leader: app.leader,
		gateways: () => settings.effective.gateways.length,
		library,
		bytes,
		isLocal: (_, publisher) => publisher === STARTER_NAME
	})
	const audio = document.createElement('audio')
	const video = document.createElement('video')
	for (const element of [audio, video]) element.preload = 'auto'
	video.playsInline = true
	const player = new PlayerState({
		audio,
		video,
		url: (row) => mediaUrl(row),
		feed: (element, row, onbroken) => {
			if (!isHls(row) || !(element instanceof HTMLMediaElement)) return undefined
			const options = { base: document.baseURI, onbroken }
			return import('$lib/state/hls/play-hls').then(({ playHls }) => playHls(element, row, options))
		},
		ready: () => controlled(app.worker),
		diagnose: (url) => diagnose(url, () => bytes.of(rootOf(url))?.failed),
		read: async () => asSaved(await database.get('library', 'player')),
		write: async (saved) => {
			await database.put('library', saved, 'player')
		},
		heard: (row, positionMs, ended) => {
			library.note(row, ended ? 0 : positionMs, ended)
		},
		...('mediaSession' in navigator ? { session: navigator.mediaSession } : {}),
		artwork: (row) => (row.cover === undefined ? undefined : contentUrl(document.baseURI, row.cover))
	})

	const line = new LineState()
	const ahead = new AheadState({
		player,
		fetch: (wish, signal) => fetchAhead(mediaUrl(wish.row), wish, signal),
		allowed: () => app.worker.controlling && line.allows(settings.effective.readAhead),
		isHere: ({ file, publisher }) => publisher === STARTER_NAME || library.isKept(file),
		roomBytes: freeBytes,
		onreport: (listener) => bytes.onreport(listener)
	})
	const stall = new StallState({
		player,
		waiting: (file) => bytes.of(file)?.waiting,
		online: () => availability.online
	})

	const unchecked: Unchecked = {
		ready: () => controlled(app.worker),
		get needed() {
			return app.worker.state === 'unsupported' || app.worker.state === 'failed'
		},
		link: (row) => (unchecked.needed ? uncheckedLink(row, settings.effective.gateways) : undefined)
	}

	provideCoverSource((cid) => (app.worker.controlling ? contentUrl(document.baseURI, cid) : undefined))
	provideCatalog(app.catalog)
	provideLeader(app.leader)
	provideSettings(settings)
	provideBytes(bytes)
	provideLibrary(library)
	providePlaylists(playlists)
	provideToasts(toasts)
	provideOverlays(overlays)
	providePublishers(publishers)
	provideSearch(search)
	provideWishes(wishes)
	provideAhead(ahead)
	provideStall(stall)
	provideUnchecked(unchecked)
	provideSignatures(async (row) => {
		const { readSignature } = await import('$lib/state/proof/signature')
		return await readSignature(row, { database, base: document.baseURI })
	})
	provideVouching(vouching(app))
	provideAvailability(availability)
	providePlayer(player)

	bytes.open()
	line.open(() => {
		ahead.forget('line')
	})
	// Only a head start: without its code everything plays all the same.
	ahead.open().catch(() => undefined)
	stall.open()
	availability.open()
	void publishers.open()
	void wishes.open()
	void player.open()
	$effect(() => {
		app.worker.playing = player.playing
	})
	const { kind } = $derived(availability.ways)
	$effect(() => {
		const facts = listenerFacts({
			library,
			reachable: kind !== 'none' && kind !== 'ask',
			here: [STARTER_NAME],
			budgetBytes: settings.effective.indexBytes
		})
		// Ranking goes on with what was known before.
		app.catalog.know(facts).catch(() => undefined)
	})
	onDestroy(() => {
		wishes.dispose()
		stall.dispose()
		ahead.dispose()
		line.dispose()
		player.dispose()
		availability.dispose()
		bytes.dispose()
		search.dispose()
	})
	return {
		settings,
		ahead,
		availability,
		library,
		overlays,
		player,
		playlists,
		search,
		toasts,
		unchecked,
		video,
		wishes
	}
}

/** Through the worker where there is one: on phones it alone may show anything. */
function notify(title: string, options: NotificationOptions): void {
	const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer }
	const shown = Promise.resolve(serviceWorker?.getRegistration()).then(async (registration) => {
		if (registration === undefined) new Notification(title, options)
		else await registration.showNotification(title, options)
	})
	// Permission may be gone by now; the count beside Search says the same.
	shown.catch(() => undefined)
}

/** What was read of a name holds for a minute. */
function vouching(app: App): Vouching {
	const read = new Map<string, { readonly atMs: number; readonly voucher: Voucher }>()
	return async (name, signal) => {
		const known = read.get(name)
		if (known && Date.now() - known.atMs < VOUCHER_MS) return known.voucher
		const { readVoucher } = await import('$lib/state/link/voucher')
		const record = (of: string, within: AbortSignal) => app.findRecord(of, within)
		const voucher = await readVoucher(name, { record, blocks: app.leader }, signal)
		if (voucher.kind === 'signed') read.set(name, { atMs: Date.now(), voucher })
		return voucher
	}
}

/** What the browser lets this app still write; it does not say so on a page that is not secure. */
async function freeBytes(): Promise<number | undefined> {
	const { quota, usage } = (await (navigator as { storage?: StorageManager }).storage?.estimate()) ?? {}
	return quota === undefined ? undefined : Math.max(0, quota - (usage ?? 0))
}

/**
 * Reads the beginning of what does not play: when it comes whole, it is the format that this browser cannot decode.
 * @param failed - what the worker told of this file: an answer that breaks off has no words of its own
 */
async function diagnose(
	url: string,
	failed: () => BytesReport['failed']
): Promise<{ code: AppErrorCode; tried: readonly string[] }> {
	const signal = AbortSignal.timeout(DIAGNOSE_TIMEOUT_MS)
	const told = toldOf(failed)
	const response = await fetch(url, { headers: { range: `bytes=0-${DIAGNOSE_BYTES - 1}` }, signal })
	if (response.ok) {
		const isWhole = await response.arrayBuffer().then(
			() => true,
			() => false
		)
		// The beginning may be here from before, while what follows could not be had.
		return (await told) ?? { code: isWhole ? 'unplayable' : 'content-unavailable', tried: [] }
	}
	const body = (await response.json().catch(() => ({}))) as { code?: unknown; tried?: unknown }
	const known = ['bad-path', 'not-found', 'content-unverified', 'content-unsupported', 'no-leader', 'storage-full']
	return {
		code: (known.find((code) => code === body.code) as AppErrorCode | undefined) ?? 'content-unavailable',
		tried: Array.isArray(body.tried) ? body.tried.filter((line) => typeof line === 'string').slice(0, 20) : []
	}
}

/** CID of the file or folder that a content URL begins with. */
const rootOf = (url: string): string =>
	url.slice(new URL('ipfs/', document.baseURI).href.length).split(/[/?]/, 1)[0] ?? ''

/** What the worker tells of a failure, which it does twice a second; undefined when it tells of none. */
async function toldOf(failed: () => BytesReport['failed']): Promise<BytesReport['failed']> {
	for (let waits = 0; waits < 10 && failed() === undefined; waits++) await wait(100)
	return failed()
}

function asSaved(value: unknown): SavedPlayer | undefined {
	const saved = value as Partial<SavedPlayer> | null | undefined
	if (typeof saved !== 'object' || saved === null || !Array.isArray(saved.rows)) return undefined
	return {
		rows: saved.rows as SavedPlayer['rows'],
		at: saved.at ?? 0,
		positionMs: saved.positionMs ?? 0,
		volume: saved.volume ?? 1,
		muted: saved.muted ?? false,
		repeat: saved.repeat ?? 'off'
	}
}
