/** Samples of one point at first; doubled whenever there are too many points. */
const FINEST = 256
const MOST_POINTS = 2048
const HEAD_BYTES = 20

/**
 * Draws a waveform while samples come in: 1,024 to 2,048 pairs of least and greatest of all channels together, whatever
 * the length, in 2 to 4 KiB.
 */
export class WaveformPeaks {
	readonly #sampleRate: number
	#samplesAPoint = FINEST
	#points: [least: number, greatest: number][] = []
	#now: [number, number] = [0, 0]
	#taken = 0

	constructor(sampleRate: number) {
		this.#sampleRate = sampleRate
	}

	add(planes: readonly Float32Array[]): void {
		const length = planes[0]?.length ?? 0
		for (let at = 0; at < length; at++) {
			for (const plane of planes) {
				const sample = plane[at] ?? 0
				if (sample < this.#now[0]) this.#now[0] = sample
				else if (sample > this.#now[1]) this.#now[1] = sample
			}
			if (++this.#taken === this.#samplesAPoint) this.#end()
		}
	}

	/** A data file of audiowaveform, version 1, 8 bits. @see https://github.com/bbc/audiowaveform/blob/master/doc/DataFormat.md */
	file(): Uint8Array<ArrayBuffer> {
		if (this.#taken > 0) this.#end()
		const bytes = new Uint8Array(HEAD_BYTES + this.#points.length * 2)
		const view = new DataView(bytes.buffer)
		view.setInt32(0, 1, true)
		view.setUint32(4, 1, true)
		view.setInt32(8, this.#sampleRate, true)
		view.setInt32(12, this.#samplesAPoint, true)
		view.setUint32(16, this.#points.length, true)
		for (const [at, [least, greatest]] of this.#points.entries()) {
			view.setInt8(HEAD_BYTES + at * 2, level(least))
			view.setInt8(HEAD_BYTES + 1 + at * 2, level(greatest))
		}
		return bytes
	}

	#end(): void {
		this.#points.push(this.#now)
		this.#now = [0, 0]
		this.#taken = 0
		if (this.#points.length < MOST_POINTS) return
		const halved: [number, number][] = []
		for (let at = 0; at < this.#points.length; at += 2) {
			const one = this.#points[at] ?? [0, 0]
			const other = this.#points[at + 1] ?? one
			halved.push([Math.min(one[0], other[0]), Math.max(one[1], other[1])])
		}
		this.#points = halved
		this.#samplesAPoint *= 2
	}
}

const level = (sample: number) => Math.max(-128, Math.min(127, Math.round(sample * 127)))
