import type {
	ChosenFile,
	Draft,
	DraftEntry,
	PublishProgress,
	PublishResults,
	PublishStep
} from '$lib/catalog/publishing'
import { Pause } from '$lib/catalog/publish/pause'
import { isAbort } from '$lib/errors'
import { fileMark, type SavedDraft } from '$lib/storage/saved-draft'
import { DRAFT_FIELDS } from './draft-fields'
import { DraftFindings, type FindingDoors } from './draft-findings.svelte'
import { DraftTable } from './draft-table.svelte'

/** A publication on its way; the steps keep what they have done. `Publishing` of the catalog is one. */
export interface PublishRun {
	readonly steps: readonly PublishStep[]
	readonly results: PublishResults
	run(signal: AbortSignal): Promise<PublishResults>
}

export interface RunOptions {
	readonly draft: Draft
	/** IPNS name that publishes. */
	readonly name: string
	/** Ids of the places it goes to; none for this browser alone. */
	readonly places: readonly string[]
	/** Adds it to what the name has published, in place of replacing that. */
	readonly join: boolean
	readonly results?: PublishResults
	readonly pause: Pause
	readonly onchange: () => void
}

/** What publishing asks of the rest of the app. */
export interface PublishDoors extends FindingDoors {
	read(
		files: readonly ChosenFile[],
		options: { readonly signal: AbortSignal; readonly onprogress: (progress: PublishProgress) => void }
	): Promise<Draft>
	/** A key pair is made and kept; gives its IPNS name. */
	makeKey(label: string): Promise<string>
	start(options: RunOptions): Promise<PublishRun>
}

/** Entries of one album share a cover. */
export interface CoverGroup {
	/** Album, or the folder where no album is given. */
	readonly key: string
	readonly entries: number
	readonly cover?: Blob
	readonly from?: 'file' | 'folder' | 'chosen' | 'frame'
}

/** Where an unfinished draft is kept. `DraftStore` of the storage layer is one. */
export interface DraftMemory {
	read(): Promise<SavedDraft | undefined>
	write(draft: SavedDraft): Promise<void>
	forget(): Promise<void>
}

export interface Moving {
	readonly progress: PublishProgress
	/** Seconds left by the speed so far; absent while that cannot be told. */
	readonly leftS?: number
}

/** Before this much has gone by, a guess at the time left is worth nothing. */
const GUESS_AFTER_MS = 2_000
/** After the last change. */
const SAVE_MS = 800

const groupOf = (entry: DraftEntry) => entry.album || entry.path.slice(0, Math.max(0, entry.path.lastIndexOf('/')))

/**
 * What a person is about to publish, and how far it has come. It outlives the screen: going elsewhere in the app and
 * coming back finds the same draft.
 */
export class PublishState {
	/** Display name of the publisher. */
	publisherName = $state('')
	about = $state('')
	/** SPDX id or URL, for every entry that has none of its own. */
	licence = $state('')
	/** IPNS name of the key that signs; empty makes a new one. */
	key = $state('')
	/** Ids of the places it goes to; with none it lives in this browser alone. */
	places = $state.raw<readonly string[]>([])
	/** Adds to what the key has published; else that is replaced. */
	join = $state(true)

	/** What is to be published, for a person to check and edit. */
	readonly table = new DraftTable(() => {
		this.#changed()
	})
	/** What is found out about the files besides their tags. */
	readonly findings: DraftFindings
	#stripPlaces = $state(true)
	/** Holds hashing up, and lets it go on. */
	readonly #pause = new Pause()
	#paused = $state(false)
	#others = $state.raw<readonly ChosenFile[]>([])
	#reading = $state.raw<Moving>()
	#failure = $state.raw<unknown>()
	#steps = $state.raw<readonly PublishStep[]>([])
	#results = $state.raw<PublishResults>()
	#running = $state(false)
	#done = $state(false)
	#leftS = $state.raw<number>()
	#run: PublishRun | undefined
	#runPlaces: readonly string[] = []
	#abort = new AbortController()
	readonly #doors: PublishDoors
	readonly #memory: DraftMemory | undefined
	#saved = $state.raw<SavedDraft>()
	#handles: readonly FileSystemHandle[] = []
	#saving: ReturnType<typeof setTimeout> | undefined

