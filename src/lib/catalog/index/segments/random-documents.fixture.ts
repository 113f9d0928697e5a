import { seededRandom } from '../../seeded-random.fixture'
import type { QueryWord, TextField } from '../../query/query'
import { TEXT_FIELDS } from '../../query/query'
import type { DocumentFilters, FieldWords, IndexDocument, IndexQuery } from '../search-index'

const SYLLABLES = ['ba', 'ko', 'ri', 'sen', 'tu', 'la', 'mor', 'vi', 'de', 'ан', 'ми', '山', 'ß']
const FORMATS = ['', 'flac', 'mp3', 'opus', 'mp4']
const LICENCES = ['none', 'cc', 'free', 'other'] as const
const GENRES = ['jazz', 'rock', 'folk', 'drum and bass', 'ambient', 'musique concrete']
const COUNTS: readonly [number, number][] = [[1, 5], [1, 4], [0, 4], [0, 2], [0, 2], [0, 1], [0, 0], [1, 5], [0, 14]] // prettier-ignore

/** Documents and queries over a small vocabulary, so that words meet. */
export class RandomDocuments {
	readonly random: () => number
	readonly #words: string[]

	constructor(seed: number, words = 1500) {
		this.random = seededRandom(seed)
		const all = new Set<string>()
		while (all.size < words)
			all.add(Array.from({ length: 1 + this.below(3) }, () => this.pick(SYLLABLES)).join(''))
		this.#words = [...all]
	}

	below(bound: number): number {
		return Math.floor(this.random() * bound)
	}

	pick<Item>(items: readonly Item[]): Item {
		return items[this.below(items.length)] as Item
	}

	/** Some words come often, most seldom. */
	word(): string {
		return this.#words[Math.floor(this.random() ** 3 * this.#words.length)] as string
	}

	document(publisher: number): IndexDocument {
		const words: FieldWords = COUNTS.map(([least, most]) => {
			const field: string[] = []
			for (let left = least + this.below(most - least + 1); left > 0; left--) {
				if (field.length > 0 && this.random() < 0.2) field.push('')
				field.push(this.word())
			}
			return field
		})
		const file = this.random() < 0.1 ? this.below(500) : this.below(2 ** 21) * 2 ** 32 + this.below(2 ** 32)
		return {
			words,
			facts: {
				publisher,
				kind: this.below(6),
				year: this.random() < 0.2 ? 0 : 1950 + this.below(75),
				bitrate: this.random() < 0.2 ? 0 : 64_000 + this.below(1_000_000),
				durationMs: this.random() < 0.1 ? 0 : this.below(600_000),
				format: this.pick(FORMATS),
				licence: this.pick(LICENCES),
				lossless: this.pick([true, false, undefined]),
				genres: GENRES.filter(() => this.random() < 0.2),
				addedS: this.below(100_000),
				file,
				clip: this.random() < 0.05 ? this.below(1000) + 1 : 0,
				titleKey: words[0]?.join(' ') ?? '',
				mbids: this.random() < 0.1 ? [`id-${this.below(400)}`] : []
			}
		}
	}

	query(publishers: number, files: readonly number[]): IndexQuery {
		const field = (): { field?: TextField } => (this.random() < 0.2 ? { field: this.pick(TEXT_FIELDS) } : {})
		const words: QueryWord[] = Array.from({ length: this.below(4) }, () => ({
			word: this.word(),
			open: false,
			...field()
		}))
		if (this.random() < 0.3) words.push({ word: this.word().slice(0, 1 + this.below(4)), open: true, ...field() })
		if (words.length > 0 && this.random() < 0.1) words.push({ word: this.word(), open: false, optional: true })
		return {
			words,
			phrases:
				this.random() < 0.15
					? [{ words: Array.from({ length: 1 + this.below(2) }, () => this.word()), ...field() }]
					: [],
			notWords: this.random() < 0.2 ? [{ word: this.word(), open: this.random() < 0.3, ...field() }] : [],
			notPhrases: this.random() < 0.1 ? [{ words: [this.word(), this.word()] }] : [],
			filters: this.#filters(publishers, files),
			notFilters: this.random() < 0.2 ? this.#filters(publishers, files) : {},
			limit: 10,
			all: true
		}
	}

	#filters(publishers: number, files: readonly number[]): DocumentFilters {
		const some = <Value>(value: () => Value, chance = 0.12): Value | undefined =>
			this.random() < chance ? value() : undefined
		const span = (least: number, width: number) => {
			const from = least + this.below(width)
			return this.random() < 0.3
				? { from }
				: this.random() < 0.5
					? { to: from }
					: { from, to: from + this.below(width) }
		}
		const all = {
			kinds: some(() => [this.below(6), this.below(6)]),
			genres: some(() => [this.pick(GENRES)]),
			years: some(() => span(1950, 75)),
			bitrate: some(() => span(64_000, 1_000_000)),
			durationMs: some(() => span(1, 600_000)),
			lossless: some(() => this.random() < 0.5),
			formats: some(() => [this.pick(FORMATS.slice(1))]),
			licences: some(() => [this.pick(LICENCES)]),
			publishers: some(() => [this.below(publishers), this.below(publishers)]),
			available: some(() => true),
			kept: some(() => true, 0.05),
			mbids: some(() => [`id-${this.below(400)}`], 0.03),
			files: some(() => [this.pick(files)], 0.03)
		}
		return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
	}
}
