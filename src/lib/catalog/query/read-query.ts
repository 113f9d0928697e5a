import { CID } from 'multiformats/cid'
import { endsInsideWord, foldQuery, isArticle, isConjunction, isLinking, isUnspaced } from '../index/text-folding'
import { genreName } from './entry-facts'
import { FIELD_NAMES, FILTER_NAMES, FORMATS, KINDS, LICENCES, TRUTHS, type FilterName } from './names'
import type { ParsedQuery, QueryFilters, QueryPhrase, QueryWord, Span, TextField } from './query'
import { tokens, type Token } from './tokens'
import { dashedYears, readBitrate, readDuration, readSpan, readYear } from './values'

/** Further words of a query are not looked at. */
const MAX_QUERY_WORDS = 16
const MAX_QUERY_LENGTH = 1000
const MAX_VALUES = 32

type Problem = ParsedQuery['problems'][number]
type Writable<T> = { -readonly [K in keyof T]: T[K] }

const NAMES: ReadonlySet<string> = new Set([...FIELD_NAMES.keys(), ...FILTER_NAMES.keys()])

/**
 * Reads the language of the search box. It reads everything: what is not understood is told in `problems`, and what is still
 * being typed (`year:`, `"a phr`) is taken for as much as it says.
 */
export function readQuery(text: string): ParsedQuery {
	const reader = new Reader()
	const query = text.slice(0, MAX_QUERY_LENGTH)
	if (text.length > MAX_QUERY_LENGTH) reader.problem(text.slice(MAX_QUERY_LENGTH), 'too-long')
	const found = tokens(query, NAMES)
	const typing = endsInsideWord(query) ? found.at(-1) : undefined
	for (let at = 0; at < found.length;) {
		const token = found[at] as Token
		if (token.kind === 'word' && !token.not) {
			let end = at + 1
			while (found[end]?.kind === 'word' && found[end]?.not === false) end++
			const run = found.slice(at, end)
			reader.words(query.slice(token.start, run.at(-1)?.end), run.at(-1) === typing)
			at = end
		} else {
			reader.token(token, token === typing)
			at++
		}
	}
	return reader.read()
}

class Reader {
	readonly #words: Writable<QueryWord>[] = []
	readonly #phrases: QueryPhrase[] = []
	readonly #notWords: QueryWord[] = []
	readonly #notPhrases: QueryPhrase[] = []
	readonly #filters: Writable<QueryFilters> = {}
	readonly #notFilters: Writable<QueryFilters> = {}
	readonly #problems: Problem[] = []
	/** Signs that stand alone: a name only where nothing else is asked for. */
	#signs: string | undefined

	problem(text: string, reason: Problem['reason']): void {
		this.#problems.push({ text: text.slice(0, 80), reason })
	}

