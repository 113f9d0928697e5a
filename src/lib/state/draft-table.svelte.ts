import type { DraftEntry } from '$lib/catalog/publishing'
import { withField, type DraftField, type FieldProblem } from './draft-fields'
import { filledFromPath, type PathPattern } from './path-pattern'

/** A cell that cannot be published as it is. `typed` is what stands in it, where the entry does not have it. */
export interface CellProblem {
	readonly problem: FieldProblem
	readonly typed?: string
}

type Typed = ReadonlyMap<string, Required<CellProblem>>

interface Snapshot {
	readonly entries: readonly DraftEntry[]
	readonly typed: Typed
}

/** Steps that Undo goes back. A step holds what changed and shares the rest. */
const MOST_STEPS = 100

const cell = (path: string, field: DraftField) => `${field}\n${path}`
const pathOf = (key: string) => key.slice(key.indexOf('\n') + 1)

/** The rows that a person checks and edits before they are published: one, many or all at once, each step undone. */
export class DraftTable {
	#entries = $state.raw<readonly DraftEntry[]>([])
	#typed = $state.raw<Typed>(new Map())
	#chosen = $state.raw<ReadonlySet<string>>(new Set())
	#past = $state.raw<readonly Snapshot[]>([])
	#future = $state.raw<readonly Snapshot[]>([])
	/** Paths of rows that a person changed. */
	readonly #edited = new Set<string>()
	readonly #onchange: () => void

	constructor(onchange: () => void) {
		this.#onchange = onchange
	}

	get entries(): readonly DraftEntry[] {
		return this.#entries
	}

	/** Paths of the rows that are chosen; with none, what is done is done to all. */
	get chosen(): ReadonlySet<string> {
		return this.#chosen
	}

	/** Those that what is done to many rows is done to. */
	get addressed(): readonly DraftEntry[] {
		return this.#chosen.size === 0 ? this.#entries : this.#entries.filter(({ path }) => this.#chosen.has(path))
	}

	get canUndo(): boolean {
		return this.#past.length > 0
	}

	get canRedo(): boolean {
		return this.#future.length > 0
	}

