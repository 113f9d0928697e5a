/** A part of a file; both ends belong to it. */
export interface ByteRange {
	readonly from: number
	readonly to: number
}

/** Parts of one file, sorted and apart from each other. Each change gives a new value. */
export class ByteRanges {
	readonly all: readonly ByteRange[]

	constructor(all: readonly ByteRange[] = []) {
		this.all = all
	}

	with({ from, to }: ByteRange): ByteRanges {
		const apart = this.all.filter((range) => range.to < from - 1 || range.from > to + 1)
		const joined = this.all.filter((range) => !apart.includes(range))
		const whole = {
			from: Math.min(from, ...joined.map((range) => range.from)),
			to: Math.max(to, ...joined.map((range) => range.to))
		}
		return new ByteRanges([...apart, whole].toSorted((one, other) => one.from - other.from))
	}

	/** True when all of it is among them. */
	has({ from, to }: ByteRange): boolean {
		return this.all.some((range) => range.from <= from && range.to >= to)
	}
}

export const lengthOf = ({ from, to }: ByteRange): number => to - from + 1
