import { editDistance } from '../edit-distance'
import type { TimeSlices } from '../time-slices'
import { Dictionary, type DictionaryWord, type NearInDictionary } from './dictionary'
import { ID_MARK } from './id-mark'
import { PageGone } from './page-cache'
import type { Part } from './part-words'
import { Segment } from './segment'
import { DICTIONARY } from './segment-store'
import { lettersOf, mayBeNear } from './word-letters'

export interface NearWord extends NearInDictionary {
	/** Parts that have it. */
	readonly parts: readonly Part[]
}

/** The words of all parts. Those of segments are read when they are first asked for, and stay. */
export class Dictionaries {
	readonly #loaded = new Map<number, Dictionary>()
	readonly #loading = new Map<number, Promise<Dictionary>>()

	/** @throws PageGone */
	async load(parts: readonly Part[], slices: TimeSlices): Promise<void> {
		const present = new Set<number>()
		for (const part of parts) {
			if (!(part instanceof Segment)) continue
			present.add(part.id)
			if (this.#loaded.has(part.id)) continue
			let loading = this.#loading.get(part.id)
			if (loading === undefined) {
				loading = this.#read(part)
				this.#loading.set(part.id, loading)
				const forget = () => this.#loading.delete(part.id)
				loading.then(forget, forget)
			}
			await loading
			await slices.rest()
		}
	}

	/** Forgets those of segments that are no more. */
	keep(segments: ReadonlySet<number>): void {
		for (const id of this.#loaded.keys()) if (!segments.has(id)) this.#loaded.delete(id)
	}

	/** Documents with the very word. */
	frequency(parts: readonly Part[], word: string): number {
		let frequency = 0
		for (const part of parts) {
			frequency +=
				part instanceof Segment ? (this.#loaded.get(part.id)?.frequency(word) ?? 0) : part.frequency(word)
		}
		return frequency
	}

	/** Parts that may have the word: all whose dictionaries have not been asked for yet. */
	mayHave(parts: readonly Part[], word: string): Part[] {
		return parts.filter((part) => !(part instanceof Segment) || this.#loaded.get(part.id)?.frequency(word) !== 0)
	}

	/** Parts that have all these words. */
	partsWith(parts: readonly Part[], words: readonly string[]): Part[] {
		return parts.filter((part) => words.every((word) => this.frequency([part], word) > 0))
	}

	/** Words at most so many edits away and not the same; nearest first, then most frequent. */
	near(parts: readonly Part[], wanted: string, most: number): NearWord[] {
		const found = new Map<string, { documents: number; edits: number; parts: Part[] }>()
		const add = (part: Part, word: string, documents: number, edits: number) => {
			const known = found.get(word)
			if (known === undefined) found.set(word, { documents, edits, parts: [part] })
			else {
				known.documents += documents
				known.parts.push(part)
			}
		}
		const letters = lettersOf(wanted)
		for (const part of parts) {
			if (part instanceof Segment) {
				for (const { word, documents, edits } of this.#loaded.get(part.id)?.near(wanted, most) ?? [])
					add(part, word, documents, edits)
				continue
			}
			part.words.forEach((word, number) => {
				if (!mayBeNear(part.letters[number] as number, letters, most) || word.startsWith(ID_MARK)) return
				const edits = editDistance(wanted, word, most)
				if (edits > 0 && edits <= most) add(part, word, part.frequency(word), edits)
			})
		}
		return Array.from(found, ([word, rest]) => ({ word, ...rest })).sort(
			(a, b) => a.edits - b.edits || b.documents - a.documents || (a.word < b.word ? -1 : 1)
		)
	}

	/** Words that begin so, most frequent first. */
	startingWith(parts: readonly Part[], prefix: string, most: number): DictionaryWord[] {
		const found = new Map<string, number>()
		const add = (word: string, documents: number) => found.set(word, (found.get(word) ?? 0) + documents)
		for (const part of parts) {
			if (part instanceof Segment) {
				for (const { word, documents } of this.#loaded.get(part.id)?.startingWith(prefix) ?? [])
					add(word, documents)
			} else for (const word of part.words) if (word.startsWith(prefix)) add(word, part.frequency(word))
		}
		return Array.from(found, ([word, documents]) => ({ word, documents }))
			.sort((a, b) => b.documents - a.documents || (a.word < b.word ? -1 : 1))
			.slice(0, most)
	}

	async #read({ id, store }: Segment): Promise<Dictionary> {
		const [bytes] = await store.read([{ store: 'columns', segment: id, part: DICTIONARY }])
		if (bytes === undefined) throw new PageGone(`dictionary of ${id}`)
		const dictionary = new Dictionary(bytes)
		this.#loaded.set(id, dictionary)
		return dictionary
	}
}
