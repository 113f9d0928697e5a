import type { Pause } from '$lib/catalog/publish/pause'
import type { ChosenFile, Draft, PublishProgress, PublishResults, PublishStep } from '$lib/catalog/publishing'
import type { FindingDoors } from './draft-findings.svelte'

/** A publication on its way; the steps keep what they have done. `Publishing` of the catalog is one. */
export interface PublishRun {
	readonly steps: readonly PublishStep[]
	readonly results: PublishResults
	run(signal: AbortSignal): Promise<PublishResults>
}

export interface RunOptions {
	readonly draft: Draft
	/** IPNS name that publishes. */
	readonly name: string
	/** Ids of the places it goes to; none for this browser alone. */
	readonly places: readonly string[]
	/** Adds it to what the name has published, in place of replacing that. */
	readonly join: boolean
	/** Ids of own playlists that go along. */
	readonly playlists: readonly string[]
	readonly results?: PublishResults
	readonly pause: Pause
	readonly onchange: () => void
}

/** What publishing asks of the rest of the app. */
export interface PublishDoors extends FindingDoors {
	read(
		files: readonly ChosenFile[],
		options: { readonly signal: AbortSignal; readonly onprogress: (progress: PublishProgress) => void }
	): Promise<Draft>
	/** A key pair is made and kept; gives its IPNS name. */
	makeKey(label: string): Promise<string>
	/** True where something is known to have been published under a name, also by another device. */
	hasPublished(name: string, signal: AbortSignal): Promise<boolean>
	start(options: RunOptions): Promise<PublishRun>
}
