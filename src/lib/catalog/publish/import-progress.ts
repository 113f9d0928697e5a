import type { ChosenFile, PublishProgress } from '../publishing'
import type { ImportWatch } from './import-files'

/** Between two reports. */
const REPORT_MS = 250
/** Speed is told by the last seconds, so that a pause or a slow file does not spoil it for long. */
const WINDOW_MS = 5000
/** Before this much has gone by, a guess is worth nothing. */
const GUESS_AFTER_MS = 1500
const MOST_AT_WORK = 4

interface Mark {
	readonly ms: number
	readonly bytes: number
}

/** Adds up what importing does: by file and in all, bytes, speed and time left. */
export class ImportProgress implements ImportWatch {
	readonly #report: ((progress: PublishProgress) => void) | undefined
	readonly #nowMs: () => number
	readonly #sizes: ReadonlyMap<string, number>
	readonly #bytes: number
	readonly #atWork = new Map<string, number>()
	#filesDone = 0
	#bytesDone = 0
	#bytesKnown = 0
	#reportedMs = 0
	#marks: Mark[] = []

	constructor(
		files: readonly ChosenFile[],
		report: ((progress: PublishProgress) => void) | undefined,
		nowMs: () => number = () => performance.now()
	) {
		this.#report = report
		this.#nowMs = nowMs
		this.#sizes = new Map(files.map(({ path, file }) => [path, file.size]))
		this.#bytes = files.reduce((sum, { file }) => sum + file.size, 0)
	}

	file(path: string, state: 'begun' | 'done'): void {
		if (state === 'begun') this.#atWork.set(path, 0)
		else if (this.#atWork.delete(path)) this.#filesDone++
		this.#sometimes()
	}

	bytes(path: string, count: number, known: boolean): void {
		this.#atWork.set(path, (this.#atWork.get(path) ?? 0) + count)
		this.#bytesDone += count
		if (known) this.#bytesKnown += count
		this.#sometimes()
	}

	/** After a pause: the time that went by says nothing of the speed. */
	resumed(): void {
		this.#marks = []
	}

	end(): void {
		this.#report?.(this.#now(this.#nowMs()))
	}

	#sometimes(): void {
		const nowMs = this.#nowMs()
		if (nowMs - this.#reportedMs < REPORT_MS) return
		this.#reportedMs = nowMs
		const hashed = this.#bytesDone - this.#bytesKnown
		this.#marks = [...this.#marks.filter(({ ms }) => nowMs - ms <= WINDOW_MS), { ms: nowMs, bytes: hashed }]
		this.#report?.(this.#now(nowMs))
	}

	#now(nowMs: number): PublishProgress {
		const [first] = this.#marks
		const elapsedMs = first === undefined ? 0 : nowMs - first.ms
		const hashed = this.#bytesDone - this.#bytesKnown - (first?.bytes ?? 0)
		const speed = elapsedMs >= GUESS_AFTER_MS && hashed > 0 ? (hashed * 1000) / elapsedMs : undefined
		const sizeOf = ([path]: readonly [string, number]) => this.#sizes.get(path) ?? 0
		// The largest are worth following; the others are done before they are read about.
		const atWork = [...this.#atWork].toSorted((a, b) => sizeOf(b) - sizeOf(a)).slice(0, MOST_AT_WORK)
		const [path] = atWork[0] ?? []
		return {
			step: 'hashing',
			filesDone: this.#filesDone,
			files: this.#sizes.size,
			bytesDone: this.#bytesDone,
			bytes: this.#bytes,
			bytesKnown: this.#bytesKnown,
			...(path !== undefined && { path }),
			atWork: atWork.map(([path, bytesDone]) => ({ path, bytesDone, bytes: this.#sizes.get(path) ?? 0 })),
			...(speed !== undefined && { bytesPerS: speed, leftS: (this.#bytes - this.#bytesDone) / speed })
		}
	}
}
