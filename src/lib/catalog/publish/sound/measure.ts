import { LoudnessMeter } from './loudness'
import { WaveformPeaks } from './waveform'

/** What was measured of one sound. */
export interface MeasuredSound {
	/** For {@link integratedLufs}, of a track or of an album's tracks together. */
	readonly blocks: Float32Array
	/** Largest sample; 1 is full scale. */
	readonly peak: number
	/** A data file of audiowaveform. */
	readonly waveform: Uint8Array<ArrayBuffer>
}

/** Some samples: one plane for each channel. */
export interface SoundPiece {
	readonly sampleRate: number
	readonly planes: readonly Float32Array[]
}

/** Measures while it is decoded, piece by piece. Undefined when there is no sound in it. */
export async function measureSound(pieces: AsyncIterable<SoundPiece>): Promise<MeasuredSound | undefined> {
	let meter: LoudnessMeter | undefined
	let peaks: WaveformPeaks | undefined
	for await (const { sampleRate, planes } of pieces) {
		meter ??= new LoudnessMeter(sampleRate, planes.length)
		peaks ??= new WaveformPeaks(sampleRate)
		meter.add(planes)
		peaks.add(planes)
	}
	if (meter === undefined || peaks === undefined) return undefined
	return { blocks: meter.blocks, peak: meter.peak, waveform: peaks.file() }
}