	/** Rows that a person changed. */
	get edited(): readonly DraftEntry[] {
		return this.#entries.filter(({ path }) => this.#edited.has(path))
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

	choose(paths: Iterable<string>, isChosen: boolean): void {
		const chosen = new Set(this.#chosen)
		for (const path of paths) {
			if (isChosen) chosen.add(path)
			else chosen.delete(path)
		}
		this.#chosen = chosen
	}

	/** Adds rows that were read; those of the same path are replaced. Not a step: Undo does not take files away. */
	add(read: readonly DraftEntry[], withoutPaths: ReadonlySet<string>): void {
		this.#entries = [...this.#entries.filter(({ path }) => !withoutPaths.has(path)), ...read]
		this.#typed = new Map([...this.#typed].filter(([key]) => !withoutPaths.has(pathOf(key))))
		this.#past = []
		this.#future = []
	}

	/** Rows as found by the machine: loudness, a picture. Undo keeps them. */
	enrich(path: string, more: Partial<DraftEntry>): void {
		const enriched = (entries: readonly DraftEntry[]) =>
			entries.map((entry) => (entry.path === path ? { ...entry, ...more } : entry))
		this.#entries = enriched(this.#entries)
		const all = ({ entries, typed }: Snapshot): Snapshot => ({ entries: enriched(entries), typed })
		this.#past = this.#past.map(all)
		this.#future = this.#future.map(all)
	}

	/** Rows that a person had changed before a reload. */
	mark(edited: Iterable<string>): void {
		for (const path of edited) this.#edited.add(path)
	}

	/** Takes what was typed into a cell; what cannot be used stays in the cell with its problem. */
	edit(path: string, field: DraftField, typed: string): void {
		const at = this.#entries.findIndex((entry) => entry.path === path)
		const entry = this.#entries[at]
		if (entry === undefined) return
		const key = cell(path, field)
		const outcome = withField(entry, field, typed)
		const problems = new Map(this.#typed)
		problems.delete(key)
		if ('problem' in outcome) problems.set(key, { problem: outcome.problem, typed })
		const entries = 'entry' in outcome ? this.#entries.with(at, outcome.entry) : this.#entries
		this.#step({ entries, typed: problems }, [path])
	}

	/**
	 * Gives the {@link addressed} rows the same value.
	 * @returns what is wrong with a value that cannot be used; nothing was changed then
	 */
	apply(field: DraftField, typed: string): FieldProblem | undefined {
		const rows = new Map<string, DraftEntry>()
		for (const entry of this.addressed) {
			const outcome = withField(entry, field, typed)
			if ('problem' in outcome) return outcome.problem
			rows.set(entry.path, outcome.entry)
		}
		this.#replace(rows, (key) => key.startsWith(`${field}\n`))
		return undefined
	}

	/** Numbers the {@link addressed} rows from 1, each folder anew, in their order. */
	number(): void {
		const next = new Map<string, number>()
		const rows = this.addressed.map((entry): [string, DraftEntry] => {
			const folder = entry.path.slice(0, entry.path.lastIndexOf('/') + 1)
			const track = (next.get(folder) ?? 0) + 1
			next.set(folder, track)
			return [entry.path, { ...entry, track }]
		})
		this.#replace(new Map(rows), (key) => key.startsWith('track\n'))
	}

	/** Fills the {@link addressed} rows from their paths. @returns how many the pattern fitted */
	fill(pattern: PathPattern): number {
		const rows = new Map<string, DraftEntry>()
		for (const entry of this.addressed) {
			const filled = filledFromPath(entry, pattern)
			if (filled !== undefined) rows.set(entry.path, filled)
		}
		if (rows.size > 0) this.#replace(rows, (key) => pattern.fields.some((field) => key.startsWith(`${field}\n`)))
		return rows.size
	}

	/** Changes rows by a function; one step. */
	change(paths: ReadonlySet<string>, change: (entry: DraftEntry) => DraftEntry): void {
		if (paths.size === 0) return
		const rows = this.#entries.filter(({ path }) => paths.has(path))
		this.#replace(new Map(rows.map((entry) => [entry.path, change(entry)])), () => false)
	}

	remove(...paths: readonly string[]): void {
		const typed = new Map([...this.#typed].filter(([key]) => !paths.includes(pathOf(key))))
		this.choose(paths, false)
		this.#step({ entries: this.#entries.filter(({ path }) => !paths.includes(path)), typed }, [])
	}

	undo(): void {
		const before = this.#past.at(-1)
		if (before === undefined) return
		this.#future = [...this.#future, { entries: this.#entries, typed: this.#typed }]
		this.#past = this.#past.slice(0, -1)
		this.#show(before)
	}

	redo(): void {
		const after = this.#future.at(-1)
		if (after === undefined) return
		this.#past = [...this.#past, { entries: this.#entries, typed: this.#typed }]
		this.#future = this.#future.slice(0, -1)
		this.#show(after)
	}

	clear(): void {
		this.#entries = []
		this.#typed = new Map()
		this.#chosen = new Set()
		this.#past = []
		this.#future = []
		this.#edited.clear()
	}

	#replace(rows: ReadonlyMap<string, DraftEntry>, isMended: (key: string) => boolean): void {
		const typed = new Map([...this.#typed].filter(([key]) => !(rows.has(pathOf(key)) && isMended(key))))
		const entries = this.#entries.map((entry) => rows.get(entry.path) ?? entry)
		this.#step({ entries, typed }, rows.keys())
	}

	#step(next: Snapshot, edited: Iterable<string>): void {
		this.#past = [...this.#past.slice(1 - MOST_STEPS), { entries: this.#entries, typed: this.#typed }]
		this.#future = []
		for (const path of edited) this.#edited.add(path)
		this.#show(next)
	}

	#show({ entries, typed }: Snapshot): void {
		this.#entries = entries
		this.#typed = typed
		this.#onchange()
	}
}
