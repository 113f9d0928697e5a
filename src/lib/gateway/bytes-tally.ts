import type { AppErrorCode } from '../errors'
import type { BytesReport } from './block-port'
import type { BlockWatch, SourceKind } from './block-source'

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
				from.set(key, { kind, name, bytes: (from.get(key)?.bytes ?? 0) + bytes })
			},
			wrong: (name) => {
				const { wrong } = this.#file(root)
				wrong.set(name, (wrong.get(name) ?? 0) + 1)
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
		if (file === undefined) this.#files.set(root, (file = { from: new Map(), wrong: new Map() }))
		return file
	}

	#report(): void {
		this.#timer = undefined
		const files = [...this.#files]
		this.#files.clear()
		for (const [root, { from, wrong, failed }] of files) {
			this.#post({
				type: 'bytes',
				root,
				from: [...from.values()],
				wrong: [...wrong].map(([name, blocks]) => ({ name, blocks })),
				...(failed ? { failed } : {})
			})
		}
	}
}

interface FileTally {
	readonly from: Map<string, { readonly kind: SourceKind; readonly name: string; readonly bytes: number }>
	readonly wrong: Map<string, number>
	failed?: { readonly code: AppErrorCode; readonly tried: readonly string[] }
}
