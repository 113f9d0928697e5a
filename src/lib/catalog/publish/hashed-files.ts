import type { CID } from 'multiformats/cid'
import type { BuiltPublication, ChosenFile, Draft } from '../publishing'
import { buildInWorker, type BuildInWorkerOptions } from './build-in-worker'
import { FileBlocks } from './file-blocks'
import type { PublishDeps } from './places'

/** A name of no one, the key of which is all zeros: a head must have one, also where nobody is to read it. */
const NOBODY = 'k51qzi5uqu5dg6l7sg2ssb5uefnq8g7g1d6n6j2zsio0o0k7snyb11p8myhxxc'

export type HashOptions = Pick<BuildInWorkerOptions, 'pause' | 'addedS'> & {
	/** The chosen files are not copied into this browser. Wrong where no other place is to keep them. */
	readonly inFiles: boolean
}

/**
 * What was built here, and where its blocks are. Files that another place is to keep need not be copied
 * into this browser: their blocks are read from them again when they are sent. After a reload the same files must be chosen
 * again for that, and are known by then.
 */
export class HashedFiles {
	readonly #build: typeof buildInWorker
	#files: FileBlocks | undefined
	#offered: readonly ChosenFile[] = []

	constructor(build: typeof buildInWorker = buildInWorker) {
		this.#build = build
	}

	/** The blocks of what was built last are not all in the block store. */
	get inFiles(): boolean {
		return this.#files !== undefined
	}

	/** Files that were chosen: a block that is not stored may be in one of them. */
	offer(files: readonly ChosenFile[]): void {
		this.#offered = files.map((file) => (file.location ? { ...file, patches: file.location.patches } : file))
	}

	/** What builds, for {@link PublishDeps}. */
	builder(hash: HashOptions): (...args: Parameters<PublishDeps['build']>) => Promise<BuiltPublication> {
		return async (draft: Draft, name, options) => {
			const built = await this.#build(draft, name, { ...options, ...hash })
			this.#files = built.leaves && new FileBlocks([...draft.others, ...draft.entries], built.leaves)
			// They are known now, or copied: what is missing from here on is not in them.
			this.#offered = []
			return built
		}
	}

	/**
	 * What reads the blocks that were built, for {@link PublishDeps}.
	 * @param isStored - before files are looked through for a block
	 */
	reader(
		readStored: PublishDeps['readBlock'],
		isStored: (cid: CID) => Promise<boolean>
	): PublishDeps['readBlock'] {
		return async (cid, signal) => {
			const known = await this.#files?.get(cid)
			if (known !== undefined) return known
			if (this.#offered.length > 0 && !(await isStored(cid))) {
				await this.#hashOffered(signal)
				const found = await this.#files?.get(cid)
				if (found !== undefined) return found
			}
			return await readStored(cid, signal)
		}
	}

	async #hashOffered(signal: AbortSignal): Promise<void> {
		const others = this.#offered
		this.#offered = []
		const draft: Draft = { name: '', about: '', licence: '', entries: [], others: [...others] }
		const { leaves = [] } = await this.#build(draft, NOBODY, { signal, inFiles: true })
		this.#files = new FileBlocks(others, leaves)
	}
}
