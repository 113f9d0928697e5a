import type { PageSet } from './page-cache'
import { visitPlaces, visitWord, type Part } from './part-words'
import { PLACE_BITS } from './positions'
import { MASK_BITS } from './postings'

/** Finds words that stand side by side. Its arrays are used again. */
export class PhraseFinder {
	/** By document: its last place noted, as a place in the lists below; -1 for none. */
	#heads = new Int32Array(0)
	#wanted = new Uint8Array(0)
	/** Places where the first word stands, each with the one noted before it in its document, and how many words followed. */
	#places = new Uint16Array(1024)
	#before = new Int32Array(1024)
	#followed = new Uint8Array(1024)
	#count = 0

	/**
	 * @param fields - in which the phrase may stand, as bits
	 * @param among - documents that come into question; undefined for all that have the words
	 * @param visit - called with each document that has the phrase, and the fields where
	 */
	find(
		part: Part,
		words: readonly string[],
		fields: number,
		pages: PageSet,
		among: Uint32Array | undefined,
		visit: (local: number, mask: number) => void
	): void {
		const [first] = words
		if (first === undefined) return
		if (part.count > this.#heads.length) {
			this.#heads = new Int32Array(part.count)
			this.#wanted = new Uint8Array(part.count)
		}
		const all = Array.from(among ?? this.#havingAll(part, words, pages))
		for (const local of all) {
			this.#wanted[local] = 1
			this.#heads[local] = -1
		}
		this.#count = 0
		const wanted = { all, has: (local: number) => this.#wanted[local] === 1 }
		words.forEach((word, at) => {
			visitPlaces(part, word, pages, wanted, (local, place) => {
				if (((fields >> (place >> PLACE_BITS)) & 1) === 0) return
				if (at === 0) this.#note(local, place)
				else this.#follow(local, place - at, at)
			})
		})
		for (const local of all) {
			this.#wanted[local] = 0
			let mask = 0
			for (let noted = this.#heads[local] as number; noted !== -1; noted = this.#before[noted] as number) {
				if (this.#followed[noted] === words.length - 1)
					mask |= 1 << ((this.#places[noted] as number) >> PLACE_BITS)
			}
			if (mask !== 0) visit(local, mask)
		}
	}

	#note(local: number, place: number): void {
		if (this.#count === this.#places.length) {
			const length = this.#count * 2
			this.#places = copied(this.#places, new Uint16Array(length))
			this.#before = copied(this.#before, new Int32Array(length))
			this.#followed = copied(this.#followed, new Uint8Array(length))
		}
		this.#places[this.#count] = place
		this.#before[this.#count] = this.#heads[local] as number
		this.#followed[this.#count] = 0
		this.#heads[local] = this.#count++
	}

	#follow(local: number, start: number, at: number): void {
		for (let noted = this.#heads[local] as number; noted !== -1; noted = this.#before[noted] as number) {
			if (this.#places[noted] === start && this.#followed[noted] === at - 1) {
				this.#followed[noted] = at
				return
			}
		}
	}

	#havingAll(part: Part, words: readonly string[], pages: PageSet): Uint32Array {
		const has = new Uint8Array(part.count)
		let found: number[] = []
		words.forEach((word, at) => {
			found = []
			visitWord(part, word, pages, (packed, count) => {
				for (let place = 0; place < count; place++) {
					const local = (packed[place] as number) >>> MASK_BITS
					if (has[local] !== at) continue
					has[local] = at + 1
					found.push(local)
				}
			})
		})
		return Uint32Array.from(found)
	}
}

function copied<Column extends Uint8Array | Uint16Array | Int32Array>(old: Column, empty: Column): Column {
	empty.set(old)
	return empty
}
