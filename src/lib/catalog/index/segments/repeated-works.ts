import { workOf } from './columns'
import { SHOWN, type PartDocuments } from './part'

const SEEN_BITS_PER_DOCUMENT = 16
const REPEATED_BITS = 22
const MIN_SEEN_BITS = 20

/** Documents of a part whose works may be repeated. */
interface Listed {
	readonly is: Uint8Array
	readonly documents: Uint32Array
}

const FILTER = 0xfff

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
	readonly #lists = new WeakMap<
		PartDocuments,
		{ readonly version: number; readonly count: number; listed: Listed | undefined }
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
		return this.#test(part)(local)
	}

	/** {@link has} for many documents of one part. */
	test(part: PartDocuments): (local: number) => boolean {
		const known = this.#listed(part) ?? this.#list(part)
		return known === undefined ? this.#test(part) : (local) => known.is[local] === 1
	}

	/** The documents, of those shown, that play what one of these works is; each of them {@link has} others. */
	documentsOf(
		parts: readonly PartDocuments[],
		works: ReadonlySet<number>,
		visit: (part: PartDocuments, local: number, work: number) => void
	): void {
		// Few documents get past this to the slower look-up.
		const maybe = new Uint8Array(FILTER + 1)
		for (const work of works) maybe[work & FILTER] = 1
		for (const part of parts) {
			const { columns, shown, count } = part
			const { files } = columns
			const look = (local: number) => {
				if (maybe[(files[local] as number) & FILTER] !== 1 || shown[local] !== SHOWN) return
				const work = workOf(columns, local)
				if (works.has(work)) visit(part, local, work)
			}
			const known = this.#listed(part)
			if (known === undefined) for (let local = 0; local < count; local++) look(local)
			else for (const local of known.documents) look(local)
		}
	}

	#listed(part: PartDocuments): Listed | undefined {
		const known = this.#lists.get(part)
		return known?.version === this.#version && known.count === part.count ? known.listed : undefined
	}

	/** For all documents of a part, when it is asked for once more with nothing new in between. */
	#list(part: PartDocuments): Listed | undefined {
		const version = this.#version
		const { count } = part
		const known = this.#lists.get(part)
		if (known?.version !== version || known.count !== count) {
			this.#lists.set(part, { version, count, listed: undefined })
			return undefined
		}
		const test = this.#test(part)
		const is = new Uint8Array(count)
		const documents: number[] = []
		for (let local = 0; local < count; local++) {
			if (!test(local)) continue
			is[local] = 1
			documents.push(local)
		}
		known.listed = { is, documents: Uint32Array.from(documents) }
		return known.listed
	}

	#test({ columns: { files, clips } }: PartDocuments): (local: number) => boolean {
		const repeated = this.#repeated
		return (local) => {
			const place = mixed(files[local] as number, clips[local] as number) >>> (32 - REPEATED_BITS)
			return ((repeated[place >>> 5] as number) & (1 << (place & 31))) !== 0
		}
	}
}

function mixed(file: number, clip: number): number {
	let bits = Math.imul(file ^ (file >>> 16), 0x7feb352d) ^ Math.imul(clip, 0x9e3779b1)
	bits = Math.imul(bits ^ (bits >>> 15), 0x846ca68b)
	return (bits ^ (bits >>> 16)) >>> 0
}
