import type { FindingDoors } from './draft-findings.svelte'

/** Keeps the promise of what is loaded once. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
	let loaded: Promise<T> | undefined
	return () => {
		loaded ??= load().catch((error: unknown) => {
			loaded = undefined
			throw error
		})
		return loaded
	}
}

/** The app's own parts behind {@link FindingDoors}, loaded when they are first needed. */
export function findingDoors(): Required<FindingDoors> {
	const measurer = once(async () => {
		const { SoundMeasurer } = await import('$lib/catalog/publish/sound/measurer')
		return new SoundMeasurer()
	})
	const loudness = once(() => import('$lib/catalog/publish/sound/loudness'))
	let matched: FindingDoors['withMatch']
	const musicBrainz = once(async () => {
		const { MusicBrainz, withMatch } = await import('$lib/catalog/publish/musicbrainz')
		matched = withMatch
		return new MusicBrainz()
	})
	return {
		async measure({ file, durationMs }, signal) {
			return await (await measurer()).measure(file, durationMs, signal)
		},
		async gainOf(blocks) {
			const { integratedLufs, gainOf } = await loudness()
			const lufs = integratedLufs(blocks)
			return lufs === undefined ? undefined : gainOf(lufs)
		},
		async lookUp(entry, signal) {
			return await (await musicBrainz()).find(entry, signal)
		},
		withMatch: (entry, match) => matched?.(entry, match) ?? entry
	}
}
