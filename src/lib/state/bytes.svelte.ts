import { BYTES_CHANNEL, type BytesReport } from '$lib/gateway/block-port'
import type { Wait } from '$lib/gateway/block-source'
import { SvelteMap } from 'svelte/reactivity'
import { NO_COUNT, withReport, type SourceCount } from './source-count'

/** Where the bytes of one file came from since the tab was opened. */
export interface FileSources extends SourceCount {
	/** When the first of them came, Unix ms. */
	readonly sinceMs: number
	/** What its reader waits for, and whom it asked. */
	readonly waiting: Wait | undefined
	/** What was tried when no source was left; cleared by the next byte that comes. */
	readonly failed: BytesReport['failed']
}

const MOST_FILES = 300

/** Adds up what the service worker tells of its reads, by file. */
export class BytesState {
	readonly #files = new SvelteMap<string, FileSources>()
	readonly #listeners = new Set<(report: BytesReport) => void>()
	#channel: BroadcastChannel | undefined

	open(): void {
		this.#channel = new BroadcastChannel(BYTES_CHANNEL)
		this.#channel.onmessage = (event: MessageEvent<BytesReport>) => {
			if (event.data.type === 'bytes') this.add(event.data)
		}
	}

	/** @param file - root CID of the file */
	of(file: string): FileSources | undefined {
		return this.#files.get(file)
	}

	/** Tells each report as it comes. Returns a function that stops it. */
	onreport(listener: (report: BytesReport) => void): () => void {
		this.#listeners.add(listener)
		return () => this.#listeners.delete(listener)
	}

	add(report: BytesReport): void {
		const before = this.#files.get(report.root)
		this.#files.delete(report.root)
		this.#files.set(report.root, {
			...withReport(before ?? NO_COUNT, report),
			sinceMs: before?.sinceMs ?? Date.now(),
			waiting: report.waiting,
			failed: report.failed ?? (report.from.length > 0 ? undefined : before?.failed)
		})
		if (this.#files.size > MOST_FILES) {
			const [oldest] = this.#files.keys()
			if (oldest !== undefined) this.#files.delete(oldest)
		}
		for (const listener of this.#listeners) listener(report)
	}

	dispose(): void {
		this.#channel?.close()
		this.#listeners.clear()
	}
}