	constructor(doors: PublishDoors, memory?: DraftMemory) {
		this.#doors = doors
		this.#memory = memory
		this.findings = new DraftFindings(this.table, doors)
	}

	/** Looks for a draft of an earlier visit. */
	async open(): Promise<void> {
		if (this.#saved !== undefined || this.entries.length > 0) return
		// A draft that cannot be read is one that is not there.
		this.#saved = await this.#memory?.read().catch(() => undefined)
	}

	/** The draft of an earlier visit, until its files are chosen again or it is thrown away. */
	get saved(): SavedDraft | undefined {
		return this.entries.length === 0 ? this.#saved : undefined
	}

	async forgetSaved(): Promise<void> {
		clearTimeout(this.#saving)
		this.#saved = undefined
		this.#handles = []
		await this.#memory?.forget().catch(() => undefined)
	}

	get entries(): readonly DraftEntry[] {
		return this.table.entries
	}

	/** Files that go along without being entries: covers, lyrics, texts. */
	get others(): readonly ChosenFile[] {
		return this.#others
	}

	get sizeBytes(): number {
		const files = [...this.entries, ...this.#others]
		return files.reduce((sum, { file }) => sum + file.size, 0)
	}

	/** Set while files are read. */
	get reading(): Moving | undefined {
		return this.#reading
	}

	/** Why reading failed, or why publishing could not begin. */
	get failure(): unknown {
		return this.#failure
	}

	/** Empty until Publish was pressed. */
	get steps(): readonly PublishStep[] {
		return this.#steps
	}

	get results(): PublishResults | undefined {
		return this.#results
	}

	/** Seconds left of the running step, by its speed so far. */
	get leftS(): number | undefined {
		return this.#leftS
	}

	get running(): boolean {
		return this.#running
	}

	/** It was announced. Naming may still have failed, and can be tried again. */
	get done(): boolean {
		return this.#done
	}

	/** Something would be lost if the tab were closed now. */
	get unsaved(): boolean {
		return this.#reading !== undefined || this.#running || (this.entries.length > 0 && !this.#done)
	}

	/** Cells that must be mended before anything can be published. */
	get toMend(): number {
		return this.table.toMend
	}

	/** What files tell of places is taken out of what is published. */
	get stripPlaces(): boolean {
		return this.#stripPlaces
	}

	set stripPlaces(strip: boolean) {
		if (this.#running) return
		this.#changed()
		this.#stripPlaces = strip
	}

	/** Nothing more is hashed until it is set to false again. */
	get paused(): boolean {
		return this.#paused
	}

	set paused(paused: boolean) {
		this.#paused = paused
		this.#pause.set(paused)
	}

	/** Files that tell where they were taken. */
	get located(): readonly ChosenFile[] {
		return [...this.entries, ...this.#others].filter(({ location }) => location !== undefined)
	}

	get covers(): readonly CoverGroup[] {
		const groups = new Map<string, CoverGroup>()
		for (const entry of this.entries) {
			const key = groupOf(entry)
			const group = groups.get(key)
			const { cover, coverFrom } = group?.cover ? { cover: group.cover, coverFrom: group.from } : entry
			groups.set(key, {
				key,
				entries: (group?.entries ?? 0) + 1,
				...(cover && { cover }),
				...(coverFrom && { from: coverFrom })
			})
		}
		return [...groups.values()]
	}

	/** Reads files and adds them to the draft. A file that is there already is read anew. */
	async add(chosen: readonly ChosenFile[], handles: readonly FileSystemHandle[] = []): Promise<void> {
		if (chosen.length === 0 || this.#reading !== undefined || this.#running) return
		const files = this.#apart(chosen)
		this.#abort = new AbortController()
		this.#failure = undefined
		const bytes = files.reduce((sum, { file }) => sum + file.size, 0)
		this.#reading = { progress: { step: 'reading', filesDone: 0, files: files.length, bytesDone: 0, bytes } }
		const left = timeLeft()
		try {
			const draft = await this.#doors.read(files, {
				signal: this.#abort.signal,
				onprogress: (progress) => {
					const leftS = left(progress)
					this.#reading = { progress, ...(leftS !== undefined && { leftS }) }
				}
			})
			this.#changed()
			const added = new Set([...draft.entries, ...draft.others].map(({ path }) => path))
			const saved = this.#saved
			this.#handles = [...this.#handles, ...handles]
			this.table.add(
				draft.entries.map((entry) => ({ ...entry, ...saved?.rows.get(fileMark(entry.path, entry.file)) })),
				added
			)
			if (saved !== undefined) {
				const changed = draft.entries.filter(({ path, file }) => saved.rows.has(fileMark(path, file)))
				this.table.mark(changed.map(({ path }) => path))
				this.publisherName ||= saved.publisherName
				this.about ||= saved.about
				this.licence ||= saved.licence
			}
			this.#others = [...this.#others.filter(({ path }) => !added.has(path)), ...draft.others]
			this.publisherName ||= draft.name
			this.#saveSoon()
			void this.findings.begin()
		} catch (error) {
			if (!isAbort(error)) this.#failure = error
		} finally {
			this.#reading = undefined
		}
	}

	/** Gives every entry of a group another cover. */
	setCover(group: string, cover: Blob): void {
		if (this.#running) return
		const paths = this.entries.filter((entry) => groupOf(entry) === group).map(({ path }) => path)
		this.table.change(new Set(paths), (entry) => ({ ...entry, cover, coverFrom: 'chosen' }))
	}

	/**
	 * Does every step that is not done yet. Called again after a failure it goes on with the step that failed; if the
	 * places were changed meanwhile, what was built, signed and sent is kept.
	 */
	async publish(): Promise<void> {
		if (this.#running || this.entries.length === 0 || this.toMend > 0) return
		this.findings.stopSound()
		this.findings.stopLookUp()
		this.#running = true
		this.#failure = undefined
		this.#abort = new AbortController()
		const { signal } = this.#abort
		try {
			this.key ||= await this.#doors.makeKey(this.publisherName)
			const to = this.places
			if (this.#run === undefined || this.#runPlaces.join() !== to.join()) {
				const results = this.#run && unnamed(this.#run.results)
				this.#run = await this.#doors.start({
					draft: this.#draft(),
					name: this.key,
					places: to,
					join: this.join,
					pause: this.#pause,
					...(results && { results }),
					onchange: () => {
						this.#follow()
					}
				})
				this.#runPlaces = to
			}
			this.#left = timeLeft()
			await this.#run.run(signal)
		} catch (error) {
			// A step that failed shows its own error; this is for what goes wrong before the first one.
			if (!isAbort(error) && !this.#run?.steps.some((step) => step.state === 'failed')) this.#failure = error
		} finally {
			this.#running = false
			this.#follow()
			// Where no place took the name, the announcement has still gone out, and carries it.
			this.#done = this.#run?.results.peers !== undefined
			if (this.#done) void this.forgetSaved()
		}
	}

	/** Stops reading or publishing. What is done is kept. */
	cancel(): void {
		this.#abort.abort()
		this.paused = false
	}

	/** Forgets the draft; the key and the place stay chosen. */
	clear(): void {
		this.cancel()
		this.#changed()
		this.findings.clear()
		this.table.clear()
		this.#others = []
		void this.forgetSaved()
		this.#failure = undefined
	}

	dispose(): void {
		this.cancel()
		this.findings.clear()
		clearTimeout(this.#saving)
	}

	#left = timeLeft()

	/** Gives another path to a file that would hide a different one: files picked one by one come without folders. */
	#apart(files: readonly ChosenFile[]): readonly ChosenFile[] {
		const held = new Map([...this.entries, ...this.#others].map(({ path, file }) => [path, file]))
		return files.map((chosen) => {
			const { file } = chosen
			const [, stem = chosen.path, extension = ''] = /^(.*?)(\.[^./]*)?$/s.exec(chosen.path) ?? []
			let path = chosen.path
			for (let other = held.get(path), n = 2; other !== undefined; other = held.get(path), n++) {
				if (other.size === file.size && other.lastModified === file.lastModified) break
				path = `${stem} (${n})${extension}`
			}
			held.set(path, file)
			return { path, file }
		})
	}

	#draft(): Draft {
		const placeless = <T extends ChosenFile>(file: T): T =>
			this.stripPlaces && file.location ? { ...file, patches: file.location.patches } : file
		const entries = this.entries.map((entry) => ({
			...placeless(entry),
			licence: entry.licence || this.licence
		}))
		return {
			name: this.publisherName.trim(),
			about: this.about.trim(),
			licence: this.licence,
			entries,
			others: this.#others.map(placeless)
		}
	}

	/** The draft is another one now: what was built from the old one is of no use. */
	#changed(): void {
		this.#saveSoon()
		this.#run = undefined
		this.#steps = []
		this.#results = undefined
		this.#done = false
	}

	#saveSoon(): void {
		clearTimeout(this.#saving)
		if (this.#memory === undefined) return
		this.#saving = setTimeout(() => {
			if (this.entries.length === 0) return
			const rows = this.table.edited.map((entry) => [fileMark(entry.path, entry.file), plainRow(entry)] as const)
			void this.#memory
				?.write({
					savedMs: Date.now(),
					publisherName: this.publisherName,
					about: this.about,
					licence: this.licence,
					files: this.entries.length + this.#others.length,
					bytes: this.sizeBytes,
					handles: this.#handles,
					rows: new Map(rows)
				})
				// What cannot be kept is there as long as the tab is.
				.catch(() => undefined)
		}, SAVE_MS)
	}

	#follow(): void {
		if (this.#run === undefined) return
		const before = this.#steps.find((step) => step.state === 'running')
		this.#steps = this.#run.steps.map((step) => ({ ...step }))
		this.#results = { ...this.#run.results }
		const now = this.#steps.find((step) => step.state === 'running')
		if (now?.progress?.step !== before?.progress?.step) this.#left = timeLeft()
		this.#leftS = now?.progress && (now.progress.leftS ?? this.#left(now.progress))
	}
}

/** What a person can have changed of a row, and what took long to find out. */
function plainRow(entry: DraftEntry): Readonly<Record<string, unknown>> {
	const { tracks, discs, gain, mbid } = entry
	const fields = Object.fromEntries(DRAFT_FIELDS.map((field) => [field, entry[field]]))
	return $state.snapshot({ ...fields, tracks, discs, gain, mbid })
}

/** What stays true of a publication when it goes to further places: the record has not been put there. */
function unnamed({ named: _named, peers: _peers, ...rest }: PublishResults) {
	return rest
}

/** Guesses the seconds left from the speed since it was made. */
function timeLeft(): (progress: PublishProgress) => number | undefined {
	const started = performance.now()
	let first: number | undefined
	return ({ bytesDone, bytes }) => {
		first ??= bytesDone
		const elapsedMs = performance.now() - started
		const done = bytesDone - first
		if (elapsedMs < GUESS_AFTER_MS || done <= 0 || bytes <= bytesDone) return undefined
		return ((bytes - bytesDone) / done) * (elapsedMs / 1000)
	}
}
