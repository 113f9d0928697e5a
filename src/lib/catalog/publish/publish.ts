import type { Draft, PublishResults, PublishStep } from '../publishing'
import type { PublishDeps, PublishPlaces } from './places'

export interface PublishingOptions {
	readonly draft: Draft
	/** IPNS name of the publisher. */
	readonly name: string
	readonly places: PublishPlaces
	readonly deps: PublishDeps
	/** Called at each change of a step or its progress. */
	readonly onchange?: () => void
	/** What an earlier visit had got to; steps that it holds the result of are not done again. */
	readonly results?: PublishResults
}

/**
 * One publication on its way. Each step's result is kept: after a failure {@link run} goes on with the step that
 * failed, and sending goes on with the first part that the node has not confirmed.
 */
export declare class Publishing {
	constructor(options: PublishingOptions)
	readonly steps: readonly PublishStep[]
	readonly results: PublishResults
	/** Runs every step that is not done. @throws what the failing step threw */
	run(signal: AbortSignal): Promise<PublishResults>
}
