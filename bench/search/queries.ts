import { wordsOf, type DataSet, type Sample } from './data-set.ts'

/** The classes of the work, each measured by itself: a mean over all would be flattered by the cheap ones. */
export const QUERY_CLASSES = {
	'one-word': 'one word',
	'two-words': 'two words of a title',
	'artist-title': 'artist + title',
	'prefix-3': 'prefix of 3 letters',
	typo: 'artist + title with a typo',
	filter: 'one word, four filters',
	phrase: 'phrase of two words',
	'commonest-two': 'two of the commonest words'
} as const
export type QueryClass = keyof typeof QUERY_CLASSES

/** One query, for every engine: the last word may go on, words are joined by AND. */
export interface BenchQuery {
	readonly of: QueryClass | 'prefix'
	readonly words: readonly string[]
	/** The words stand side by side. */
	readonly phrase: boolean
	readonly forgiving: boolean
	readonly filters?: {
		readonly kind: 'audio' | 'video'
		readonly genre: string
		readonly from: number
		readonly to: number
		readonly bitrate: number
	}
	/** The entry that was in mind. */
	readonly wanted?: { readonly title: string; readonly artist: string }
}

/** `count` queries of each class, and of artist + title cut short; the same for the same set. */
export function makeQueries({ samples, commonest }: DataSet, count: number, random: () => number): BenchQuery[] {
	const sample = () => samples[Math.floor(random() * samples.length)] as Sample
	const word = (text: string) => {
		const words = wordsOf(text)
		return words[Math.floor(random() * words.length)] ?? 'a'
	}
	const plain = { phrase: false, forgiving: true }
	const makers: Readonly<Record<BenchQuery['of'], () => Omit<BenchQuery, 'of'> | undefined>> = {
		'one-word': () => ({ ...plain, words: [word(sample().title)] }),
		'two-words': () => {
			const words = wordsOf(sample().title)
			const at = Math.floor(random() * (words.length - 1))
			return words.length < 2 ? undefined : { ...plain, words: [words[at + 1] ?? '', words[at] ?? ''] }
		},
		'artist-title': () => {
			const { artist, title } = sample()
			return { ...plain, words: wordsOf(`${artist} ${title}`), wanted: { artist, title } }
		},
		'prefix-3': () => {
			const start = Array.from(word(sample().title)).slice(0, 3)
			return start.length < 3 ? undefined : { ...plain, words: [start.join('')] }
		},
		typo: () => {
			const { artist, title } = sample()
			const words = wordsOf(title)
			const long = words.flatMap((one, at) => (/^[a-z]{4,}$/i.test(one) ? [at] : []))
			const at = long[Math.floor(random() * long.length)]
			if (at === undefined) return undefined
			words[at] = mistype(words[at] ?? '', random)
			// Shorter words are not mended.
			if (words[at].length < 4) return undefined
			return { ...plain, words: [...wordsOf(artist), ...words], wanted: { artist, title } }
		},
		filter: () => {
			const { title, kind, genre, year } = sample()
			const filters = { kind, genre, from: year - 5, to: year + 5, bitrate: 256_000 }
			return { ...plain, words: [word(title)], filters }
		},
		phrase: () => {
			const { title, description } = sample()
			const words = wordsOf(random() < 0.5 ? title : (description.split('. ')[0] ?? ''))
			const at = Math.floor(random() * (words.length - 1))
			return words.length < 2 ? undefined : { ...plain, phrase: true, words: words.slice(at, at + 2) }
		},
		'commonest-two': () => {
			const first = Math.floor(random() * 20)
			const second = (first + 1 + Math.floor(random() * 19)) % 20
			return { ...plain, words: [commonest[first] ?? '', commonest[second] ?? ''] }
		},
		prefix: () => {
			const { artist, title } = sample()
			const words = wordsOf(title)
			const last = Array.from(words.pop() ?? '')
			const cut = last.slice(0, Math.max(2, Math.ceil(last.length / 2))).join('')
			return { ...plain, words: [...wordsOf(artist), ...words, cut], wanted: { artist, title } }
		}
	}
	const queries: BenchQuery[] = []
	// In turns, so that whatever else the machine does meets all classes alike.
	for (let made = 0; made < count; made++) {
		for (const [of, make] of Object.entries(makers)) {
			let query = make()
			while (query === undefined) query = make()
			queries.push({ of: of as BenchQuery['of'], ...query })
		}
	}
	return queries
}

/** One letter changed, left out, put in, or swapped with the next. */
function mistype(word: string, random: () => number): string {
	const at = Math.floor(random() * (word.length - 1))
	const letter = String.fromCharCode(97 + Math.floor(random() * 26))
	const [before, after] = [word.slice(0, at), word.slice(at + 1)]
	const how = Math.floor(random() * 4)
	if (how === 0) return `${before}${letter}${after}`
	if (how === 1) return `${before}${after}`
	if (how === 2) return `${before}${letter}${word.slice(at)}`
	return `${before}${word.charAt(at + 1)}${word.charAt(at)}${word.slice(at + 2)}`
}
