/** Of one block of 400 ms; they begin every 100 ms. */
const STEPS_A_BLOCK = 4
const STEPS_A_SECOND = 10
const ABSOLUTE_GATE_LUFS = -70
const RELATIVE_GATE_LU = -10
/** What ReplayGain 2.0 brings music to. */
const REFERENCE_LUFS = -18
/** Of left, right, centre, low effects, and the two behind. Where there are more, they count as one. */
const WEIGHTS = [1, 1, 1, 0, 1.41, 1.41]
const SURROUND = 6

interface Filter {
	readonly b0: number
	readonly b1: number
	readonly b2: number
	readonly a1: number
	readonly a2: number
}

/** The two filters of K-weighting at any rate. @see https://www.itu.int/rec/R-REC-BS.1770 annex 1; its tables are for 48 kHz */
function filters(sampleRate: number): readonly [Filter, Filter] {
	const shelf = (() => {
		const k = Math.tan((Math.PI * 1681.974450955533) / sampleRate)
		const q = 0.7071752369554196
		const high = 10 ** (3.999843853973347 / 20)
		const band = high ** 0.4996667741545416
		const a0 = 1 + k / q + k * k
		return {
			b0: (high + (band * k) / q + k * k) / a0,
			b1: (2 * (k * k - high)) / a0,
			b2: (high - (band * k) / q + k * k) / a0,
			a1: (2 * (k * k - 1)) / a0,
			a2: (1 - k / q + k * k) / a0
		}
	})()
	const k = Math.tan((Math.PI * 38.13547087602444) / sampleRate)
	const q = 0.5003270373238773
	const a0 = 1 + k / q + k * k
	return [shelf, { b0: 1, b1: -2, b2: 1, a1: (2 * (k * k - 1)) / a0, a2: (1 - k / q + k * k) / a0 }]
}

/** One channel on its way through both filters. */
class Weighted {
	readonly #shelf: Filter
	readonly #pass: Filter
	#z = [0, 0, 0, 0]

	constructor(sampleRate: number) {
		;[this.#shelf, this.#pass] = filters(sampleRate)
	}

	/** Sum of the squares of the weighted samples. */
	energy(samples: Float32Array, from: number, to: number): number {
		const { b0, b1, b2, a1, a2 } = this.#shelf
		const { a1: c1, a2: c2 } = this.#pass
		let [z1 = 0, z2 = 0, y1 = 0, y2 = 0] = this.#z
		let sum = 0
		for (let at = from; at < to; at++) {
			const x = samples[at] ?? 0
			const shelved = b0 * x + z1
			z1 = b1 * x - a1 * shelved + z2
			z2 = b2 * x - a2 * shelved
			const passed = shelved + y1
			y1 = -2 * shelved - c1 * passed + y2
			y2 = shelved - c2 * passed
			sum += passed * passed
		}
		this.#z = [z1, z2, y1, y2]
		return sum
	}
}

/** Measures loudness by EBU R128 (ITU-R BS.1770) while samples come in. */
export class LoudnessMeter {
	readonly #channels: Weighted[]
	readonly #stepFrames: number
	readonly #steps: number[] = []
	#step = 0
	#frames = 0
	#peak = 0

	constructor(sampleRate: number, channels: number) {
		this.#channels = Array.from({ length: channels }, () => new Weighted(sampleRate))
		this.#stepFrames = Math.round(sampleRate / STEPS_A_SECOND)
	}

	/** @param planes - one for each channel, as long as each other */
	add(planes: readonly Float32Array[]): void {
		const length = planes[0]?.length ?? 0
		for (let from = 0; from < length;) {
			const to = Math.min(length, from + this.#stepFrames - this.#frames)
			for (const [channel, weighted] of this.#channels.entries()) {
				const plane = planes[channel]
				if (plane === undefined) continue
				const weight = this.#channels.length >= SURROUND - 1 ? (WEIGHTS[channel] ?? 1) : 1
				this.#step += weight * weighted.energy(plane, from, to)
			}
			this.#frames += to - from
			from = to
			if (this.#frames < this.#stepFrames) break
			this.#steps.push(this.#step / this.#stepFrames)
			this.#step = 0
			this.#frames = 0
		}
		for (const plane of planes) for (const sample of plane) this.#peak = Math.max(this.#peak, Math.abs(sample))
	}

	/** Mean square of each block of 400 ms. */
	get blocks(): Float32Array {
		const count = Math.max(0, this.#steps.length - STEPS_A_BLOCK + 1)
		return Float32Array.from({ length: count }, (_, at) => {
			let sum = 0
			for (let n = 0; n < STEPS_A_BLOCK; n++) sum += this.#steps[at + n] ?? 0
			return sum / STEPS_A_BLOCK
		})
	}

	/** Largest sample; 1 is full scale. */
	get peak(): number {
		return this.#peak
	}
}

const lufs = (power: number) => -0.691 + 10 * Math.log10(power)
const power = (level: number) => 10 ** ((level + 0.691) / 10)

/**
 * Integrated loudness in LUFS of one track, or of the tracks of an album together. Undefined for silence.
 * @param blocks - of each, see {@link LoudnessMeter.blocks}
 */
export function integratedLufs(blocks: readonly Float32Array[]): number | undefined {
	const mean = (above: number) => {
		let sum = 0
		let count = 0
		for (const some of blocks) {
			for (const block of some) {
				if (block <= above) continue
				sum += block
				count++
			}
		}
		return count === 0 ? undefined : sum / count
	}
	const ungated = mean(power(ABSOLUTE_GATE_LUFS))
	if (ungated === undefined) return undefined
	const gated = mean(Math.max(power(ABSOLUTE_GATE_LUFS), ungated * 10 ** (RELATIVE_GATE_LU / 10)))
	return gated === undefined ? undefined : lufs(gated)
}

/** What brings a loudness to that of ReplayGain 2.0, in dB. */
export const gainOf = (loudnessLufs: number): number => Math.round((REFERENCE_LUFS - loudnessLufs) * 100) / 100
