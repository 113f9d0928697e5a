import { onDestroy } from 'svelte'
import { contentUrl } from '$lib/gateway/content-path'
import type { App } from '$lib/state/compose.svelte'
import { provideKeeps, type Doing } from '$lib/state/context'
import { fetchFile } from '$lib/state/keep/fetch-file'
import { KeepsState } from '$lib/state/keep/keeps.svelte'
import { mediaUrl } from '$lib/state/media-url'

const RELEASE_MS = 120_000

/** Builds the state of what is kept and hands it down. Call while the shell is made. */
export function keepThings(app: App, doing: Promise<Doing>): void {
	const { database, settings } = app
	const keeps = new KeepsState({
		library: app.library,
		catalog: app.catalog,
		places: async (ids) => {
			const { keys, places } = await doing
			// Opens the vault, in which the keys of places are.
			await keys.open()
			await places.open()
			return await places.ready(ids)
		},
		fetch: ({ file, sizeBytes, row }, options) =>
			fetchFile({
				file,
				url: row === undefined ? contentUrl(document.baseURI, file) : mediaUrl(row),
				sizeBytes,
				...options
			}),
		release: async (files) => (await app.blockstore()).release(files, AbortSignal.timeout(RELEASE_MS)),
		hold: async ({ cid, bytes }) => {
			const blocks = await app.blockstore()
			await blocks.pin(`playlist ${cid.toString()}`, [cid])
			await blocks.put(cid, bytes)
		},
		hints: async (publisher) => (await database.get('announcements', publisher))?.hints ?? [],
		chosenBytes: () => settings.effective.keepBytes,
		// Absent on a page that is not secure, whatever its type says.
		quotaBytes: async () => (await (navigator as { storage?: StorageManager }).storage?.estimate())?.quota ?? 0,
		canFetch: () => app.worker.controlling && navigator.onLine
	})
	provideKeeps(keeps)
	keeps.open()
	onDestroy(() => {
		keeps.dispose()
	})
}
