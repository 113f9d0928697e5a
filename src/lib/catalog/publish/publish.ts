import { CID } from 'multiformats/cid'
import { AppError } from '../../errors'
import type { Draft, NamedAt, PublishProgress, PublishResults, PublishStep, PublishStepName } from '../publishing'
import { carBlob } from './car'
import type { PublishDeps, PublishNode, PublishPlaces } from './places'

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
	/** Blocks that go into one CAR; what a failure costs. Default 128 (32 MiB). */
	readonly partBlocks?: number
}

const PART_BLOCKS = 128
const PIN_MS = 120_000
const ROUTER_MS = 60_000
const ORDER: readonly PublishStepName[] = ['build', 'send', 'sign', 'name', 'announce']

/**
 * One publication on its way: build → send to the node → sign → name → announce. Each step's result is kept: after a
 * failure {@link run} goes on with the step that failed, and sending with the first part that the node has not
 * confirmed. `results` can be stored and given to a new one after a reload.
 */
export class Publishing {
	readonly #init: PublishingInit
	readonly #steps: Map<PublishStepName, PublishStep>
	#results: PublishResults
	#running = false

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
			this.#running = false
		}
	}

	/** Puts the record once more where that failed. */
	async nameAgain(signal: AbortSignal): Promise<PublishResults> {
		await this.#do('name', signal)
		return this.#results
	}

	#isDone(step: PublishStepName): boolean {
		const { root, blocks, pinned, record, named, peers } = this.#results
		switch (step) {
			case 'build':
				return root !== undefined && blocks !== undefined
			case 'send':
				return pinned === true
			case 'sign':
				return record !== undefined
			case 'name':
				return named?.some(({ ok }) => ok) === true
			case 'announce':
				return peers !== undefined
		}
	}

	async #do(name: PublishStepName, signal: AbortSignal): Promise<void> {
		const { node, routers } = this.#init.places
		if (
			(name === 'send' && node === undefined) ||
			(name === 'name' && node === undefined && routers.length === 0)
		) {
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
		this.#keep({ ...totals, root: root.toString(), blocks: blocks.map(String), blocksSent: 0 })
	}

	/** In parts, without pins; then the root alone once more, to be pinned: so a failure costs one part. */
	async #send(signal: AbortSignal): Promise<void> {
		const { places, deps, partBlocks = PART_BLOCKS } = this.#init
		const { node } = places
		const { root: rootText, blocks: texts = [], sizeBytes = 0, blocksSent = 0 } = this.#results
		if (node === undefined || rootText === undefined) throw new TypeError('nothing to send')
		const root = CID.parse(rootText)
		const sent = { bytes: Math.round((sizeBytes * blocksSent) / Math.max(1, texts.length)) }
		const tell = (step: 'packing' | 'sending', more = 0) => {
			const bytesDone = Math.min(sizeBytes, sent.bytes + more)
			const filesDone = this.#results.blocksSent ?? 0
			this.#progress('send', { step, filesDone, files: texts.length, bytesDone, bytes: sizeBytes })
		}
		for (let from = blocksSent; from < texts.length; from += partBlocks) {
			tell('packing')
			const part = texts.slice(from, from + partBlocks).map((text) => CID.parse(text))
			const car = await carBlob([root], part, deps.readBlock, signal)
			const { blocks } = await node.importCar(car, {
				signal,
				pin: false,
				onprogress: (bytesSent) => {
					tell('sending', bytesSent)
				}
			})
			if (blocks !== part.length) {
				throw new AppError('refused', `${blocks} of ${part.length} blocks taken`, {
					detail: 'The node took less than was sent.'
				})
			}
			sent.bytes += car.size
			this.#keep({ blocksSent: from + part.length })
			tell('sending')
		}
		await this.#pin(node, root, signal)
		this.#keep({ pinned: true })
	}

	async #pin(node: PublishNode, root: CID, signal: AbortSignal): Promise<void> {
		const car = await carBlob([root], [root], this.#init.deps.readBlock, signal)
		try {
			await node.importCar(car, { signal, pin: true, root, timeoutMs: PIN_MS })
		} catch (error) {
			// It may have thrown unpinned blocks away meanwhile: the next try sends them all again.
			if (!signal.aborted) this.#keep({ blocksSent: 0 })
			throw error
		}
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
		const { node } = places
		const asks = new Map<string, () => Promise<void>>()
		if (node !== undefined) asks.set(node.origin, () => node.namePut(name, record, { signal }))
		for (const origin of places.routers) {
			const deadline = AbortSignal.any([signal, AbortSignal.timeout(ROUTER_MS)])
			asks.set(origin, () => deps.putRecord(origin, name, record, deadline))
		}
		const named = await Promise.all(
			[...asks].map(async ([place, ask]): Promise<NamedAt> => {
				if (before.some((done) => done.place === place && done.ok)) return { place, ok: true }
				return await ask().then(
					() => ({ place, ok: true }),
					(error: unknown) => ({ place, ok: false, error })
				)
			})
		)
		signal.throwIfAborted()
		this.#keep({ named })
		if (!named.some(({ ok }) => ok)) throw named[0]?.error
	}

	async #announce(signal: AbortSignal): Promise<void> {
		const { name, deps } = this.#init
		const { record } = this.#results
		if (record === undefined) throw new TypeError('nothing to announce')
		const { peers } = await deps.announce(name, record, signal)
		this.#keep({ peers })
	}

	#keep(more: Partial<PublishResults>): void {
		this.#results = { ...this.#results, ...more }
		this.#init.onchange?.()
	}

	#progress(name: PublishStepName, progress: PublishProgress): void {
		this.#set({ name, state: 'running', progress })
	}

	#set(step: PublishStep): void {
		this.#steps.set(step.name, step)
		this.#init.onchange?.()
	}
}
