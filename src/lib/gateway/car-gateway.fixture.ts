import * as dagPb from '@ipld/dag-pb'
import { CID } from 'multiformats/cid'
import { blockKey } from './block-key'
import { carParts, entriesOf, type CarEntry, type TestFile } from './dag.fixture'
import type { FakeGateway } from './gateway.fixture'

/** How a gateway misbehaves, the first time at the block with number `at` of an answer. */
export type CarFault =
	| 'none'
	| 'lies'
	| 'truncates'
	| 'breaks'
	| 'stalls'
	| 'silent'
	| 'no-car'
	| 'ignores-car'
	| 'ignores-range'
	| 'nothing'
	| 'server-error'
	| 'garbage'
	| 'reorders'
	| 'duplicates'
	| 'foreign'
	| 'endless'
	| 'no-range'
	| 'ignores-plain-range'

export const CAR_FAULTS: readonly CarFault[] = [
	'none',
	'lies',
	'truncates',
	'breaks',
	'stalls',
	'silent',
	'no-car',
	'ignores-car',
	'ignores-range',
	'nothing',
	'server-error',
	'garbage',
	'reorders',
	'duplicates',
	'foreign',
	'endless',
	'no-range',
	'ignores-plain-range'
]

/** Faults of a gateway from which a file can be had all the same. */
export const HARMLESS: readonly CarFault[] = [
	'none',
	'no-car',
	'ignores-car',
	'reorders',
	'duplicates',
	'foreign',
	'no-range',
	'ignores-plain-range'
]

const CAR_TYPE = 'application/vnd.ipld.car; version=1; order=dfs; dups=n'
const flipped = (bytes: Uint8Array) => bytes.map((byte, index) => (index === bytes.length >> 1 ? byte ^ 1 : byte))
const FOREIGN: CarEntry = {
	cid: CID.parse('bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'),
	bytes: new Uint8Array(5_000)
}
const MAX_FOREIGN = 50

/** A gateway that has one file, and gives CARs of ranges and raw blocks as Kubo does, but for its fault. */
export function carGateway(file: TestFile, fault: CarFault = 'none', at = 0, everyMs = 0): FakeGateway {
	return (signal, url, range) => {
		const { searchParams, pathname } = new URL(url)
		if (fault === 'silent') return hanging(signal)
		if (fault === 'nothing') return new Response('', { status: 404 })
		if (fault === 'server-error') return new Response('', { status: 500 })
		if (searchParams.get('format') === 'raw') return rawBlock(file, CID.parse(pathname.split('/')[2] ?? ''), fault)
		if (range !== undefined) return plainRange(file, range, fault, signal)
		if (fault === 'no-car') return new Response('', { status: 406 })
		if (fault === 'ignores-car') return new Response(file.bytes as Uint8Array<ArrayBuffer>)
		const asked = searchParams.get('entity-bytes') ?? '0:*'
		if (!/^-?\d+:(-?\d+|\*)$/.test(asked)) return new Response('', { status: 400 })
		const [from, to] = rangeOf(asked, file.bytes.byteLength)
		const entries = withFault(
			fault === 'ignores-range' ? entriesOf(file, 0, Infinity) : entriesOf(file, from, to),
			fault,
			at
		)
		const parts = fault === 'garbage' ? [new Uint8Array(900).fill(0x21)] : carParts(file.root, entries)
		return new Response(streamed(parts, fault, at + 1, everyMs, signal), { headers: { 'content-type': CAR_TYPE } })
	}
}

function rangeOf(text: string, sizeBytes: number): [number, number] {
	const [from = '', to = ''] = text.split(':')
	const start = Number(from) < 0 ? Math.max(0, sizeBytes + Number(from)) : Number(from)
	return [start, to === '*' ? Infinity : Number(to)]
}

function rawBlock(file: TestFile, cid: CID, fault: CarFault): Response {
	const bytes = file.blocks.get(blockKey(cid))
	if (bytes === undefined) return new Response('', { status: 404 })
	return new Response((fault === 'lies' ? flipped(bytes) : bytes) as Uint8Array<ArrayBuffer>)
}

function plainRange(file: TestFile, range: string, fault: CarFault, signal: AbortSignal): Response {
	if (fault === 'no-range') return new Response('', { status: 406 })
	if (fault === 'ignores-plain-range') return new Response(file.bytes as Uint8Array<ArrayBuffer>)
	const [from = 0, last = 0] = range.replace('bytes=', '').split('-').map(Number)
	const bytes = file.bytes.slice(from, last + 1)
	const parts = Array.from({ length: Math.ceil(bytes.byteLength / 50_000) }, (_, part) =>
		bytes.slice(part * 50_000, (part + 1) * 50_000)
	)
	const sent = fault === 'lies' ? parts.map(flipped) : parts
	return new Response(streamed(sent, fault, sent.length >> 1, 0, signal), {
		status: 206,
		headers: { 'content-range': `bytes ${from}-${last}/${file.bytes.byteLength}` }
	})
}

function withFault(entries: readonly CarEntry[], fault: CarFault, at: number): CarEntry[] {
	const isLeaf = ({ cid }: CarEntry) => cid.code !== dagPb.code
	switch (fault) {
		case 'lies':
			return entries.map((entry, index) => (index === at ? { ...entry, bytes: flipped(entry.bytes) } : entry))
		case 'reorders': {
			const swapped = [...entries]
			for (let index = at + 1; index < swapped.length; index += 2) {
				const [one, two] = [swapped[index - 1], swapped[index]]
				if (one !== undefined && two !== undefined && isLeaf(one) && isLeaf(two)) {
					swapped[index - 1] = two
					swapped[index] = one
				}
			}
			return swapped
		}
		case 'duplicates':
			return entries.flatMap((entry) => [entry, entry])
		case 'foreign':
			// Not so much that it is left for it, whatever the number of blocks: that is `endless`.
			return entries.flatMap((entry, index) => (index < MAX_FOREIGN ? [FOREIGN, entry] : [entry]))
		case 'endless':
			return [...entries.slice(0, at), ...Array.from({ length: 400 }, () => FOREIGN)]
		default:
			return [...entries]
	}
}

const hanging = (signal: AbortSignal) =>
	new Promise<never>((_, reject) => {
		signal.addEventListener('abort', () => {
			reject(signal.reason as Error)
		})
	})

function streamed(
	parts: readonly Uint8Array[],
	fault: CarFault,
	goodParts: number,
	everyMs: number,
	signal: AbortSignal
): ReadableStream<Uint8Array<ArrayBuffer>> {
	const ends = ['truncates', 'breaks', 'stalls'].includes(fault)
		? Math.min(goodParts, parts.length - 1)
		: parts.length
	let index = 0
	return new ReadableStream(
		{
			async pull(controller) {
				const part = parts[index] as Uint8Array<ArrayBuffer> | undefined
				if (everyMs > 0) await new Promise((resolve) => setTimeout(resolve, everyMs))
				if (part !== undefined && index < ends) {
					// Pieces of the network end anywhere.
					const middle = (part.byteLength * 2) / 3
					controller.enqueue(part.slice(0, middle))
					controller.enqueue(part.slice(middle))
				} else if (fault === 'breaks') controller.error(new TypeError('network error'))
				else if (fault === 'stalls') {
					if (index === ends && part !== undefined) controller.enqueue(part.slice(0, 3))
					if (index > ends) await hanging(signal)
				} else controller.close()
				index++
			}
		},
		{ highWaterMark: 0 }
	)
}
