import type { PartDocuments } from './part'

/** Documents to a bucket, about. */
const BUCKET = 4
const MAX_BITS = 20
/** Of fewer documents each is looked at. */
const FEW = 1024

/** The documents of one part by the lower half of their file's fingerprint, in buckets of its highest bits. */
class FileTable {
	readonly count: number
	readonly #files: Uint32Array
	readonly #shift: number
	/** Where each bucket begins in {@link #locals}, and where the last one ends. */
	readonly #starts: Uint32Array
	readonly #locals: Uint32Array

	constructor(files: Uint32Array, count: number) {
		const bits = Math.max(1, Math.min(MAX_BITS, Math.ceil(Math.log2(count / BUCKET))))
		const shift = 32 - bits
		const starts = new Uint32Array(2 ** bits + 1)
		for (let local = 0; local < count; local++) {
			const after = ((files[local] as number) >>> shift) + 1
			starts[after] = (starts[after] as number) + 1
		}
		for (let at = 1; at < starts.length; at++) starts[at] = (starts[at] as number) + (starts[at - 1] as number)
		const ends = starts.slice()
		this.#locals = new Uint32Array(count)
		for (let local = 0; local < count; local++) {
			const bucket = (files[local] as number) >>> shift
			const at = ends[bucket] as number
			this.#locals[at] = local
			ends[bucket] = at + 1
		}
		this.count = count
		this.#files = files
		this.#shift = shift
		this.#starts = starts
	}

	/** In rising order. */
	visit(file: number, visit: (local: number) => void): void {
		const bucket = file >>> this.#shift
		const end = this.#starts[bucket + 1] as number
		for (let at = this.#starts[bucket] as number; at < end; at++) {
			const local = this.#locals[at] as number
			if (this.#files[local] === file) visit(local)
		}
	}
}

/** Made when a part is asked for once more with nothing new in between. */
const tables = new WeakMap<PartDocuments, { readonly count: number; table: FileTable | undefined }>()

function tableOf(part: PartDocuments): FileTable | undefined {
	const { count, columns } = part
	if (count < FEW) return undefined
	const known = tables.get(part)
	if (known?.count === count) return (known.table ??= new FileTable(columns.files, count))
	tables.set(part, { count, table: undefined })
	return undefined
}

/** Visits the documents whose files have one of these lower halves of fingerprints. */
export function visitFiles(
	part: PartDocuments,
	files: ReadonlySet<number> | ReadonlyMap<number, unknown>,
	visit: (local: number, file: number) => void
): void {
	if (files.size === 0) return
	const table = tableOf(part)
	if (table !== undefined) {
		for (const file of files.keys()) {
			table.visit(file, (local) => {
				visit(local, file)
			})
		}
		return
	}
	const column = part.columns.files
	for (let local = 0; local < part.count; local++) {
		const file = column[local] as number
		if (files.has(file)) visit(local, file)
	}
}
