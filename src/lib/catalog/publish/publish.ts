import { CID } from 'multiformats/cid'
import { AppError } from '../../errors'
import type { AtPlace, Draft, PublishProgress, PublishResults, PublishStep, PublishStepName } from '../publishing'
import { blocksBelow } from './car'
import type { PublishDeps, PublishPlaces } from './places'
import { putEverywhere } from './put-everywhere'
import { sendToPlaces } from './send-to-places'

export interface PublishingInit {
	/** Needed until the publication is built. */
	readonly draft?: Draft
	/** IPNS name of the publisher. */
	readonly name: string
	readonly places: PublishPlaces
	readonly deps: PublishDeps
	/** Called at each change of a step, of its progress or of the results. */
	readonly onchange?: () => void
	/** What an earlier try or visit had got to: it is not done again. */
	readonly results?: PublishResults
	/** What it is called in an account of a place; the name in the draft by default. */
	readonly title?: string
}

const ORDER: readonly PublishStepName[] = ['build', 'send', 'sign', 'name', 'announce']

/**
 * One publication on its way: build → send to the places → sign → name → announce. Each step's result is kept: after a
 * failure {@link run} goes on with the step that failed, and sending with what each place has not confirmed. `results`
 * can be stored and given to a new one after a reload.
 */
export class Publishing {
	readonly #init: PublishingInit
	readonly #steps: Map<PublishStepName, PublishStep>
	#results: PublishResults
	#running = false
	/** CIDs below the root in CAR order, known once built here or walked. */
	#blocks: readonly CID[] | undefined
	#saving = Promise.resolve()

	constructor(init: PublishingInit) {
		this.#init = init
		this.#results = init.results ?? { name: init.name }
		this.#steps = new Map(ORDER.map((name) => [name, { name, state: this.#isDone(name) ? 'done' : 'waiting' }]))
	}

	/** In their order. */
	get steps(): readonly PublishStep[] {
		return [...this.#steps.values()]
	}

	get results(): PublishResults {
		return this.#results
	}

	/**
	 * Does every step that is not done. Naming counts as done when one place took the record; the others are in
	 * `results.named`, and {@link nameAgain} asks them once more.
	 * @throws what the failing step threw; its `error` is the same
	 */
	async run(signal: AbortSignal): Promise<PublishResults> {
		if (this.#running) throw new Error('already publishing')
		this.#running = true
		try {
			let unnamed: { readonly error: unknown } | undefined
			for (const name of ORDER) {
				if (this.#isDone(name)) continue
				try {
					await this.#do(name, signal)
				} catch (error) {
					// The announcement carries the record: it is heard also when no place took the name.
					if (name !== 'name' || signal.aborted) throw error
					unnamed = { error }
				}
			}
			if (unnamed !== undefined) throw unnamed.error
			return this.#results
		} finally {
			await this.#saving
			this.#running = false
		}
	}

	/** Brings it once more to the places that do not hold it. */
	async sendAgain(signal: AbortSignal): Promise<PublishResults> {
		await this.#do('send', signal)
		return this.#results
	}

	/** Puts the record once more where that failed. */
	async nameAgain(signal: AbortSignal): Promise<PublishResults> {
		await this.#do('name', signal)
		return this.#results
	}

	#isDone(step: PublishStepName): boolean {
		const { root, places, record, named, peers } = this.#results
		const here = (state: AtPlace['state'] | undefined) => state === 'held' || state === 'asked'
		switch (step) {
			case 'build':
				return root !== undefined
			case 'send': {
				const chosen = this.#init.places.places
				return chosen.length > 0 && chosen.every(({ id }) => here(places?.[id]?.state))
			}
			case 'sign':
				return record !== undefined
			case 'name':
				return named?.some(({ ok }) => ok) === true
			case 'announce':
				return peers !== undefined
		}
	}

	async #do(name: PublishStepName, signal: AbortSignal): Promise<void> {
		const { places, routers } = this.#init.places
		const namers = places.filter((place) => place.namePut !== undefined).length + routers.length
		if ((name === 'send' && places.length === 0) || (name === 'name' && namers === 0)) {
			this.#set({ name, state: 'skipped' })
			return
		}
		this.#set({ name, state: 'running' })
		try {
			signal.throwIfAborted()
			await this.#step(name, signal)
			this.#set({ name, state: 'done' })
		} catch (error) {
			this.#set({ name, state: signal.aborted ? 'waiting' : 'failed', ...(!signal.aborted && { error }) })
			throw error
		}
	}

	#step(name: PublishStepName, signal: AbortSignal): Promise<void> {
		switch (name) {
			case 'build':
				return this.#build(signal)
			case 'send':
				return this.#send(signal)
			case 'sign':
				return this.#sign(signal)
			case 'name':
				return this.#name(signal)
			case 'announce':
				return this.#announce(signal)
		}
	}

