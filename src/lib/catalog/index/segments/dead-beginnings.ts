/** Letters of one byte end here. */
const ASCII_END = 0x80

/**
 * Tells with which beginnings no word can be near to a wanted one, however it goes on. Asked for one beginning after
 * the other in alphabetical order, it works out only what differs from the one before: the rows of the table of
 * `unitDistance`, one for each letter, of which those of a shared beginning stay.
 */
export class DeadBeginnings {
	readonly #wanted: Uint16Array
	readonly #most: number
	/** One after the other, each as wide as the wanted word, plus 1. */
	readonly #rows: Uint8Array
	readonly #letters: Uint8Array
	/** Letters of the beginning asked for last that it has worked out. */
	depth = 0
	/** How many of these are dead; 0 when they are not. */
	#dead = 0

	/**
	 * @param wanted - code units
	 * @param most - edits
	 */
	constructor(wanted: Uint16Array, most: number) {
		this.#wanted = wanted
		this.#most = most
		const width = wanted.length + 1
		// A beginning that is longer by more than `most` is dead by its length alone.
		const longest = wanted.length + most + 1
		this.#rows = new Uint8Array((longest + 1) * width)
		this.#letters = new Uint8Array(longest + 1)
		for (let column = 0; column < width; column++) this.#rows[column] = column
	}

	/**
	 * @param bytes - have the beginning from `from` on, so many letters long
	 * @param known - so many letters are those of the beginning before, {@link depth} at most
	 * @returns how many letters of it are enough to be dead; 0 when it is not, or has letters of more than one byte
	 */
	dead(bytes: Uint8Array, from: number, length: number, known: number): number {
		const wanted = this.#wanted
		const rows = this.#rows
		const letters = this.#letters
		const width = wanted.length + 1
		const end = Math.min(length, letters.length - 1)
		if (this.#dead > 0 && known >= this.#dead) return this.#dead
		this.depth = known
		this.#dead = 0
		for (let depth = known + 1; depth <= end; depth++) {
			const letter = bytes[from + depth - 1] as number
			if (letter >= ASCII_END) return 0
			this.depth = depth
			letters[depth] = letter
			const row = depth * width
			const before = row - width
			rows[row] = depth
			let least = depth
			for (let column = 1; column < width; column++) {
				let cost = (rows[before + column - 1] as number) + (wanted[column - 1] === letter ? 0 : 1)
				cost = Math.min(cost, (rows[before + column] as number) + 1, (rows[row + column - 1] as number) + 1)
				if (depth > 1 && column > 1 && wanted[column - 2] === letter && wanted[column - 1] === letters[depth - 1])
					cost = Math.min(cost, (rows[before - width + column - 2] as number) + 1)
				rows[row + column] = cost
				if (cost < least) least = cost
			}
			// Swapping letters takes two rows, of which the first is at most one less than this.
			if (least > this.#most) return (this.#dead = depth)
		}
		return 0
	}
}
