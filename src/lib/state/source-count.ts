import type { BytesReport } from '$lib/gateway/block-port'
import type { SourceKind } from '$lib/gateway/block-source'

/** What one source sent. */
export interface NamedSource {
	readonly kind: SourceKind
	/** A gateway's origin, a peer's id, or `local`. */
	readonly name: string
	/** Of blocks that hashed to their CID. */
	readonly bytes: number
	readonly blocks: number
	/** Blocks that did not, and were thrown away. */
	readonly wrong: number
	/** Came and was of no use: a second copy, or too late. */
	readonly wastedBytes: number
}

/** Reports of the service worker, added up. */
export interface SourceCount {
	/** Most bytes first. */
	readonly named: readonly NamedSource[]
	/** How many peers sent something. */
	readonly peers: number
	readonly gateways: number
	readonly peerBytes: number
	readonly gatewayBytes: number
	readonly localBytes: number
	/** Blocks that were checked and found right, from whatever source. */
	readonly blocks: number
	readonly wrong: number
	/** Of the line: what was read from this device in vain is in {@link named} alone. */
	readonly wastedBytes: number
}

export const NO_COUNT: SourceCount = {
	named: [],
	peers: 0,
	gateways: 0,
	peerBytes: 0,
	gatewayBytes: 0,
	localBytes: 0,
	blocks: 0,
	wrong: 0,
	wastedBytes: 0
}

/** More sources than this are not told apart: those with the fewest bytes are left out of the list, not of the sums. */
const MOST_NAMED = 200

/** A gateway is named by its origin, a peer by its id. */
export const kindOfName = (name: string): SourceKind =>
	name === 'local' ? 'local' : /^https?:\/\//.test(name) ? 'gateway' : 'peer'

/** The count with one more report in it. */
export function withReport(before: SourceCount, report: BytesReport): SourceCount {
	const named = [...before.named]
	const add = (kind: SourceKind | undefined, name: string, more: Partial<NamedSource>) => {
		const at = named.findIndex((source) => source.name === name && (kind === undefined || source.kind === kind))
		const was = named[at] ?? {
			kind: kind ?? kindOfName(name),
			name,
			bytes: 0,
			blocks: 0,
			wrong: 0,
			wastedBytes: 0
		}
		const now = {
			...was,
			bytes: was.bytes + (more.bytes ?? 0),
			blocks: was.blocks + (more.blocks ?? 0),
			wrong: was.wrong + (more.wrong ?? 0),
			wastedBytes: was.wastedBytes + (more.wastedBytes ?? 0)
		}
		if (at < 0) named.push(now)
		else named[at] = now
	}
	for (const { kind, name, bytes, blocks } of report.from) add(kind, name, { bytes, blocks })
	for (const { name, blocks } of report.wrong) add(undefined, name, { wrong: blocks })
	for (const { name, bytes } of report.wasted) add(undefined, name, { wastedBytes: bytes })
	named.sort((one, other) => other.bytes - one.bytes)
	const bytesOf = (kind: SourceKind) =>
		report.from.reduce((total, source) => total + (source.kind === kind ? source.bytes : 0), 0)
	const senders = (kind: SourceKind) => named.filter((source) => source.kind === kind && source.bytes > 0).length
	return {
		named: named.slice(0, MOST_NAMED),
		peers: senders('peer'),
		gateways: senders('gateway'),
		peerBytes: before.peerBytes + bytesOf('peer'),
		gatewayBytes: before.gatewayBytes + bytesOf('gateway'),
		localBytes: before.localBytes + bytesOf('local'),
		blocks: before.blocks + sum(report.from, ({ blocks }) => blocks),
		wrong: before.wrong + sum(report.wrong, ({ blocks }) => blocks),
		wastedBytes: before.wastedBytes + sum(report.wasted, ({ name, bytes }) => (name === 'local' ? 0 : bytes))
	}
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
	return items.reduce((total, item) => total + of(item), 0)
}
