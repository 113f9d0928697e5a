import { TEXT_FIELDS, type TextField } from '../../query/query'
import type { ScorePart } from '../../catalog'
import {
	completenessPoints,
	coverage,
	FIELD_WEIGHTS,
	popularityPoints,
	prefixQuality,
	soundPoints,
	wordPoints
} from '../ranking'
import type { FieldWords, Reading } from '../search-index'
import { PUBLISHER } from './match-query'
import { QUALITIES, qualityAt } from './facet-counter'
import type { Part } from './part-words'
import type { PublisherNames } from './publisher-names'
import type { ReadQuery, ReadWord } from './query-reader'
import { KEPT_POINTS, type PartStanding } from './standing'

interface Found {
	readonly word: string
	readonly how: Reading['how']
	readonly quality: number
	/** Fields that have it, as bits. */
	readonly mask: number
}

/** The parts of a document's score, as the accumulator and the answer builder add them up. */
export function explainScore(
	read: ReadQuery,
	{ columns }: Part,
	local: number,
	words: FieldWords,
	names: PublisherNames,
	standing: PartStanding
): ScorePart[] {
	const publisher = columns.publishers[local] as number
	const name = names.of(columns.publisherNumbers[publisher] ?? 0)
	const fields = words.map((field, place) => (1 << place === PUBLISHER ? name : field))
	const parts: ScorePart[] = []
	let inTitle = 0
	let inArtists = 0
	for (const word of read.words) {
		const found = findAll(word, fields)
		let best: { found: Found; field: TextField; weight: number } | undefined
		let title = 0
		let artists = 0
		for (const one of found) {
			const place = bestPlace(one.mask)
			const weight = one.quality * (FIELD_WEIGHTS[place] ?? 0)
			const field = TEXT_FIELDS[place]
			if (field !== undefined && (best === undefined || weight > best.weight)) best = { found: one, field, weight }
			if ((one.mask & 1) !== 0) title = Math.max(title, coverage(one.quality))
			if ((one.mask & 2) !== 0) artists = Math.max(artists, coverage(one.quality))
		}
		if (!word.optional) {
			inTitle += title
			inArtists += artists
		}
		if (best === undefined) continue
		parts.push({
			part: 'word',
			points: wordPoints(word.term.rarity * best.weight, read.rarities),
			word: { typed: word.typed, found: best.found.word, field: best.field, how: best.found.how }
		})
	}
	const said = columns.said[local] as number
	const quality = qualityAt(columns, local)
	const rest: readonly (readonly [ScorePart['part'], number])[] = [
		['completeness', completenessPoints(inTitle, said & 15, inArtists, said >> 4)],
		['publisher', standing.points[publisher] as number],
		['availability', standing.kept.has(local) ? KEPT_POINTS : (standing.availablePoints[publisher] as number)],
		['quality', soundPoints(QUALITIES[quality])],
		['popularity', popularityPoints(standing.plays.get(local) ?? 0)]
	]
	for (const [part, points] of rest) if (points !== 0) parts.push({ part, points })
	return parts
}

/** Every way in which the word of the query stands in the document. */
function findAll({ term, readings }: ReadWord, fields: readonly (readonly string[])[]): Found[] {
	const found = new Map<string, Found>()
	const add = (word: string, how: Reading['how'], quality: number, field: number) => {
		const bit = (1 << field) & term.fields
		if (bit === 0) return
		const known = found.get(word)
		found.set(word, { word, how, quality, mask: (known?.mask ?? 0) | bit })
	}
	const hows = new Map(readings.map((reading) => [reading.word, reading]))
	const prefix = term.readings.flatMap((reading) => ('prefix' in reading ? [reading.prefix] : []))[0]
	fields.forEach((words, field) => {
		words.forEach((word, at) => {
			if (word === '') return
			const reading = hows.get(word)
			if (reading !== undefined) add(word, reading.how, reading.quality, field)
			else if (prefix !== undefined && word.startsWith(prefix))
				add(word, 'prefix', prefixQuality(prefix, word), field)
			const pair = hows.get(`${word} ${words[at + 1] ?? ''}`)
			if (pair !== undefined) add(pair.word, pair.how, pair.quality, field)
		})
	})
	return [...found.values()]
}

function bestPlace(mask: number): number {
	let best = -1
	for (let place = 0; place < FIELD_WEIGHTS.length; place++) {
		if (((mask >> place) & 1) === 0) continue
		if (best === -1 || (FIELD_WEIGHTS[place] ?? 0) > (FIELD_WEIGHTS[best] ?? 0)) best = place
	}
	return best
}
