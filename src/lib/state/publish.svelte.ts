import type {
	ChosenFile,
	Draft,
	DraftEntry,
	PublishProgress,
	PublishResults,
	PublishStep
} from '$lib/catalog/publishing'
import { isAbort } from '$lib/errors'
import { withField, type DraftField, type FieldProblem } from './draft-fields'

/** Where a publication goes: the own Kubo node, or nowhere but this tab. */
export type PublishPlace = 'node' | 'tab'

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
	/** Origin of the own node's RPC; empty for this tab alone. */
	readonly nodeRpc: string
	readonly results?: PublishResults
	readonly onchange: () => void
}

/** What publishing asks of the rest of the app. */
export interface PublishDoors {
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
	readonly from?: 'file' | 'folder' | 'chosen'
}

/** A cell that cannot be published as it is. `typed` is what stands in it, where the entry does not have it. */
export interface CellProblem {
	readonly problem: FieldProblem
	readonly typed?: string
}

export interface Moving {
	readonly progress: PublishProgress
	/** Seconds left by the speed so far; absent while that cannot be told. */
	readonly leftS?: number
}

/** Before this much has gone by, a guess at the time left is worth nothing. */
const GUESS_AFTER_MS = 2_000

const groupOf = (entry: DraftEntry) => entry.album || entry.path.slice(0, Math.max(0, entry.path.lastIndexOf('/')))
const cell = (path: string, field: DraftField) => `${field}\n${path}`

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
	place = $state<PublishPlace>('tab')

	#entries = $state.raw<readonly DraftEntry[]>([])
	#others = $state.raw<readonly ChosenFile[]>([])
	#typed = $state.raw<ReadonlyMap<string, Required<CellProblem>>>(new Map())
	#reading = $state.raw<Moving>()
	#failure = $state.raw<unknown>()
	#steps = $state.raw<readonly PublishStep[]>([])
	#results = $state.raw<PublishResults>()
	#running = $state(false)
	#done = $state(false)
	#leftS = $state.raw<number>()
	#run: PublishRun | undefined
	#runPlace = ''
	#abort = new AbortController()
	readonly #doors: PublishDoors

	constructor(doors: PublishDoors) {
		this.#doors = doors
	}

	get entries(): readonly DraftEntry[] {
		return this.#entries
	}

	/** Files that go along without being entries: covers, lyrics, texts. */
	get others(): readonly ChosenFile[] {
		return this.#others
	}

	get sizeBytes(): number {
		const files = [...this.#entries, ...this.#others]
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
		return this.#reading !== undefined || this.#running || (this.#entries.length > 0 && !this.#done)
	}

	/** What is wrong in a cell. */
	problemOf(entry: DraftEntry, field: DraftField): CellProblem | undefined {
		const typed = this.#typed.get(cell(entry.path, field))
		if (typed !== undefined) return typed
		return field === 'title' && entry.title.trim() === '' ? { problem: 'needs-title' } : undefined
	}

	/** Cells that must be mended before anything can be published. */
	get toMend(): number {
		return this.#typed.size + this.#entries.filter((entry) => entry.title.trim() === '').length
	}

	get covers(): readonly CoverGroup[] {
		const groups = new Map<string, CoverGroup>()
		for (const entry of this.#entries) {
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
	async add(chosen: readonly ChosenFile[]): Promise<void> {
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
			this.#entries = [...this.#entries.filter(({ path }) => !added.has(path)), ...draft.entries]
			this.#others = [...this.#others.filter(({ path }) => !added.has(path)), ...draft.others]
			this.publisherName ||= draft.name
		} catch (error) {
			if (!isAbort(error)) this.#failure = error
		} finally {
			this.#reading = undefined
		}
	}

	/** Takes what was typed into a cell; what cannot be used stays in the cell with its problem. */
	edit(path: string, field: DraftField, typed: string): void {
		const at = this.#entries.findIndex((entry) => entry.path === path)
		const entry = this.#entries[at]
		if (entry === undefined || this.#running) return
		this.#changed()
		const outcome = withField(entry, field, typed)
		const problems = new Map(this.#typed)
		problems.delete(cell(path, field))
		if ('entry' in outcome) this.#entries = this.#entries.with(at, outcome.entry)
		else problems.set(cell(path, field), { problem: outcome.problem, typed })
		this.#typed = problems
	}

	/**
	 * Gives every row the same value. A value that cannot be used changes nothing and gives the problem; else what
	 * {@link restore} takes for Undo.
	 */
	applyToAll(field: DraftField, typed: string): FieldProblem | readonly DraftEntry[] {
		const changed: DraftEntry[] = []
		for (const entry of this.#entries) {
			const outcome = withField(entry, field, typed)
			if ('problem' in outcome) return outcome.problem
			changed.push(outcome.entry)
		}
		const before = this.#entries
		this.#changed()
		this.#typed = new Map([...this.#typed].filter(([key]) => !key.startsWith(`${field}\n`)))
		this.#entries = changed
		return before
	}

	/** Takes rows away. Returns what {@link restore} takes for Undo. */
	remove(...paths: readonly string[]): readonly DraftEntry[] {
		const before = this.#entries
		if (this.#running) return before
		this.#changed()
		this.#entries = before.filter(({ path }) => !paths.includes(path))
		this.#typed = new Map([...this.#typed].filter(([key]) => !paths.includes(key.slice(key.indexOf('\n') + 1))))
		return before
	}

	restore(entries: readonly DraftEntry[]): void {
		if (this.#running) return
		this.#changed()
		this.#entries = entries
	}

	/** Gives every entry of a group another cover. */
	setCover(group: string, cover: Blob): void {
		if (this.#running) return
		this.#changed()
		this.#entries = this.#entries.map((entry) =>
			groupOf(entry) === group ? { ...entry, cover, coverFrom: 'chosen' } : entry
		)
	}

	/**
	 * Does every step that is not done yet. Called again after a failure it goes on with the step that failed; if the
	 * place was changed meanwhile, what was built and signed is kept and the sending begins anew.
	 * @param nodeRpc - origin of the own node's RPC, for {@link place} `node`
	 */
	async publish(nodeRpc: string): Promise<void> {
		if (this.#running || this.#entries.length === 0 || this.toMend > 0) return
		this.#running = true
		this.#failure = undefined
		this.#abort = new AbortController()
		const { signal } = this.#abort
		try {
			this.key ||= await this.#doors.makeKey(this.publisherName)
			const to = this.place === 'node' ? nodeRpc : ''
			if (this.#run === undefined || this.#runPlace !== to) {
				const results = this.#run && withoutPlace(this.#run.results)
				this.#run = await this.#doors.start({
					draft: this.#draft(),
					name: this.key,
					nodeRpc: to,
					...(results && { results }),
					onchange: () => {
						this.#follow()
					}
				})
				this.#runPlace = to
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
		}
	}

	/** Stops reading or publishing. What is done is kept. */
	cancel(): void {
		this.#abort.abort()
	}

	/** Forgets the draft; the key and the place stay chosen. */
	clear(): void {
		this.cancel()
		this.#changed()
		this.#entries = []
		this.#others = []
		this.#typed = new Map()
		this.#failure = undefined
	}

	dispose(): void {
		this.cancel()
	}

	#left = timeLeft()

	/** Gives another path to a file that would hide a different one: files picked one by one come without folders. */
	#apart(files: readonly ChosenFile[]): readonly ChosenFile[] {
		const held = new Map([...this.#entries, ...this.#others].map(({ path, file }) => [path, file]))
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
		const entries = this.#entries.map((entry) => ({ ...entry, licence: entry.licence || this.licence }))
		return {
			name: this.publisherName.trim(),
			about: this.about.trim(),
			licence: this.licence,
			entries,
			others: [...this.#others]
		}
	}

	/** The draft is another one now: what was built from the old one is of no use. */
	#changed(): void {
		this.#run = undefined
		this.#steps = []
		this.#results = undefined
		this.#done = false
	}

	#follow(): void {
		if (this.#run === undefined) return
		const before = this.#steps.find((step) => step.state === 'running')
		this.#steps = this.#run.steps.map((step) => ({ ...step }))
		this.#results = { ...this.#run.results }
		const now = this.#steps.find((step) => step.state === 'running')
		if (now?.progress?.step !== before?.progress?.step) this.#left = timeLeft()
		this.#leftS = now?.progress && this.#left(now.progress)
	}
}

/** What stays true of a publication when it goes to another place. */
function withoutPlace({
	blocksSent: _sent,
	pinned: _pinned,
	named: _named,
	peers: _peers,
	...rest
}: PublishResults) {
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
