import type { PublisherRow } from '../catalog'
import type { PublisherRecord } from './catalog-store'

/** Without what only the catalog needs to know. */
export function publisherRow(record: PublisherRow | PublisherRecord): PublisherRow {
	const {
		number: _number,
		held: _held,
		heldNames: _heldNames,
		storedBytes: _bytes,
		albums: _albums,
		mirrors: _mirrors,
		...row
	} = record as PublisherRecord
	return row
}
