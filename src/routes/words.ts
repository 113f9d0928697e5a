import type { EntryRow } from '$lib/catalog/row'
import { formatFormat, formatLength } from '$lib/format'
import type { Messages } from '$lib/i18n/index.svelte'
import type { FileAvailability } from '$lib/state/availability.svelte'
import type { FileSources } from '$lib/state/bytes.svelte'
import type { Stall } from '$lib/state/stall.svelte'

/** Who can send a file, in words; numbers where they are known. */
export function availabilityWords(m: Messages, { kind, peers }: FileAvailability) {
	const words = {
		kept: m.listen.kept,
		both: m.listen.peersAndGateways,
		peers: m.listen.peersOnly(peers),
		gateways: m.listen.gateway,
		none: m.listen.noOne,
		ask: m.listen.asking
	}[kind]
	return { kind, words }
}

/** The whole tab's ways to others. */
export function ways(m: Messages, of: FileAvailability) {
	return { kind: of.kind, words: of.kind === 'ask' ? m.listen.asking : m.shell.ways(of.peers, of.gateways) }
}

/** Where the bytes of what plays come from: who sent some, else who could. */
export function sourceWords(m: Messages, sources: FileSources | undefined, could: FileAvailability) {
	if (sources === undefined) return availabilityWords(m, could)
	const { peers, gateways } = sources
	if (peers === 0 && gateways === 0) {
		return sources.localBytes > 0
			? { kind: 'kept' as const, words: m.player.thisDevice }
			: availabilityWords(m, could)
	}
	const kind: 'both' | 'peers' | 'gateways' = peers > 0 && gateways > 0 ? 'both' : peers > 0 ? 'peers' : 'gateways'
	return { kind, words: m.player.sources(peers, gateways) }
}

/** What the player waits for, and what can be done about it. */
export function stallWords(m: Messages, stall: Stall | undefined, hasNext: boolean) {
	if (stall === undefined) return undefined
	const { peers, gateways, offline, long, seconds } = stall
	const advice = hasNext ? m.player.stallOrNext : m.player.stallAlone
	return {
		words: offline ? m.player.stallOffline : m.player.stall(peers, gateways),
		time: m.player.seconds(seconds),
		advice: long ? (offline ? m.player.stallWhenBack : advice) : undefined,
		canSkip: long && hasNext
	}
}

/** The facts of a list of rows in one line: `2024 · Choral · 2 discs, 18 tracks · 1 hr 12 min · FLAC 96`. */
export function factsOf(m: Messages, rows: readonly EntryRow[]): string {
	const first = rows[0]
	if (first === undefined) return ''
	const discs = new Set(rows.map((row) => row.disc ?? 1)).size
	const lengthMs = rows.reduce((total, row) => total + (row.durationMs ?? 0), 0)
	const formats = [...new Set(rows.map((row) => formatFormat(row)))]
	return [
		first.date?.slice(0, 4),
		[...new Set(rows.flatMap((row) => row.genres))].slice(0, 2).join(', '),
		[discs > 1 ? m.listen.discs(discs) : '', m.shell.tracks(rows.length)].filter(Boolean).join(', '),
		lengthMs > 0 ? formatLength(lengthMs, m.locale) : '',
		formats.length <= 2 ? formats.join(', ') : ''
	]
		.filter(Boolean)
		.join(' · ')
}