	read(): ParsedQuery {
		if (this.#signs !== undefined && this.#words.length === 0 && this.#phrases.length === 0)
			this.#words.push({ word: this.#signs, open: false })
		const over = this.#words.splice(MAX_QUERY_WORDS)
		if (over.length > 0) this.problem(over.map(({ word }) => word).join(' '), 'too-long')
		if (this.#words.length > 0 && this.#words.every(({ optional }) => optional))
			for (const word of this.#words) delete word.optional
		return {
			words: this.#words,
			phrases: this.#phrases,
			notWords: this.#notWords,
			notPhrases: this.#notPhrases,
			filters: this.#filters,
			notFilters: this.#notFilters,
			problems: this.#problems
		}
	}

	/** Words in a row, without a field. */
	words(text: string, typing: boolean): void {
		const folded = foldQuery(text)
		if (folded.length === 1 && !/[\p{L}\p{N}]/u.test(text) && !text.includes('&')) {
			this.#signs ??= folded[0]
			return
		}
		const lastIsArticle = /,\s*\p{L}+\s*$/u.test(text)
		// Where enough is said without them, words that only hold a title together need not be there.
		const telling = folded.filter((word, at) => !isLinking(word) || (at === folded.length - 1 && typing)).length
		folded.forEach((word, at) => {
			const last = at === folded.length - 1
			const optional =
				(isArticle(word) && !last && this.#words.length === 0) ||
				(isConjunction(word) && !last && (at > 0 || this.#words.length > 0)) ||
				(isArticle(word) && last && at > 0 && lastIsArticle) ||
				(isLinking(word) && telling > 1 && !(last && typing))
			this.#word(word, typing && last && !optional, undefined, optional)
		})
	}

	token(token: Token, typing: boolean): void {
		if (token.kind === 'word') {
			for (const word of foldQuery(token.text)) this.#notWord(word)
		} else if (token.kind === 'phrase') this.#phrase(token.text, token.not)
		else this.#field(token, typing)
	}

	#word(word: string, open: boolean, field?: TextField, optional = false): void {
		const known = this.#words.find((one) => one.word === word && one.field === field)
		// A single letter of an unspaced script is indexed as the beginning of pairs.
		const wide = open || (isUnspaced(word) && Array.from(word).length === 1)
		if (known !== undefined) {
			if (wide) known.open = true
			if (!optional) delete known.optional
			return
		}
		this.#words.push({ word, open: wide, ...(field && { field }), ...(optional && { optional }) })
	}

	#notWord(word: string, field?: TextField): void {
		if (this.#notWords.length < MAX_QUERY_WORDS)
			this.#notWords.push({ word, open: false, ...(field && { field }) })
		else this.problem(word, 'too-long')
	}

	#phrase(text: string, not: boolean, field?: TextField): void {
		const words = foldQuery(text)
		if (words.length === 0) return
		const list = not ? this.#notPhrases : this.#phrases
		if (list.length >= MAX_QUERY_WORDS || words.length > MAX_QUERY_WORDS) this.problem(text, 'too-long')
		else list.push({ words, ...(field && { field }) })
	}

	#field(token: Token, typing: boolean): void {
		const { field: name = '', text, not, quoted = false, exact = false } = token
		const field = FIELD_NAMES.get(name)
		const filter = FILTER_NAMES.get(name)
		if (filter === 'publishers' && isAddress(text)) this.#add('publishers', [text], not)
		else if (field === 'genres' && exact) this.#add('genres', [genreName(text)].filter(Boolean), not)
		else if (field !== undefined && quoted) this.#phrase(text, not, field)
		else if (field !== undefined) {
			const words = foldQuery(text)
			words.forEach((word, at) => {
				if (not) this.#notWord(word, field)
				else this.#word(word, typing && at === words.length - 1 && !exact, field)
			})
		} else if (filter !== undefined) this.#filter(filter, token, typing)
	}

	#filter(filter: FilterName, { typed, text, not }: Token, typing: boolean): void {
		const value = text.trim().toLowerCase()
		switch (filter) {
			case 'years':
				this.#span('years', readSpan(dashedYears(value), readYear), typed, not, typing)
				break
			case 'bitrate':
				this.#span('bitrate', readSpan(value, readBitrate, true), typed, not, typing)
				break
			case 'durationMs':
				this.#span('durationMs', readSpan(value, readDuration, true), typed, not, typing)
				break
			case 'lossless':
			case 'available':
			case 'kept':
				this.#truth(filter, TRUTHS.get(value), typed, not, typing)
				break
			case 'kinds':
				this.#values('kinds', value, (one) => KINDS.get(one), typed, not, typing)
				break
			case 'licences':
				this.#values('licences', value, (one) => LICENCES.get(one), typed, not, typing)
				break
			case 'formats':
				this.#values('formats', value, formatName, typed, not, typing)
				break
			case 'mbids':
				this.#values('mbids', value, mbid, typed, not, typing)
				break
			case 'cids':
				// Some encodings tell upper case from lower.
				this.#values('cids', text, cidText, typed, not, typing)
				break
			case 'publishers':
				break
		}
	}

	#span(
		key: 'years' | 'bitrate' | 'durationMs',
		reading: ReturnType<typeof readSpan>,
		typed: string,
		not: boolean,
		typing: boolean
	): void {
		const filters = not ? this.#notFilters : this.#filters
		const before = filters[key]
		if ('problem' in reading) {
			if (!typing) this.problem(typed, reading.problem)
		} else if (before === undefined) filters[key] = reading.span
		else if (not) this.problem(typed, 'bad-range')
		else {
			const both = overlap(before, reading.span)
			if (both === undefined) this.problem(typed, 'bad-range')
			else filters[key] = both
		}
	}

	#truth(
		key: 'lossless' | 'available' | 'kept',
		truth: boolean | undefined,
		typed: string,
		not: boolean,
		typing: boolean
	): void {
		if (truth === undefined) {
			if (!typing) this.problem(typed, 'unknown-value')
			return
		}
		const wanted = truth !== not
		if (key === 'lossless') this.#filters.lossless = wanted
		else if (wanted) this.#filters[key] = true
		else this.#notFilters[key] = true
	}

	#values(
		key: 'kinds' | 'licences' | 'formats' | 'mbids' | 'cids',
		value: string,
		known: (one: string) => string | undefined,
		typed: string,
		not: boolean,
		typing: boolean
	): void {
		const values = value.split(',').filter((one) => one !== '')
		const read = values.flatMap((one) => known(one) ?? [])
		this.#add(key, read, not)
		if (read.length < values.length && !typing) this.problem(typed, 'unknown-value')
	}

	#add(
		key: 'kinds' | 'licences' | 'formats' | 'mbids' | 'cids' | 'genres' | 'publishers',
		values: readonly string[],
		not: boolean
	): void {
		if (values.length === 0) return
		const filters: Record<string, unknown> = not ? this.#notFilters : this.#filters
		const before = (filters[key] as readonly string[] | undefined) ?? []
		filters[key] = [...new Set([...before, ...values])].slice(0, MAX_VALUES)
	}
}

/** What is in both; undefined when nothing is. */
export function overlap(one: Span, other: Span): Span | undefined {
	const from = Math.max(one.from ?? -Infinity, other.from ?? -Infinity)
	const to = Math.min(one.to ?? Infinity, other.to ?? Infinity)
	if (from > to) return undefined
	return { ...(Number.isFinite(from) ? { from } : {}), ...(Number.isFinite(to) ? { to } : {}) }
}

const formatName = (text: string) => FORMATS.get(text) ?? (/^[a-z0-9]{2,8}$/u.test(text) ? text : undefined)

const mbid = (text: string) => /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/u.exec(text)?.[0]

/** An IPNS name, or the CID that stands for one. */
const isAddress = (text: string) => /^(?:k[0-9a-z]{50,}|ba[a-z2-7]{50,})$/u.test(text)

function cidText(text: string): string | undefined {
	const bare = text.replace(/^(?:ipfs:\/\/|\/?ipfs\/)/u, '').replace(/[/?#].*$/u, '')
	try {
		return CID.parse(bare).toV1().toString()
	} catch {
		return undefined
	}
}
