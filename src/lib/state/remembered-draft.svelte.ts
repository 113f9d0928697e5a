import type { ChosenFile, DraftEntry } from '$lib/catalog/publishing'
import { fileMark, type SavedDraft } from '$lib/storage/saved-draft'
import { DRAFT_FIELDS } from './draft-fields'

/** Where an unfinished draft is kept. `DraftStore` of the storage layer is one. */
export interface DraftMemory {
	read(): Promise<SavedDraft | undefined>
	write(draft: SavedDraft): Promise<void>
	forget(): Promise<void>
}

/** What of a draft is worth remembering. */
export interface DraftNow extends Pick<
	SavedDraft,
	'publisherName' | 'about' | 'licence' | 'key' | 'playlists' | 'bytes'
> {
	readonly entries: readonly DraftEntry[]
	readonly others: readonly ChosenFile[]
	/** Of the entries, those that a person changed. */
	readonly edited: readonly DraftEntry[]
}

/** After the last change. */
const SAVE_MS = 800

/** The draft of an earlier visit, and the present one for a later. */
export class RememberedDraft {
	#saved = $state.raw<SavedDraft>()
	#handles: readonly FileSystemHandle[] = []
	#saving: ReturnType<typeof setTimeout> | undefined
	/** What a save that waits will ask. */
	#now: (() => DraftNow) | undefined
	readonly #memory: DraftMemory | undefined

	constructor(memory: DraftMemory | undefined) {
		this.#memory = memory
	}

	get saved(): SavedDraft | undefined {
		return this.#saved
	}

	async open(): Promise<void> {
		if (this.#saved !== undefined) return
		// A draft that cannot be read is one that is not there.
		this.#saved = await this.#memory?.read().catch(() => undefined)
	}

	/** What a person had changed of a file in an earlier visit. */
	changesOf({ path, file }: ChosenFile): Readonly<Record<string, unknown>> | undefined {
		return this.#saved?.rows.get(fileMark(path, file))
	}

	/** Handles by which what was chosen can be opened again. */
	keep(handles: readonly FileSystemHandle[]): void {
		this.#handles = [...this.#handles, ...handles]
	}

	/** @param now - asked when nothing has changed for a moment */
	saveSoon(now: () => DraftNow): void {
		clearTimeout(this.#saving)
		if (this.#memory === undefined) return
		this.#now = now
		this.#saving = setTimeout(() => {
			this.saveNow()
		}, SAVE_MS)
	}

	/** Saves what waits: the tab may be gone in a moment. */
	saveNow(): void {
		const now = this.#now
		this.#unsay()
		if (now === undefined) return
		const { entries, others, edited, ...rest } = now()
		if (entries.length === 0) return
		void this.#memory
			?.write({
				...rest,
				savedMs: Date.now(),
				files: entries.length + others.length,
				handles: this.#handles,
				rows: new Map(edited.map((entry) => [fileMark(entry.path, entry.file), plainRow(entry)] as const))
			})
			// What cannot be kept is there as long as the tab is.
			.catch(() => undefined)
	}

	async forget(): Promise<void> {
		this.#unsay()
		this.#saved = undefined
		this.#handles = []
		await this.#memory?.forget().catch(() => undefined)
	}

	dispose(): void {
		this.#unsay()
	}

	#unsay(): void {
		clearTimeout(this.#saving)
		this.#now = undefined
	}
}

/** What a person can have changed of a row, and what took long to find out. */
function plainRow(entry: DraftEntry): Readonly<Record<string, unknown>> {
	const { tracks, discs, gain, mbid } = entry
	const fields = Object.fromEntries(DRAFT_FIELDS.map((field) => [field, entry[field]]))
	return $state.snapshot({ ...fields, tracks, discs, gain, mbid })
}
