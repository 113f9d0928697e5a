import type { PublisherRow } from '../catalog'
import type { HeldPublisher } from './holdings'

/** Without what only the store needs to know. */
export function publisherRow({ record: { pageIds: _pageIds, ...row } }: HeldPublisher): PublisherRow {
	return row
}
