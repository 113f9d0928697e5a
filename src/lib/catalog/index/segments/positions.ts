import { TEXT_FIELDS } from '../../query/query'
import { MASK } from './postings'
import type { VarintReader, VarintWriter } from './varints'

/*
 * Where in its documents a word stands: for each document of its postings, for each field of the mask, its places in the
 * field, rising; each as the distance to the one before, doubled, plus 1 if one more follows in this field.
 */

/** Of fields in a mask. */
const FIELDS_OF_MASK = Uint8Array.from({ length: MASK + 1 }, (_, mask) => {
	let fields = 0
	for (let rest = mask; rest !== 0; rest &= rest - 1) fields++
	return fields
})
const FIELD_COUNT = TEXT_FIELDS.length

/** A place in a document: the field above, the place in the field below. */
export const PLACE_BITS = 12
export const MAX_PLACE = (1 << PLACE_BITS) - 1

/** Writes the places of one document, rising: `from` up to `to` of these. */
export function writePlaces(out: VarintWriter, places: Uint16Array, from: number, to: number): void {
	let last = 0
	for (let at = from; at < to; at++) {
		const place = places[at] as number
		const next = at + 1 < to ? (places[at + 1] as number) : -1
		const more = next >> PLACE_BITS === place >> PLACE_BITS
		out.number((((place & MAX_PLACE) - last) << 1) | (more ? 1 : 0))
		last = more ? place & MAX_PLACE : 0
	}
}

/** Passes over the places of one document. */
export function skipPlaces(reader: VarintReader, mask: number): void {
	for (let fields = FIELDS_OF_MASK[mask] ?? 0; fields > 0; fields--) while ((reader.number() & 1) === 1);
}

/** Visits the places of one document. */
export function readPlaces(reader: VarintReader, mask: number, visit: (place: number) => void): void {
	for (let field = 0; field < FIELD_COUNT; field++) {
		if (((mask >> field) & 1) === 0) continue
		let place = 0
		let value: number
		do {
			value = reader.number()
			place += value >>> 1
			visit((field << PLACE_BITS) | place)
		} while ((value & 1) === 1)
	}
}
