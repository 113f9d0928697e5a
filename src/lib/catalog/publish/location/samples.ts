import { boxes, type Box } from './boxes'

/** More than days of one sample a second. */
const MAX_SAMPLES = 1_000_000

/**
 * Where the samples of a track lie in the file, chunk by chunk.
 * @param stbl - the track's sample table
 * @see ISO/IEC 14496-12, 8.7
 */
export function* samplesOf(
	moov: Uint8Array,
	stbl: Box
): Generator<{ readonly at: number; readonly size: number }> {
	const tables = new Map<string, DataView>()
	for (const box of boxes(moov.subarray(stbl.content, stbl.end), stbl.end - stbl.content)) {
		const from = stbl.content + box.content
		tables.set(box.type, new DataView(moov.buffer, moov.byteOffset + from, box.end - box.content))
	}
	const [sizes, runs] = [tables.get('stsz'), tables.get('stsc')]
	const offsets = tables.get('stco') ?? tables.get('co64')
	if (sizes === undefined || runs === undefined || offsets === undefined) return
	if (sizes.byteLength < 12 || runs.byteLength < 20 || offsets.byteLength < 8) return
	const wide = !tables.has('stco')
	const sameSize = sizes.getUint32(4)
	const count = Math.min(sizes.getUint32(8), MAX_SAMPLES)
	const chunks = offsets.getUint32(4)
	if (sameSize === 0 && 12 + count * 4 > sizes.byteLength) return
	const lastRun = Math.min(runs.getUint32(4), Math.floor((runs.byteLength - 8) / 12)) - 1
	let sample = 0
	let run = 0
	for (let chunk = 0; chunk < chunks && sample < count; chunk++) {
		const place = 8 + chunk * (wide ? 8 : 4)
		if (place + (wide ? 8 : 4) > offsets.byteLength) return
		while (run < lastRun && chunk + 1 >= runs.getUint32(8 + (run + 1) * 12)) run++
		const inChunk = Math.min(runs.getUint32(8 + run * 12 + 4), count - sample)
		let size = 0
		for (let n = 0; n < inChunk; n++) size += sameSize || sizes.getUint32(12 + (sample + n) * 4)
		sample += inChunk
		yield { at: wide ? Number(offsets.getBigUint64(place)) : offsets.getUint32(place), size }
	}
}
