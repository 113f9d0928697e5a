import type { AppErrorCode } from '../errors'
import type { BytesReport } from './block-port'
import type { BlockWatch, Wait } from './block-source'

const PERIOD_MS = 500

/** Adds up where the bytes of each file came from and reports it, at most twice a second for all files together. */
export class BytesTally {
	readonly #files = new Map<string, FileTally>()
	readonly #post: (report: BytesReport) => void
	#timer: ReturnType<typeof setTimeout> | undefined

	constructor(post: (report: BytesReport) => void) {
		this.#post = post
	}

	/** Counts for the file with this root CID. */
	watch(root: string): BlockWatch {
		return {
			received: (kind, name, bytes) => {
				const from = this.#file(root).from
				const key = `${kind} ${name}`
				const before = from.get(key)
				from.set(key, { kind, name, bytes: (before?.bytes ?? 0) + bytes, blocks: (before?.blocks ?? 0) + 1 })
			},
			wrong: (name) => {
				const { wrong } = this.#file(root)
				wrong.set(name, (wrong.get(name) ?? 0) + 1)
			},
			wasted: (name, bytes) => {
				const { wasted } = this.#file(root)
				wasted.set(name, (wasted.get(name) ?? 0) + bytes)
			},
			waiting: (wait) => {
				this.#file(root).waiting = wait
			}
		}
	}

	failed(root: string, code: AppErrorCode, tried: readonly string[]): void {
		this.#file(root).failed = { code, tried }
	}

	#file(root: string): FileTally {
		if (this.#timer === undefined)
			this.#timer = setTimeout(() => {
				this.#report()
			}, PERIOD_MS)
		let file = this.#files.get(root)
		if (file === undefined)
			this.#files.set(root, (file = { from: new Map(), wrong: new Map(), wasted: new Map() }))
		return file
	}

	#report(): void {
		this.#timer = undefined
		const files = [...this.#files]
		this.#files.clear()
		for (const [root, { from, wrong, wasted, waiting, failed }] of files) {
			this.#post({
				type: 'bytes',
				root,
				from: [...from.values()],
				wrong: [...wrong].map(([name, blocks]) => ({ name, blocks })),
				wasted: [...wasted].map(([name, bytes]) => ({ name, bytes })),
				...(waiting ? { waiting } : {}),
				...(failed ? { failed } : {})
			})
		}
	}
}

interface FileTally {
	readonly from: Map<string, BytesReport['from'][number]>
	readonly wrong: Map<string, number>
	readonly wasted: Map<string, number>
	waiting?: Wait | undefined
	failed?: { readonly code: AppErrorCode; readonly tried: readonly string[] }
}
