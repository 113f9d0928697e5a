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
import type { SavedDraft } from '$lib/storage/saved-draft'
import { coverGroupOf, coverGroups, type CoverGroup } from './cover-groups'
import { DraftFindings } from './draft-findings.svelte'
import { DraftTable } from './draft-table.svelte'
import { pathsApart } from './paths-apart'
import type { PublishDoors, PublishRun } from './publish-run'
import { RememberedDraft, type DraftMemory } from './remembered-draft.svelte'
import { timeLeft } from './time-left'

export interface Moving {
	readonly progress: PublishProgress
	/** Seconds left by the speed so far; absent while that cannot be told. */
	readonly leftS?: number
}

/**
 * What a person is about to publish, and how far it has come. It outlives the screen: going elsewhere in the app and
 * coming back finds the same draft.
 */
export class PublishState {
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
	#publisherName = $state('')
	#about = $state('')
	#licence = $state('')
	#key = $state('')
	#stripPlaces = $state(true)
	#playlists = $state.raw<readonly string[]>([])
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
	#bytesKnown = $state(0)
	#run: PublishRun | undefined
	#runPlaces: readonly string[] = []
	#abort = new AbortController()
	readonly #doors: PublishDoors
	readonly #remembered: RememberedDraft

	constructor(doors: PublishDoors, memory?: DraftMemory) {
		this.#doors = doors
		this.#remembered = new RememberedDraft(memory)
		this.findings = new DraftFindings(this.table, doors)
	}

	/** Looks for a draft of an earlier visit. */
	async open(): Promise<void> {
		if (this.entries.length === 0) await this.#remembered.open()
	}

	/** Display name of the publisher. */
	get publisherName(): string {
		return this.#publisherName
	}

	set publisherName(name: string) {
		this.#publisherName = name
		this.#told()
	}

	get about(): string {
		return this.#about
	}

	set about(about: string) {
		this.#about = about
		this.#told()
	}

	/** SPDX id or URL, for every entry that has none of its own. */
	get licence(): string {
		return this.#licence
	}

	set licence(licence: string) {
		this.#licence = licence
		this.#told()
	}

	/** IPNS name of the key that signs; empty makes a new one. */
	get key(): string {
		return this.#key
	}

	set key(name: string) {
		this.#key = name
		this.#told()
	}

	/** The draft of an earlier visit, until its files are chosen again or it is thrown away. */
	get saved(): SavedDraft | undefined {
		return this.entries.length === 0 ? this.#remembered.saved : undefined
	}

	/** True where something was published under a key, here or by another device. */
	async hasPublished(name: string, signal: AbortSignal): Promise<boolean> {
		return await this.#doors.hasPublished(name, signal)
	}

	/** Remembers the draft at once: the tab may be gone in a moment. */
	keepDraft(): void {
		this.#remembered.saveNow()
	}

	async forgetSaved(): Promise<void> {
		await this.#remembered.forget()
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

	/** Bytes that an earlier visit had summed up, and that were not summed up again. */
	get bytesKnown(): number {
		return this.#bytesKnown
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

	/** Ids of own playlists that go along, signed. */
	get playlists(): readonly string[] {
		return this.#playlists
	}

	set playlists(ids: readonly string[]) {
		if (this.#running) return
		this.#changed()
		this.#playlists = ids
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
		return coverGroups(this.entries)
	}

	/** Reads files and adds them to the draft. A file that is there already is read anew. */
	async add(chosen: readonly ChosenFile[], handles: readonly FileSystemHandle[] = []): Promise<void> {
		if (chosen.length === 0 || this.#reading !== undefined || this.#running) return
		const files = pathsApart([...this.entries, ...this.#others], chosen)
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
			const { saved } = this.#remembered
			this.#remembered.keep(handles)
			this.table.add(
				draft.entries.map((entry) => ({ ...entry, ...this.#remembered.changesOf(entry) })),
				added
			)
			if (saved !== undefined) {
				const changed = draft.entries.filter((entry) => this.#remembered.changesOf(entry) !== undefined)
				this.table.mark(changed.map(({ path }) => path))
				// What was told then goes before what was filled in since.
				this.key = saved.key || this.key
				this.publisherName = saved.publisherName || this.publisherName
				this.about = saved.about || this.about
				this.licence = saved.licence || this.licence
				if (this.#playlists.length === 0) this.#playlists = saved.playlists ?? []
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
		const paths = this.entries.filter((entry) => coverGroupOf(entry) === group).map(({ path }) => path)
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
			// Under a new key there is nothing to add to, and nobody need be asked.
			const join = this.join && this.key !== ''
			this.key ||= await this.#doors.makeKey(this.publisherName)
			// With the key: another visit goes on under the same name.
			this.#saveSoon()
			this.keepDraft()
			const to = this.places
			if (this.#run === undefined || this.#runPlaces.join() !== to.join()) {
				const results = this.#run && unnamed(this.#run.results)
				this.#run = await this.#doors.start({
					draft: this.#draft(),
					name: this.key,
					places: to,
					join,
					playlists: this.playlists,
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
		this.#playlists = []
		void this.forgetSaved()
		this.#failure = undefined
	}

	dispose(): void {
		this.cancel()
		this.findings.clear()
		this.#remembered.dispose()
	}

	#left = timeLeft()

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
		this.#bytesKnown = 0
		this.#done = false
	}

	/** Who publishes, or what is said of it, is another. What was announced stays shown. */
	#told(): void {
		if (!this.#running && !this.#done) this.#changed()
	}

	#saveSoon(): void {
		this.#remembered.saveSoon(() => ({
			publisherName: this.publisherName,
			about: this.about,
			licence: this.licence,
			playlists: this.playlists,
			key: this.key,
			bytes: this.sizeBytes,
			entries: this.entries,
			others: this.#others,
			edited: this.table.edited
		}))
	}

	#follow(): void {
		if (this.#run === undefined) return
		const before = this.#steps.find((step) => step.state === 'running')
		this.#steps = this.#run.steps.map((step) => ({ ...step }))
		this.#results = { ...this.#run.results }
		const now = this.#steps.find((step) => step.state === 'running')
		if (now?.progress?.step !== before?.progress?.step) this.#left = timeLeft()
		this.#bytesKnown = now?.progress?.bytesKnown ?? this.#bytesKnown
		this.#leftS = now?.progress && (now.progress.leftS ?? this.#left(now.progress))
	}
}

/** What stays true of a publication when it goes to further places: the record has not been put there. */
function unnamed({ named: _named, peers: _peers, ...rest }: PublishResults) {
	return rest
}
