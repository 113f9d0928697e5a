import { visitFiles } from './by-file'
import { KIND_MASK, workOf } from './columns'
import { SHOWN, type PartDocuments } from './part'

const SEEN_BITS_PER_DOCUMENT = 16
const REPEATED_BITS = 22
/** Beside a kind. */
export const REPEATED = 0x80
const MIN_SEEN_BITS = 20

/**
 * Which works may have more than one document, so that folding copies looks only at these: two Bloom filters. Now and then it says yes of one
 * that has not, which costs a look; never no of one that has.
 */
export class RepeatedWorks {
	#seen: Uint32Array
	#mask: number
	readonly #repeated = new Uint32Array(1 << (REPEATED_BITS - 5))
	/** Raised whenever more works are repeated. */
	#version = 0
	readonly #flags = new WeakMap<
		PartDocuments,
		{ readonly version: number; readonly count: number; flags: Uint8Array | undefined }
	>()
	#documents = 0

	/** @param documents - about how many there will be */
	constructor(documents = 0) {
		const bits = Math.max(MIN_SEEN_BITS, Math.ceil(Math.log2(documents * SEEN_BITS_PER_DOCUMENT + 1)))
		this.#seen = new Uint32Array(2 ** (bits - 5))
		this.#mask = 2 ** bits - 1
	}

	/** True when there would be so many documents that a larger one should be made. */
	crowdedBy(more: number): boolean {
		return (this.#documents + more) * SEEN_BITS_PER_DOCUMENT > (this.#mask + 1) * 2
	}

	add({ columns }: PartDocuments, from: number, to: number): void {
		const seen = this.#seen
		const mask = this.#mask
		for (let local = from; local < to; local++) {
			const one = mixed(columns.files[local] as number, columns.clips[local] as number)
			const other = Math.imul(one ^ (one >>> 15), 0x2c1b3c6d) >>> 0
			const [a, b] = [one & mask, other & mask]
			const bitA = 1 << (a & 31)
			const bitB = 1 << (b & 31)
			if (((seen[a >>> 5] as number) & bitA) !== 0 && ((seen[b >>> 5] as number) & bitB) !== 0) {
				const place = one >>> (32 - REPEATED_BITS)
				const bits = this.#repeated[place >>> 5] as number
				const bit = 1 << (place & 31)
				if ((bits & bit) === 0) this.#version++
				this.#repeated[place >>> 5] = bits | bit
			} else {
				seen[a >>> 5] = (seen[a >>> 5] as number) | bitA
				seen[b >>> 5] = (seen[b >>> 5] as number) | bitB
			}
		}
		this.#documents += to - from
	}

	has(part: PartDocuments, local: number): boolean {
		return this.test(part)(local)
	}

	/** {@link has} for documents of one part. */
	test({ columns: { files, clips } }: PartDocuments): (local: number) => boolean {
		const repeated = this.#repeated
		return (local) => {
			const place = mixed(files[local] as number, clips[local] as number) >>> (32 - REPEATED_BITS)
			return ((repeated[place >>> 5] as number) & (1 << (place & 31))) !== 0
		}
	}

	/** The documents, of those shown, that play what one of these works is; each of them {@link has} others. */
	documentsOf(
		parts: readonly PartDocuments[],
		works: ReadonlySet<number>,
		visit: (part: PartDocuments, local: number, work: number) => void
	): void {
		const files = new Set(Array.from(works, (work) => work >>> 0))
		for (const part of parts) {
			visitFiles(part, files, (local) => {
				if (part.shown[local] !== SHOWN) return
				const work = workOf(part.columns, local)
				if (works.has(work)) visit(part, local, work)
			})
		}
	}

	/**
	 * Of each document of a part its kind, with {@link REPEATED} where {@link has} is true of it: looked at in no order, one byte
	 * is quicker to have than three. When it is asked for once more with nothing new in between.
	 */
	flags(part: PartDocuments): Uint8Array | undefined {
		const version = this.#version
		const { count } = part
		const known = this.#flags.get(part)
		if (known?.version !== version || known.count !== count) {
			this.#flags.set(part, { version, count, flags: undefined })
			return undefined
		}
		if (known.flags !== undefined) return known.flags
		const test = this.test(part)
		const flags = new Uint8Array(count)
		const { traits } = part.columns
		for (let local = 0; local < count; local++)
			flags[local] = ((traits[local] as number) & KIND_MASK) | (test(local) ? REPEATED : 0)
		known.flags = flags
		return flags
	}
}

/** A number that is the same for what plays the same, and spread evenly. */
export function mixed(file: number, clip: number): number {
	let bits = Math.imul(file ^ (file >>> 16), 0x7feb352d) ^ Math.imul(clip, 0x9e3779b1)
	bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b)
	return (bits ^ (bits >>> 16)) >>> 0
}
