import { BYTES_CHANNEL, type BytesReport } from '$lib/gateway/block-port'
import { SvelteMap } from 'svelte/reactivity'

/** Where the bytes of one file came from since the tab was opened. */
export interface FileSources {
	readonly peers: number
	readonly gateways: number
	readonly peerBytes: number
	readonly gatewayBytes: number
	readonly localBytes: number
	/** Each source by name, most bytes first. */
	readonly named: readonly {
		readonly kind: 'peer' | 'gateway' | 'local'
		readonly name: string
		readonly bytes: number
	}[]
	/** Pieces that did not hash to their address and were thrown away. */
	readonly wrong: number
	/** What was tried when no source was left; cleared by the next byte that comes. */
	readonly failed: BytesReport['failed']
}

const MOST_FILES = 300

/** Adds up what the service worker tells of its reads. */
export class BytesState {
	readonly #files = new SvelteMap<string, FileSources>()
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

	add(report: BytesReport): void {
		const before = this.#files.get(report.root)
		const named = [...(before?.named ?? [])]
		for (const { kind, name, bytes } of report.from) {
			const at = named.findIndex((source) => source.kind === kind && source.name === name)
			if (at < 0) named.push({ kind, name, bytes })
			else named[at] = { kind, name, bytes: (named[at]?.bytes ?? 0) + bytes }
		}
		named.sort((one, other) => other.bytes - one.bytes)
		const sum = (kind: 'peer' | 'gateway' | 'local') =>
			named.reduce((total, source) => total + (source.kind === kind ? source.bytes : 0), 0)
		this.#files.delete(report.root)
		this.#files.set(report.root, {
			named,
			peers: named.filter((source) => source.kind === 'peer').length,
			gateways: named.filter((source) => source.kind === 'gateway').length,
			peerBytes: sum('peer'),
			gatewayBytes: sum('gateway'),
			localBytes: sum('local'),
			wrong: (before?.wrong ?? 0) + report.wrong.reduce((total, { blocks }) => total + blocks, 0),
			failed: report.failed ?? (report.from.length > 0 ? undefined : before?.failed)
		})
		if (this.#files.size > MOST_FILES) {
			const [oldest] = this.#files.keys()
			if (oldest !== undefined) this.#files.delete(oldest)
		}
	}

	dispose(): void {
		this.#channel?.close()
	}
}
