import { formatBytes, formatNumber, formatTime } from '$lib/format'
import type { SearchMessages } from '$lib/i18n/search-messages'
import type { NamedSource } from '$lib/state/source-count'
import type { TrackProof } from '$lib/state/proof/track-proof'

/** Name and value. `exact` values are addresses and keys: shown as they are. */
export interface Fact {
	readonly name: string
	readonly value: string
	readonly exact?: boolean
}

const fact = (name: string, value: string | undefined, exact = false): readonly Fact[] =>
	value === undefined || value === '' ? [] : [{ name, value, exact }]

/** A size as people read it, and to the byte. */
const sized = (m: SearchMessages, bytes: number) =>
	bytes < 1000
		? formatBytes(bytes, m.locale)
		: `${formatBytes(bytes, m.locale)} (${formatNumber(bytes, m.locale)})`

export const whatFacts = (m: SearchMessages, { row }: TrackProof): readonly Fact[] => [
	...fact(m.proof.workTitle, row.title),
	...fact(m.proof.artist, row.artists.join(', ')),
	...fact(m.player.infoPublisher, row.publisherName),
	...fact(m.proof.file, row.file, true),
	...(row.sizeBytes > 0 ? fact(m.proof.size, sized(m, row.sizeBytes)) : []),
	...fact(m.proof.publication, row.root, true),
	...fact(m.proof.path, row.k)
]

/** What the signature comes to, in one sentence. */
export function signatureLine(m: SearchMessages, { signature }: TrackProof): string {
	if (signature === undefined) return m.proof.checking
	if (signature.kind === 'none') return m.proof.unsigned
	if (signature.kind === 'wrong') return m.proof.wrong
	return signature.leadsHere ? m.proof.signed : m.proof.signedOther
}

export function signatureFacts(m: SearchMessages, { signature, madeMs }: TrackProof): readonly Fact[] {
	if (signature?.kind !== 'signed') return []
	const time = (ms: number | undefined) => (ms === undefined ? undefined : formatTime(ms, m.locale))
	return [
		...fact(m.proof.name, signature.name, true),
		...fact(m.proof.sequence, formatNumber(Number(signature.sequence), m.locale)),
		...fact(m.proof.leadsTo, signature.value, true),
		...fact(m.proof.made, time(madeMs)),
		...fact(m.proof.validUntil, time(signature.validUntilMs)),
		...fact(m.proof.heard, time(signature.heardMs)),
		...fact(m.proof.checkedAt, time(signature.checkedMs))
	]
}

export function byteFacts(m: SearchMessages, { row, sources }: TrackProof): readonly Fact[] {
	if (sources === undefined) return []
	const came = sources.peerBytes + sources.gatewayBytes
	const share = new Intl.NumberFormat(m.locale, { style: 'percent', maximumFractionDigits: 0 })
	const ofFile = Math.min(1, came / Math.max(1, row.sizeBytes))
	return [
		...fact(
			m.proof.fromOthers,
			row.sizeBytes > 0 ? m.proof.ofFile(sized(m, came), share.format(ofFile)) : sized(m, came)
		),
		...fact(m.proof.piecesChecked, m.proof.checked(sources.blocks)),
		...fact(m.proof.wrongPieces, sources.wrong === 0 ? m.proof.wrongNone : m.proof.wrongThrown(sources.wrong)),
		...fact(m.proof.wastedBytes, sized(m, sources.wastedBytes))
	]
}

export const sourceName = (m: SearchMessages, source: NamedSource): string =>
	source.kind === 'local' ? m.proof.thisDevice : source.name

/** The same as the panel shows, to keep or to send: lines of text, with every number in full. */
export function proofText(m: SearchMessages, proof: TrackProof): string {
	const { sources } = proof
	const number = (value: number) => formatNumber(value, m.locale)
	const table: (readonly string[])[] = []
	if (sources) {
		table.push([
			m.proof.source,
			m.proof.kind,
			m.proof.sourceBytes,
			m.proof.pieces,
			m.proof.sourceWrong,
			m.proof.wasted
		])
		for (const source of sources.named) {
			const numbers = [source.bytes, source.blocks, source.wrong, source.wastedBytes].map(number)
			table.push([sourceName(m, source), m.proof.kinds[source.kind], ...numbers])
		}
		const bytes = sources.peerBytes + sources.gatewayBytes + sources.localBytes
		table.push([m.proof.inAll, '', ...[bytes, sources.blocks, sources.wrong, sources.wastedBytes].map(number)])
	}
	const since = sources === undefined ? '' : `, ${m.proof.since(formatTime(sources.sinceMs, m.locale))}`
	const failed = sources?.failed?.tried ?? []
	return [
		...heading(`${m.shell.name}: ${m.proof.of(proof.row.title)}`, '='),
		...factLines(whatFacts(m, proof)),
		'',
		...heading(m.proof.signature, '-'),
		signatureLine(m, proof),
		...factLines(signatureFacts(m, proof)),
		...(proof.signature?.kind === 'signed' ? [m.proof.signedLine] : []),
		'',
		...heading(m.proof.bytes + since, '-'),
		...(sources === undefined ? [m.proof.none] : [...tableLines(table), '', ...factLines(byteFacts(m, proof))]),
		...(sources === undefined ? [] : [m.proof.bytesLine]),
		...(failed.length > 0 ? ['', ...heading(m.proof.tried, '-'), ...failed] : []),
		''
	].join('\n')
}

/** What came from others has no line breaks of its own in this text. */
const oneLine = (text: string) => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')

const heading = (text: string, under: string) => [oneLine(text), under.repeat(oneLine(text).length)]

function factLines(facts: readonly Fact[]): readonly string[] {
	const width = Math.max(0, ...facts.map(({ name }) => name.length))
	return facts.map(({ name, value }) => `${name.padEnd(width)}  ${oneLine(value)}`)
}

/** Columns as wide as they must be; numbers to the right. */
function tableLines(rows: readonly (readonly string[])[]): readonly string[] {
	const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => oneLine(row[at] ?? '').length)))
	return rows.map((row) =>
		row
			.map((cell, at) => (at < 2 ? oneLine(cell).padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)))
			.join('  ')
			.trimEnd()
	)
}
