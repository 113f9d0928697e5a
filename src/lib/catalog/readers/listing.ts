import { AppError } from '../../errors'
import { kindOfMime, typeOfName } from '../../gateway/media-types'
import { parseEntry, type Entry } from '../entry'
import { MAX_LISTED_ENTRIES, MAX_REASONS, MAX_TITLE_LENGTH } from '../limits'
import { tagsOfPath } from '../path-tags'
import { cut, displayText } from '../text'

/** Entries found in a root that is no publication; each is checked as if it stood in a page. */
export class Listing {
	readonly entries: Entry[] = []
	readonly reasons: string[] = []
	readonly #keys = new Set<string>()
	readonly #max: number
	#dropped = 0

	constructor(max = MAX_LISTED_ENTRIES) {
		this.#max = max
	}

	get dropped(): number {
		return this.#dropped
	}

	add(fields: Readonly<Record<string, unknown>> & { readonly k: string }): void {
		if (this.entries.length >= this.#max) {
			this.drop(fields.k, `more than ${this.#max} entries`)
			return
		}
		try {
			const entry = parseEntry(fields)
			if (this.#keys.has(entry.k)) throw new AppError('invalid-entry', 'the name is taken by another')
			this.#keys.add(entry.k)
			this.entries.push(entry)
		} catch (error) {
			if (!(error instanceof AppError)) throw error
			this.drop(fields.k, error.detail ?? error.message)
		}
	}

	drop(label: string, reason: string, count = 1): void {
		this.#dropped += count
		if (this.reasons.length < MAX_REASONS) this.reasons.push(`${displayText(cut(label, 100))}: ${reason}`)
	}
}

/** Kind, type, title and what else the path of a file tells. A name of no known type is `other`. */
export function fieldsOfPath(path: string): Partial<Entry> & Pick<Entry, 't' | 'mime' | 'title'> {
	const type = typeOfName(path) ?? { kind: 'other', mime: 'application/octet-stream' }
	const { title, artist, album, date, track, disc } = tagsOfPath(path)
	const named = { t: type.kind, mime: type.mime, title: cut(title, MAX_TITLE_LENGTH) }
	if (type.kind !== 'audio' && type.kind !== 'video') return named
	return {
		...named,
		...(artist !== undefined && { artists: [artist] }),
		...(album !== undefined && { album }),
		...(date !== undefined && { date }),
		...(track !== undefined && { track }),
		...(disc !== undefined && { disc })
	}
}

/** {@link fieldsOfPath}, a stated media type above the one of the name. */
export function fieldsOfType(path: string, mime: string | undefined): ReturnType<typeof fieldsOfPath> {
	const fields = fieldsOfPath(path)
	return mime === undefined ? fields : { ...fields, mime, t: kindOfMime(mime) }
}
