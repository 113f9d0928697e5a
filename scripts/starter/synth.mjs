/* Instruments and a mixing desk, all plain arithmetic: nothing here was sampled. */

export const RATE = 44_100

/** Numbers from 0 to 1 that look random and are the same in every run (mulberry32). */
export function seeded(seed) {
	let state = seed >>> 0
	return () => {
		state = (state + 0x6d2b79f5) >>> 0
		let t = Math.imul(state ^ (state >>> 15), 1 | state)
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
	}
}

const SEMITONES = { C: 0, D: 2, E: 4, F: 5, G: 7, A: 9, B: 11 }

/** Hz of a name such as `C4`, `F#3`, `Bb5`. */
export function hz(name) {
	const [, letter, accidental, octave] = /^([A-G])([#b]?)(-?\d)$/.exec(name)
	const semitone =
		SEMITONES[letter] + (accidental === '#' ? 1 : accidental === 'b' ? -1 : 0) + 12 * (Number(octave) + 1)
	return 440 * 2 ** ((semitone - 69) / 12)
}

const samples = (seconds) => Math.max(1, Math.round(seconds * RATE))

/** Fades the end, so that nothing clicks. */
function released(out, seconds = 0.04) {
	const length = Math.min(out.length, samples(seconds))
	for (let i = 0; i < length; i++) out[out.length - 1 - i] *= i / length
	return out
}

/** Karplus-Strong string with pick position and fractional delay. */
export function pluck(f, seconds, { bright = 0.5, ring = 3, pick = 0.17, random } = {}) {
	const out = new Float32Array(samples(seconds))
	const soft = 0.52 + 0.3 * bright
	const period = RATE / f - (1 - soft)
	const length = Math.max(2, Math.floor(period - 0.2))
	const fraction = period - length
	const allpass = (1 - fraction) / (1 + fraction)
	const string = new Float32Array(length)
	let low = 0
	for (let i = 0; i < length; i++) string[i] = low += (random() * 2 - 1 - low) * (0.12 + 0.75 * bright)
	const at = Math.max(1, Math.round(length * pick))
	const plucked = string.map((value, i) => value - string[(i + length - at) % length])
	const mean = plucked.reduce((sum, value) => sum + value, 0) / length
	const top = plucked.reduce((max, value) => Math.max(max, Math.abs(value - mean)), 1e-9)
	for (let i = 0; i < length; i++) string[i] = (plucked[i] - mean) / top
	const loss = 0.001 ** (1 / (f * ring))
	let before = 0
	let x1 = 0
	let y1 = 0
	for (let i = 0, p = 0; i < out.length; i++, p = p + 1 === length ? 0 : p + 1) {
		const now = string[p]
		out[i] = now * 0.7
		const x = (soft * now + (1 - soft) * before) * loss
		before = now
		y1 = allpass * x + x1 - allpass * y1
		x1 = x
		string[p] = y1
	}
	for (let i = 0; i < 40 && i < out.length; i++) out[i] *= i / 40
	return released(out, 0.12)
}

/** Two-operator FM with an index that fades: bells, electric piano, glass. */
export function fm(
	f,
	seconds,
	{ ratio = 3.5, index = 2, decay = 1, indexDecay = 0.4, attack = 0.002, tine = 0 } = {}
) {
	const out = new Float32Array(samples(seconds))
	const step = (2 * Math.PI * f) / RATE
	for (let i = 0; i < out.length; i++) {
		const t = i / RATE
		const level = Math.min(1, t / attack) * Math.exp(-t / decay)
		const depth = index * Math.exp(-t / indexDecay)
		const shine = tine === 0 ? 0 : tine * Math.exp(-t / 0.06) * Math.sin(step * 14 * i)
		out[i] = level * (Math.sin(step * i + depth * Math.sin(step * ratio * i)) + shine)
	}
	return released(out)
}

/** A struck wooden bar. */
export function marimba(f, seconds, { hard = 0.3 } = {}) {
	const out = new Float32Array(samples(seconds))
	const step = (2 * Math.PI * f) / RATE
	const long = 0.28 + 60 / f
	for (let i = 0; i < out.length; i++) {
		const t = i / RATE
		out[i] =
			Math.min(1, t / 0.002) *
			(Math.exp(-t / long) * Math.sin(step * i) +
				hard * Math.exp(-t / 0.07) * Math.sin(step * 3.93 * i) +
				hard * 0.4 * Math.exp(-t / 0.03) * Math.sin(step * 9.2 * i))
	}
	return released(out)
}

const TABLE = 2048
/** One cycle with harmonics 1…count, the k-th as loud as `level(k)`. */
function cycle(count, level) {
	const table = new Float32Array(TABLE + 1)
	for (let k = 1; k <= count; k++) {
		for (let i = 0; i <= TABLE; i++) table[i] += level(k) * Math.sin((2 * Math.PI * k * i) / TABLE)
	}
	const top = table.reduce((max, value) => Math.max(max, Math.abs(value)), 0)
	return table.map((value) => value / top)
}
const WARM = cycle(10, (k) => k ** -1.7)
const REEDY = cycle(16, (k) => k ** -1.05 * (k % 2 === 1 ? 1 : 0.55))
const HOLLOW = cycle(9, (k) => (k % 2 === 1 ? k ** -1.5 : 0.08 / k))
const FLUTE = cycle(5, (k) => [0, 1, 0.32, 0.14, 0.05, 0.02][k])

function envelope(i, length, attack, release) {
	const a = attack * RATE
	const r = release * RATE
	const rise = i < a ? 0.5 - 0.5 * Math.cos((Math.PI * i) / a) : 1
	const fall = length - i < r ? 0.5 - 0.5 * Math.cos((Math.PI * (length - i)) / r) : 1
	return rise * fall
}

/** Held sound of a few voices slightly apart. `kind`: warm, reedy, hollow. */
export function pad(
	f,
	seconds,
	{ attack = 1.2, release = 1.5, kind = 'warm', spread = 0.004, dark = 0.5, random } = {}
) {
	const table = { warm: WARM, reedy: REEDY, hollow: HOLLOW }[kind]
	const out = new Float32Array(samples(seconds))
	const voices = [-1, 0, 1].map((side) => ({
		phase: random() * TABLE,
		detune: 1 + side * spread,
		drift: random() * 6
	}))
	let low = 0
	let lower = 0
	for (let i = 0; i < out.length; i++) {
		const t = i / RATE
		let sum = 0
		for (const voice of voices) {
			const f2 = f * voice.detune * (1 + 0.0009 * Math.sin(2 * Math.PI * 0.23 * t + voice.drift))
			voice.phase += (f2 * TABLE) / RATE
			if (voice.phase >= TABLE) voice.phase -= TABLE
			const at = Math.floor(voice.phase)
			sum += table[at] + (table[at + 1] - table[at]) * (voice.phase - at)
		}
		const open = (0.06 + 0.3 * (1 - dark)) * (0.75 + 0.25 * Math.sin(2 * Math.PI * 0.09 * t + voices[0].drift))
		low += (sum / 3 - low) * open
		lower += (low - lower) * open
		out[i] = lower * envelope(i, out.length, attack, release)
	}
	return out
}

/** A blown sound with vibrato that comes in late. */
export function flute(f, seconds, { attack = 0.09, release = 0.2, breath = 0.05, random } = {}) {
	const out = new Float32Array(samples(seconds))
	let phase = 0
	let air = 0
	for (let i = 0; i < out.length; i++) {
		const t = i / RATE
		const vibrato = 0.006 * Math.min(1, Math.max(0, t - 0.25) / 0.5) * Math.sin(2 * Math.PI * 5.1 * t)
		phase += (f * (1 + vibrato - 0.012 * Math.exp(-t / 0.03)) * TABLE) / RATE
		if (phase >= TABLE) phase -= TABLE
		air += (random() * 2 - 1 - air) * 0.25
		out[i] = (FLUTE[Math.floor(phase)] + air * breath) * envelope(i, out.length, attack, release)
	}
	return out
}

/** Voices singing "ah": a rich cycle through three formants. */
export function choir(f, seconds, { attack = 0.7, release = 0.9, random } = {}) {
	const source = pad(f, seconds, { attack, release, kind: 'reedy', spread: 0.006, dark: 0.1, random })
	const out = new Float32Array(source.length)
	for (const [centre, width, level] of [
		[620, 110, 1],
		[1080, 130, 0.5],
		[2500, 220, 0.12]
	]) {
		const w = (2 * Math.PI * centre) / RATE
		const q = Math.sin(w) / (2 * (centre / width))
		const a0 = 1 + q
		let [x1, x2, y1, y2] = [0, 0, 0, 0]
		for (let i = 0; i < out.length; i++) {
			const y = (q * source[i] - q * x2 + 2 * Math.cos(w) * y1 - (1 - q) * y2) / a0
			;[x2, x1, y2, y1] = [x1, source[i], y1, y]
			out[i] += y * level
		}
	}
	for (let i = 0; i < out.length; i++) out[i] = out[i] * 3 + source[i] * 0.35
	return out
}

export function bass(f, seconds, { attack = 0.008, decay = 1.4, grit = 1.3 } = {}) {
	const out = new Float32Array(samples(seconds))
	const step = (2 * Math.PI * f) / RATE
	for (let i = 0; i < out.length; i++) {
		const t = i / RATE
		const tone = Math.sin(step * i) + 0.28 * Math.exp(-t / 0.25) * Math.sin(2 * step * i)
		out[i] = Math.tanh(grit * tone) * 0.75 * Math.min(1, t / attack) * Math.exp(-t / decay)
	}
	return released(out, 0.06)
}

export function kick(seconds = 0.35, { low = 46, snap = 90 } = {}) {
	const out = new Float32Array(samples(seconds))
	let phase = 0
	for (let i = 0; i < out.length; i++) {
		const t = i / RATE
		phase += (2 * Math.PI * (low + snap * Math.exp(-t / 0.028))) / RATE
		out[i] = Math.sin(phase) * Math.exp(-t / 0.13) * Math.min(1, t / 0.0015)
	}
	return released(out)
}

/** Noise in a band: `cut` 0…1 takes lows away, `soft` 0…1 takes highs away. */
export function noise(seconds, { decay = 0.05, cut = 0.5, soft = 0.8, attack = 0.001, random }) {
	const out = new Float32Array(samples(seconds))
	let low = 0
	let smooth = 0
	for (let i = 0; i < out.length; i++) {
		const t = i / RATE
		smooth += (random() * 2 - 1 - smooth) * soft
		low += (smooth - low) * cut
		out[i] = (smooth - low) * Math.min(1, t / attack) * Math.exp(-t / decay)
	}
	return released(out, 0.01)
}

/** A brushed snare: noise with a little drum under it. */
export function brush({ random, decay = 0.09 }) {
	const out = noise(0.3, { decay, cut: 0.12, soft: 0.5, random })
	for (let i = 0; i < out.length; i++) {
		const t = i / RATE
		out[i] = out[i] * 0.9 + 0.35 * Math.sin(2 * Math.PI * 185 * t) * Math.exp(-t / 0.05)
	}
	return out
}

/** A stereo desk with an echo and a room. */
export class Desk {
	#random

	constructor(seconds, { random, room = 2.2, echoS = 0.375, echo = 0.35 }) {
		this.length = samples(seconds)
		this.#random = random
		this.room = room
		this.echoS = echoS
		this.echo = echo
		const track = () => new Float32Array(this.length)
		this.dry = [track(), track()]
		this.toRoom = [track(), track()]
		this.toEcho = [track(), track()]
	}

	/** Plays `sound` at a time; `loose` moves it by that much at most, as hands do. Pan −1…1. */
	play(sound, atS, { gain = 1, pan = 0, room = 0.3, echo = 0, loose = 0.006 } = {}) {
		const start = Math.max(0, samples(Math.max(0, atS + (this.#random() * 2 - 1) * loose)))
		const level = gain * (1 + (this.#random() * 2 - 1) * 0.06)
		const sides = [Math.cos(((pan + 1) * Math.PI) / 4) * level, Math.sin(((pan + 1) * Math.PI) / 4) * level]
		const end = Math.min(sound.length, this.length - start)
		for (let side = 0; side < 2; side++) {
			const [dry, toRoom, toEcho] = [this.dry[side], this.toRoom[side], this.toEcho[side]]
			for (let i = 0; i < end; i++) {
				const value = sound[i] * sides[side]
				dry[start + i] += value
				toRoom[start + i] += value * room
				toEcho[start + i] += value * echo
			}
		}
	}

	/** Left and right, with fades at both ends, no louder than 0.9; `press` takes the loudest moments down. */
	render({ fadeInS = 0.02, fadeOutS = 4, press = 1.1 } = {}) {
		this.#runEcho()
		this.#runRoom()
		const gentle = (value) => Math.tanh(value)
		let top = 1e-9
		for (const side of this.dry) for (const value of side) top = Math.max(top, Math.abs(value))
		const drive = press / top
		// What is too soft to hear at the end is left out.
		const heard = this.dry.map((side) => side.findLastIndex((value) => Math.abs(value) > top * 0.006))
		const length = Math.min(this.length, Math.max(...heard) + samples(0.4))
		return this.dry.map((side) => {
			let dc = 0
			return side.subarray(0, length).map((value, i) => {
				dc += (value - dc) * 0.0006
				const fade = Math.min(1, i / (fadeInS * RATE)) * Math.min(1, (length - 1 - i) / (fadeOutS * RATE))
				return gentle((value - dc) * drive) * fade * 0.9
			})
		})
	}

	/** Bounces from side to side, each time softer and darker. */
	#runEcho() {
		const delay = samples(this.echoS)
		const lines = [new Float32Array(delay), new Float32Array(delay)]
		const low = [0, 0]
		for (let i = 0, p = 0; i < this.length; i++, p = p + 1 === delay ? 0 : p + 1) {
			const heard = [lines[0][p], lines[1][p]]
			for (let side = 0; side < 2; side++) {
				this.dry[side][i] += heard[side]
				this.toRoom[side][i] += heard[side] * 0.3
				low[side] += (this.toEcho[side][i] + heard[1 - side] * this.echo * 1.3 - low[side]) * 0.45
				lines[side][p] = low[side]
			}
		}
	}

	/** Eight delays that feed one another through a Hadamard matrix. */
	#runRoom() {
		const lengths = [1499, 1747, 2011, 2243, 2503, 2749, 3019, 3271]
		const lines = lengths.map((length) => new Float32Array(length))
		const loss = lengths.map((length) => 0.001 ** (length / (this.room * RATE)))
		const low = new Float32Array(8)
		const at = new Int32Array(8)
		const v = new Float32Array(8)
		for (let i = 0; i < this.length; i++) {
			for (let k = 0; k < 8; k++) v[k] = lines[k][at[k]]
			this.dry[0][i] += (v[0] + v[2] - v[4] + v[6]) * 0.32
			this.dry[1][i] += (v[1] - v[3] + v[5] + v[7]) * 0.32
			for (let half = 1; half < 8; half *= 2) {
				for (let k = 0; k < 8; k++) {
					if ((k & half) !== 0) continue
					const [a, b] = [v[k], v[k | half]]
					v[k] = a + b
					v[k | half] = a - b
				}
			}
			for (let k = 0; k < 8; k++) {
				low[k] += (v[k] * 0.35355 - low[k]) * 0.55
				lines[k][at[k]] = this.toRoom[k & 1][i] + low[k] * loss[k]
				at[k] = at[k] + 1 === lengths[k] ? 0 : at[k] + 1
			}
		}
	}
}