	async #build(signal: AbortSignal): Promise<void> {
		const { draft, name, deps } = this.#init
		if (draft === undefined) throw new TypeError('nothing to build')
		const { root, blocks, ...totals } = await deps.build(draft, name, {
			signal,
			onprogress: (progress) => {
				this.#progress('build', progress)
			}
		})
		this.#blocks = blocks
		this.#keep({ ...totals, root: root.toString() })
	}

	async #send(signal: AbortSignal): Promise<void> {
		const { places, deps, name, title = this.#init.draft?.name ?? '' } = this.#init
		const { root: rootText, sizeBytes = 0 } = this.#results
		if (rootText === undefined) throw new TypeError('nothing to send')
		const root = CID.parse(rootText)
		const blocks = (this.#blocks ??= await blocksBelow(root, deps.readBlock, signal))
		const tell = (step: 'packing' | 'sending') => {
			const at = places.places.map(({ id }) => this.#results.places?.[id])
			const done = (place: AtPlace | undefined) =>
				place?.state === 'sending' ? (place.bytesDone ?? 0) : place === undefined ? 0 : sizeBytes
			this.#progress('send', {
				step,
				filesDone: at.filter((place) => place !== undefined && place.state !== 'sending').length,
				files: at.length,
				bytesDone: at.reduce((sum, place) => sum + Math.min(sizeBytes, done(place)), 0),
				bytes: sizeBytes * at.length
			})
		}
		tell('packing')
		await sendToPlaces({
			root,
			title,
			blocks,
			sizeBytes,
			places: places.places,
			before: this.#results.places ?? {},
			readBlock: deps.readBlock,
			holds: async (place) => await deps.holds?.(place, name, rootText, signal),
			onplace: (id, at) => {
				const before = this.#results.places?.[id]
				const noted = before?.mark !== at.mark || before?.state !== at.state
				this.#keep({ places: { ...this.#results.places, [id]: at } }, noted)
				tell('sending')
			},
			signal
		})
	}

	async #sign(signal: AbortSignal): Promise<void> {
		const { name, deps } = this.#init
		const { root } = this.#results
		if (root === undefined) throw new TypeError('nothing to sign')
		const sequence = await deps.nextSequence(name, signal)
		this.#keep({ sequence, record: await deps.sign(name, root, sequence, signal) })
	}

	/** All places at once; one that fails does not keep the others from it. */
	async #name(signal: AbortSignal): Promise<void> {
		const { name, places, deps } = this.#init
		const { record, named: before = [] } = this.#results
		if (record === undefined) throw new TypeError('nothing to name')
		const named = await putEverywhere({
			name,
			record,
			...places,
			putRecord: (...ask) => deps.putRecord(...ask),
			before,
			signal
		})
		this.#keep({ named })
		if (named.some(({ ok }) => ok)) return
		const { code, detail } = named[0]?.problem ?? { code: 'unknown' }
		throw new AppError(
			code === 'unknown' ? 'unreachable' : code,
			'no place took the name',
			detail === undefined ? {} : { detail }
		)
	}

	async #announce(signal: AbortSignal): Promise<void> {
		const { name, deps } = this.#init
		const { record } = this.#results
		if (record === undefined) throw new TypeError('nothing to announce')
		const { peers } = await deps.announce(name, record, signal)
		this.#keep({ peers })
	}

	/** @param save - false for what a later visit can do without */
	#keep(more: Partial<PublishResults>, save = true): void {
		this.#results = { ...this.#results, ...more }
		this.#init.onchange?.()
		const { save: store } = this.#init.deps
		if (store === undefined || !save || this.#results.root === undefined) return
		// One after the other, and a failure to store is none of publishing.
		this.#saving = this.#saving.then(() => store(this.#results)).catch(() => undefined)
	}

	#progress(name: PublishStepName, progress: PublishProgress): void {
		this.#set({ name, state: 'running', progress })
	}

	#set(step: PublishStep): void {
		this.#steps.set(step.name, step)
		this.#init.onchange?.()
	}
}
