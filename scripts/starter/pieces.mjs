import { bass, brush, choir, Desk, flute, fm, hz, kick, marimba, noise, pad, pluck, seeded } from './synth.mjs'

/** `'C4 E4 G4'` → Hz of each. */
const notes = (text) => text.split(' ').map(hz)

/** Walks through `'D4:1 . F#4:2'`: name and beats; `.` is a rest of one beat, `.:2` of two. */
function* melody(text) {
	let beat = 0
	for (const word of text.trim().split(/\s+/)) {
		const [name, length = '1'] = word.split(':')
		const beats = Number(length)
		if (name !== '.') yield { f: hz(name), beat, beats }
		beat += beats
	}
}

const start = (seed, seconds, options) => {
	const random = seeded(seed)
	return { random, desk: new Desk(seconds, { random, ...options }) }
}

/** Fingerpicked strings, six to the bar. */
function firstRain() {
	const { random, desk } = start(11, 56, { room: 1.9 })
	const eighth = 60 / 152
	const bars = [
		'D2 A3 D4 F#4',
		'D2 A3 D4 F#4',
		'B2 F#3 D4 F#4',
		'B2 F#3 C#4 F#4',
		'G2 D3 B3 F#4',
		'G2 D3 B3 E4',
		'A2 E3 B3 D4',
		'A2 E3 A3 C#4',
		'D2 A3 D4 F#4',
		'D2 A3 E4 F#4',
		'F#2 C#4 E4 A4',
		'B2 F#3 D4 A4',
		'G2 D3 B3 F#4',
		'E2 G3 B3 D4',
		'A2 E3 B3 D4',
		'A2 E3 A3 C#4',
		'D2 A3 D4 F#4',
		'B2 F#3 D4 F#4',
		'G2 D3 B3 F#4',
		'A2 E3 C#4 E4',
		'D2 A3 D4 F#4'
	]
	const order = [0, 2, 1, 3, 2, 1]
	const string = (f, beats, level, pan, bright = 0.42) => [
		pluck(f, beats * eighth + 1.6, { bright, ring: 3.4, random }),
		{ gain: level, pan, room: 0.22 }
	]
	bars.forEach((bar, n) => {
		const chord = notes(bar)
		order.forEach((which, step) => {
			const at = (n * 6 + step) * eighth
			const swell = 0.85 + 0.15 * Math.sin(n / 2.2)
			const [sound, how] = string(
				chord[which],
				which === 0 ? 6 : 3,
				(which === 0 ? 0.62 : step === 0 ? 0.4 : 0.33) * swell,
				which * 0.16 - 0.25,
				which === 0 ? 0.3 : 0.42
			)
			if (n < bars.length - 1 || step < 4) desk.play(sound, at, how)
		})
		if (n >= 7 && n < 19) {
			for (const f of chord.slice(1))
				desk.play(pad(f, 6 * eighth + 1.4, { random, dark: 0.75 }), n * 6 * eighth, {
					gain: 0.065,
					pan: 0.3,
					room: 0.6
				})
		}
	})
	const tune =
		'.:12 A4:4 F#4:2 E4:6 D4:4 F#4:2 E4:6 .:6 B4:3 A4:3 F#4:6 A4:4 B4:2 D5:6 C#5:3 B4:3 A4:6 B4:4 A4:2 G4:3 F#4:3 E4:6 D4:6 F#4:4 A4:2 D5:6 B4:3 C#5:3 D5:6'
	for (const { f, beat, beats } of melody(tune)) {
		const [sound, how] = string(f, beats, 0.46, 0.28, 0.62)
		desk.play(sound, beat * eighth, { ...how, echo: 0.12 })
	}
	return desk.render({ fadeOutS: 5, press: 2.4 })
}

/** A waltz for thumb piano, bass and flute. */
function barometerWaltz() {
	const { random, desk } = start(23, 52, { room: 1.6 })
	const beat = 60 / 126
	const bars = [
		'G2 B3 D4',
		'E2 B3 E4',
		'C2 C4 E4',
		'D2 A3 D4',
		'G2 B3 D4',
		'B2 D4 F#4',
		'C2 E4 G4',
		'D2 C4 F#4',
		'E2 B3 G4',
		'B2 B3 F#4',
		'C2 C4 G4',
		'G2 B3 D4',
		'A2 C4 E4',
		'C2 E4 A4',
		'D2 C4 F#4',
		'D2 A3 D4'
	]
	const all = [...bars, ...bars, 'C2 C4 E4', 'G2 B3 D4']
	all.forEach((bar, n) => {
		const [low, ...high] = notes(bar)
		desk.play(pluck(low, 1.9, { bright: 0.22, ring: 2, random }), n * 3 * beat, {
			gain: 0.75,
			pan: -0.1,
			room: 0.12
		})
		for (const step of [1, 2]) {
			for (const f of high)
				desk.play(marimba(f * 2, 0.9, { hard: 0.22 }), (n * 3 + step) * beat, {
					gain: step === 1 ? 0.13 : 0.11,
					pan: 0.35,
					room: 0.3
				})
		}
		if (n >= 16 && n < 32)
			desk.play(noise(0.12, { decay: 0.03, cut: 0.5, random }), (n * 3 + 2) * beat, { gain: 0.09, pan: -0.4 })
	})
	const first =
		'D5:2 B4:1 G4:2 A4:1 B4:1 C5:1 E5:1 D5:3 D5:2 B4:1 F#5:2 D5:1 E5:1 G5:1 E5:1 D5:3 G5:2 E5:1 F#5:1 D5:1 B4:1 C5:1 D5:1 E5:1 D5:2 B4:1 C5:1 B4:1 A4:1 E5:2 C5:1 A4:1 C5:1 B4:1 A4:3'
	for (const { f, beat: at } of melody(first)) {
		desk.play(marimba(f, 1.3, { hard: 0.4 }), at * beat, { gain: 0.42, pan: 0.1, room: 0.3, echo: 0.06 })
	}
	for (const { f, beat: at, beats } of melody(first)) {
		desk.play(flute(f, beats * beat * 1.02, { random }), (48 + at) * beat, { gain: 0.2, pan: -0.22, room: 0.45 })
		if (at % 3 === 0)
			desk.play(marimba(f * 2, 0.8, { hard: 0.2 }), (48 + at) * beat, { gain: 0.14, pan: 0.4, room: 0.4 })
	}
	for (const { f, beat: at, beats } of melody('E5:3 D5:1.5 B4:1.5 G4:4')) {
		desk.play(flute(f, beats * beat, { random, release: 0.5 }), (95 + at) * beat, {
			gain: 0.18,
			pan: -0.2,
			room: 0.5
		})
	}
	return desk.render({ fadeOutS: 4 })
}

/** Harp and a long flute line, dorian. */
function foehn() {
	const { random, desk } = start(37, 58, { room: 3.2, echoS: 0.5 })
	const bar = 3.5
	const chords = [
		'E2 B2 E3 F#3 B3 G4',
		'A2 E3 A3 C#4 E4 G4',
		'E2 B2 E3 G3 D4 F#4',
		'D2 A2 D3 F#3 A3 E4',
		'C2 G2 E3 G3 B3 D4',
		'G2 D3 G3 B3 D4 A4',
		'A2 E3 A3 C#4 F#4 B4',
		'B2 F#3 A3 D4 E4 A4'
	]
	const all = [...chords, ...chords.slice(0, 6), 'E2 B2 E3 F#3 B3 E4']
	all.forEach((text, n) => {
		const chord = notes(text)
		chord.forEach((f, k) => {
			desk.play(pluck(f, 4.5, { bright: 0.3, ring: 4.5, pick: 0.3, random }), n * bar + k * 0.11, {
				gain: 0.42 - k * 0.03,
				pan: -0.4 + k * 0.15,
				room: 0.5,
				echo: 0.1,
				loose: 0.012
			})
		})
		if (n % 2 === 1)
			desk.play(pluck(chord[5] * 2, 3, { bright: 0.5, ring: 3, random }), n * bar + 1.9, {
				gain: 0.2,
				pan: 0.5,
				room: 0.6,
				echo: 0.3
			})
		for (const f of [chord[0], chord[1], chord[3]])
			desk.play(pad(f * 2, bar + 2, { random, attack: 1.8, release: 2, kind: 'hollow', dark: 0.7 }), n * bar, {
				gain: 0.055,
				pan: 0.2,
				room: 0.7
			})
		desk.play(noise(bar + 2, { decay: 9, cut: 0.06, soft: 0.06, attack: 2, random }), n * bar, {
			gain: 0.03,
			pan: Math.sin(n),
			room: 0.5
		})
	})
	for (const { f, beat, beats } of melody(
		'.:8 B4:3 A4:1 G4:2 F#4:2 E4:4 .:2 F#4:1 G4:1 B4:3 D5:1 C#5:2 B4:2 A4:3 F#4:1 E4:4 .:4 E5:3 D5:1 B4:2 A4:2 G4:3 A4:1 B4:4'
	)) {
		desk.play(
			flute(f, (beats * bar) / 4 + 0.12, { random, attack: 0.16, release: 0.4, breath: 0.09 }),
			(beat * bar) / 4,
			{ gain: 0.24, pan: -0.12, room: 0.7, echo: 0.12, loose: 0.02 }
		)
	}
	return desk.render({ fadeInS: 0.6, fadeOutS: 6 })
}

/** Electric piano, swung drums. */
function linka22() {
	const { random, desk } = start(41, 52, { room: 1.3, echoS: 0.53 })
	const beat = 60 / 82
	const swing = (step) => (Math.floor(step / 2) + (step % 2 === 1 ? 0.58 : 0)) * 0.5 * beat
	const chords = [
		'F2 E3 A3 C4 G4',
		'E2 D3 G3 B3 F#4',
		'D2 C3 F3 A3 E4',
		'G2 B2 F3 A3 E4',
		'F2 E3 A3 C4 G4',
		'E2 G#3 B3 D4 G4',
		'A2 C3 G3 B3 E4',
		'D2 C3 F#3 A3 E4'
	]
	const piano = (f, seconds) => fm(f, seconds, { ratio: 1, index: 0.9, decay: 1.9, indexDecay: 0.5, tine: 0.07 })
	const all = [...chords, ...chords]
	all.forEach((text, n) => {
		const [low, ...high] = notes(text)
		const at = n * 4 * beat
		for (const [when, level] of [
			[0, 1],
			[2.58 * 1, 0.6]
		]) {
			high.forEach((f, k) =>
				desk.play(piano(f, 2.6), at + when * beat + k * 0.012, {
					gain: 0.15 * level,
					pan: -0.3 + k * 0.2,
					room: 0.25
				})
			)
		}
		desk.play(bass(low, 1.5 * beat), at, { gain: 0.6, room: 0.03 })
		desk.play(bass(low * (n % 2 === 0 ? 1.5 : 2), 0.55 * beat), at + 1.75 * beat, { gain: 0.4, room: 0.03 })
		desk.play(bass(low, 1.2 * beat), at + 2.5 * beat, { gain: 0.55, room: 0.03 })
		if (n >= 2 && n < 15) {
			for (const when of [0, 1.79, 2.5])
				desk.play(kick(), at + when * beat, { gain: when === 1.79 ? 0.5 : 0.72, room: 0.04 })
			for (const when of [1, 3])
				desk.play(brush({ random }), at + when * beat, { gain: 0.4, pan: 0.08, room: 0.25 })
			for (let step = 0; step < 16; step++) {
				if (step % 2 === 0 || random() < 0.55)
					desk.play(noise(0.08, { decay: step % 4 === 2 ? 0.045 : 0.018, cut: 0.6, random }), at + swing(step), {
						gain: step % 2 === 0 ? 0.1 : 0.06,
						pan: 0.3,
						room: 0.08
					})
			}
		}
		desk.play(noise(4 * beat, { decay: 30, cut: 0.3, soft: 0.25, random }), at, { gain: 0.006, room: 0 })
	})
	for (const { f, beat: at, beats } of melody(
		'.:16 G5:1.5 E5:.5 D5:1 C5:1 B4:1.5 D5:.5 G5:2 A5:1.5 G5:.5 E5:1 C5:1 D5:3 .:1 E5:1.5 G5:.5 A5:1 B5:1 D6:1.5 B5:.5 G#5:2 A5:1 G5:1 E5:1 C5:1 D5:3 .:1 G5:1.5 E5:.5 D5:1 C5:1 B4:4 C5:2 D5:2 E5:4'
	)) {
		desk.play(fm(f, beats * beat + 1, { ratio: 3.01, index: 0.7, decay: 0.9, indexDecay: 0.2 }), at * beat, {
			gain: 0.17,
			pan: 0.25,
			room: 0.4,
			echo: 0.3,
			loose: 0.014
		})
	}
	return desk.render({ fadeOutS: 4 })
}

/** A glittering sequence over slow chords. */
function winterLights() {
	const { random, desk } = start(53, 54, { room: 2.6, echoS: 0.402, echo: 0.42 })
	const beat = 60 / 112
	const chords = [
		'A2 E3 A3 C4 E4 B4',
		'F2 C3 A3 C4 E4 G4',
		'C2 G2 G3 C4 E4 D4',
		'G2 D3 B3 D4 G4 A4',
		'A2 E3 A3 C4 E4 B4',
		'D2 A2 A3 D4 F4 E4',
		'F2 C3 A3 C4 F4 G4',
		'E2 B2 G#3 B3 E4 D4'
	]
	const order = [2, 4, 3, 5, 4, 2, 5, 3]
	const all = [...chords, ...chords, ...chords]
	all.forEach((text, n) => {
		const chord = notes(text)
		const at = n * 4 * beat
		for (const f of chord.slice(1, 5))
			desk.play(pad(f, 4 * beat + 1.3, { random, attack: 0.5, release: 1.2, dark: 0.55 }), at, {
				gain: 0.085,
				pan: f > 250 ? 0.3 : -0.3,
				room: 0.5
			})
		const glow = Math.min(1, n / 5) * (n > 20 ? 0.7 : 1)
		for (let step = 0; step < 16; step++) {
			const f = chord[order[step % 8]] * (step % 16 === 7 || step % 16 === 12 ? 4 : 2)
			desk.play(
				fm(f, 0.7, { ratio: 2, index: 1 + 0.5 * Math.sin(n + step / 5), decay: 0.22, indexDecay: 0.1 }),
				at + (step * beat) / 4,
				{
					gain: 0.15 * glow * (step % 4 === 0 ? 1.2 : 0.85),
					pan: 0.55 * Math.sin(step * 1.3),
					room: 0.3,
					echo: 0.25,
					loose: 0.002
				}
			)
		}
		if (n >= 4 && n < 22) {
			for (let step = 0; step < 4; step++) {
				desk.play(kick(0.3, { low: 48, snap: 60 }), at + step * beat, { gain: 0.52, room: 0.03, loose: 0.001 })
				desk.play(noise(0.1, { decay: 0.035, cut: 0.55, random }), at + (step + 0.5) * beat, {
					gain: 0.11,
					pan: -0.2,
					room: 0.15,
					loose: 0.003
				})
			}
			for (let step = 0; step < 8; step++)
				desk.play(bass(chord[0], 0.42 * beat, { decay: 0.35 }), at + (step + (step % 2) * 0.06) * beat * 0.5, {
					gain: step % 2 === 1 ? 0.5 : 0.26,
					room: 0.03
				})
		} else desk.play(bass(chord[0], 3.6 * beat, { decay: 2.4 }), at, { gain: 0.4, room: 0.05 })
	})
	for (const { f, beat: at, beats } of melody(
		'.:32 E5:3 D5:1 C5:4 G4:3 A4:1 B4:4 C5:3 B4:1 A4:3 F4:1 G4:4 E4:4 E5:3 G5:1 A5:4 G5:3 E5:1 D5:4 C5:2 E5:2 F5:3 E5:1 C5:4 B4:4'
	)) {
		desk.play(
			pad(f, beats * beat + 0.3, {
				random,
				attack: 0.06,
				release: 0.35,
				kind: 'hollow',
				spread: 0.0025,
				dark: 0.15
			}),
			at * beat,
			{ gain: 0.2, pan: -0.08, room: 0.45, echo: 0.2 }
		)
	}
	return desk.render({ fadeOutS: 5 })
}

/** Slow dub with chords on the off-beat. */
function lastStop() {
	const { random, desk } = start(67, 58, { room: 2.9, echoS: 0.643, echo: 0.55 })
	const beat = 60 / 70
	const chords = [
		'D2 D4 F4 A4',
		'D2 D4 F4 C5',
		'Bb1 D4 F4 A4',
		'C2 E4 G4 Bb4',
		'D2 D4 F4 A4',
		'G2 D4 G4 Bb4',
		'Bb1 D4 F4 A4',
		'A1 C#4 G4 Bb4'
	]
	const all = [...chords, ...chords]
	all.forEach((text, n) => {
		const [low, ...high] = notes(text)
		const at = n * 4 * beat
		for (const when of n % 4 === 3 ? [1, 2.5, 3] : [1, 3]) {
			for (const f of high)
				desk.play(
					pad(f, 0.3, { random, attack: 0.008, release: 0.2, kind: 'reedy', dark: 0.2 }),
					at + when * beat,
					{ gain: 0.15, pan: -0.15, room: 0.25, echo: n % 2 === 1 || when === 3 ? 0.42 : 0.12, loose: 0.004 }
				)
		}
		for (const [when, length, times] of [
			[0, 1.4, 1],
			[1.75, 0.4, 1],
			[2.25, 0.7, 1.5],
			[3.25, 0.6, n % 2 === 0 ? 2 : 1.2]
		]) {
			desk.play(bass(low * times, length * beat, { decay: 1.1, grit: 1.05 }), at + when * beat, {
				gain: 0.72,
				room: 0.02
			})
		}
		if (n >= 1 && n < 15) {
			desk.play(kick(0.4, { low: 42 }), at + 2 * beat, { gain: 0.8, room: 0.06 })
			desk.play(brush({ random, decay: 0.05 }), at + 2 * beat, {
				gain: 0.3,
				room: 0.5,
				echo: n % 4 === 3 ? 0.35 : 0
			})
			for (let step = 0; step < 8; step++)
				desk.play(noise(0.1, { decay: 0.025, cut: 0.45, attack: 0.008, random }), at + (step * beat) / 2, {
					gain: step % 2 === 1 ? 0.1 : 0.055,
					pan: 0.35,
					room: 0.15
				})
		}
	})
	for (const { f, beat: at, beats } of melody(
		'.:8 A4:2 D5:1 C5:1 A4:3 .:1 F4:1 G4:1 A4:2 C5:1 D5:3 .:4 Bb4:1 A4:1 F4:2 E4:3 .:5 F5:1 E5:1 D5:2 A4:3 .:1 Bb4:2 A4:1 G4:1 A4:4'
	)) {
		desk.play(flute(f * 1, beats * beat + 0.1, { random, attack: 0.05, breath: 0.12 }), at * beat, {
			gain: 0.19,
			pan: 0.2,
			room: 0.5,
			echo: 0.3,
			loose: 0.02
		})
	}
	return desk.render({ fadeOutS: 6 })
}

/** Two players with one pattern; the second slips ahead by a step at a time. */
function window_() {
	const { random, desk } = start(71, 56, { room: 2 })
	const step = 60 / 92 / 4
	const shapes = [
		'Bb3 F4 C5 D5 G4 F5',
		'Bb3 F4 C5 E5 G4 D5',
		'G3 D4 Bb4 C5 F4 D5',
		'Eb4 Bb3 G4 F5 D5 Bb4',
		'F3 C4 A4 G4 D5 C5',
		'Bb3 F4 D5 C5 G4 F5'
	]
	const pattern = [0, 2, 1, 3, 4, 2, 5, 1, 3, 2, 4, 3]
	const perShape = 48
	let ahead = 0
	shapes.forEach((text, n) => {
		const tones = notes(text)
		for (let k = 0; k < perShape; k++) {
			const at = (n * perShape + k) * step
			if (k % 24 === 0) ahead = (ahead + 1) % 12
			const swell = Math.min(1, (n * perShape + k) / 30)
			desk.play(fm(tones[pattern[k % 12]], 1.5, { ratio: 4, index: 0.55, decay: 0.6, indexDecay: 0.12 }), at, {
				gain: 0.26 * swell * (k % 6 === 0 ? 1.15 : 0.9),
				pan: -0.5,
				room: 0.3,
				loose: 0.003
			})
			if (n > 0 || k >= 24)
				desk.play(marimba(tones[pattern[(k + ahead) % 12]], 1, { hard: 0.3 }), at, {
					gain: 0.26,
					pan: 0.5,
					room: 0.3,
					loose: 0.003
				})
		}
		const [root, fifth] = tones
		for (const [f, level] of [
			[root / 2, 0.14],
			[fifth / 2, 0.1],
			[tones[2] / 2, 0.07]
		]) {
			desk.play(
				pad(f, perShape * step + 1.6, { random, attack: 1.6, release: 1.8, dark: 0.7 }),
				n * perShape * step,
				{ gain: level, room: 0.5 }
			)
		}
		desk.play(bass(root / 2, 4, { attack: 0.05, decay: 2.6, grit: 1 }), n * perShape * step, {
			gain: 0.34,
			room: 0.1
		})
	})
	const end = shapes.length * perShape * step
	notes('Bb2 F3 C4 D4 F4 C5').forEach((f, k) =>
		desk.play(fm(f, 4.5, { ratio: 4, index: 0.5, decay: 1.8, indexDecay: 0.2 }), end + k * 0.05, {
			gain: 0.22,
			pan: k * 0.2 - 0.5,
			room: 0.5
		})
	)
	return desk.render({ fadeInS: 0.1, fadeOutS: 4 })
}

/** Two choirs that answer one another. */
function staircase() {
	const { random, desk } = start(83, 60, { room: 4.2 })
	const beat = 0.92
	const phrases = [
		['Eb3 Bb3 G4:2 | F3 C4 Ab4:1 | Eb3 Bb3 Bb4:3', 'left'],
		['C3 G3 C4 Eb4:2 | Ab2 Ab3 C4 F4:1 | Bb2 F3 Bb3 D4:3', 'right'],
		['Eb3 G3 Bb4:2 | Db3 Ab3 F4 Bb4:1 | C3 G3 Eb4 C5:3', 'left'],
		['Ab2 Eb3 C4 Ab4:2 | Bb2 Eb3 Bb3 G4:1 | Bb2 F3 Bb3 F4:3', 'right'],
		['Eb3 Bb3 G4 Bb4:2 | G3 Bb3 Eb4 C5:1 | Ab3 C4 Eb4 Eb5:3', 'left'],
		['F3 C4 Ab4 D5:2 | Eb3 C4 G4 C5:1 | D3 Bb3 F4 Bb4:3', 'right'],
		['Ab2 Eb3 C4 Ab4 C5:2 | Bb2 F3 D4 Bb4:2 | C3 G3 Eb4 C5:2', 'both'],
		['Ab2 C4 F4 Ab4:2 | Bb2 Eb4 F4 Ab4:1 | Bb2 D4 F4 Ab4:1 | Eb2 Bb3 Eb4 G4:6', 'both']
	]
	let at = 0
	for (const [text, side] of phrases) {
		for (const part of text.split(' | ')) {
			const [chord, beats] = part.split(':')
			const seconds = Number(beats) * beat
			for (const f of notes(chord)) {
				for (const pan of side === 'both' ? [-0.55, 0.55] : [side === 'left' ? -0.65 : 0.65]) {
					desk.play(choir(f, seconds + 0.75, { random, attack: 0.28, release: 0.8 }), at, {
						gain: 0.3 / (side === 'both' ? 1.5 : 1),
						pan,
						room: 0.75,
						loose: 0.03
					})
				}
			}
			const [lowest] = notes(chord)
			desk.play(
				pad(lowest / 2 < 50 ? lowest : lowest / 2, seconds + 0.8, {
					random,
					attack: 0.4,
					release: 0.8,
					kind: 'hollow',
					dark: 0.85
				}),
				at,
				{ gain: 0.16, room: 0.4 }
			)
			at += seconds
		}
		if (side !== 'both') at += beat * 0.35
	}
	return desk.render({ fadeInS: 0.3, fadeOutS: 4 })
}

/** A lullaby for a music box. */
function lamp() {
	const { random, desk } = start(97, 50, { room: 2.8, echoS: 0.44 })
	const beat = 60 / 100
	const bars = [
		'C3 G3 E4',
		'A2 E3 C4',
		'F2 C3 A3',
		'G2 D3 B3',
		'C3 G3 E4',
		'E3 G3 B3',
		'F2 C3 A3',
		'G2 F3 B3',
		'A2 E3 C4',
		'E2 B2 G3',
		'F2 C3 A3',
		'C3 G3 E4',
		'D3 A3 F4',
		'F2 C3 Ab3',
		'C3 G3 E4',
		'C3 G3 E4'
	]
	const all = [...bars, ...bars.slice(8)]
	const box = (f, seconds, index = 0.6) => fm(f, seconds, { ratio: 5.02, index, decay: 0.8, indexDecay: 0.05 })
	all.forEach((text, n) => {
		const chord = notes(text)
		chord.forEach((f, k) =>
			desk.play(box(f * 2, 2), (n * 3 + k) * beat, { gain: k === 0 ? 0.2 : 0.14, pan: 0.35, room: 0.45 })
		)
		for (const f of chord)
			desk.play(pad(f, 3 * beat + 1.2, { random, attack: 0.8, release: 1.1, dark: 0.75 }), n * 3 * beat, {
				gain: 0.07,
				pan: -0.2,
				room: 0.5
			})
	})
	const tune =
		'E5:2 G5:1 C6:2 B5:1 A5:2 C6:1 D6:2 B5:1 C6:2 G5:1 B5:2 G5:1 A5:1 F5:1 E5:1 D5:3 C6:2 E6:1 G6:2 E6:1 F6:1 E6:1 C6:1 E6:2 C6:1 D6:2 A5:1 C6:1 Ab5:1 F5:1 G5:1.5 E5:1.5 C5:3'
	const again = 'C6:2 E6:1 G6:2 E6:1 F6:1 E6:1 C6:1 E6:2 C6:1 D6:2 A5:1 C6:1 Ab5:1 F5:1 G5:1.5 E5:1.5 C5:3'
	for (const [text, from] of [
		[tune, 0],
		[again, 48]
	]) {
		for (const { f, beat: at } of melody(text)) {
			desk.play(box(f, 2.4, 0.8), (from + at) * beat, {
				gain: 0.34,
				pan: -0.1,
				room: 0.5,
				echo: 0.16,
				loose: 0.012
			})
			if (from > 0)
				desk.play(flute(f / 2, beat * 1.1, { random }), (from + at) * beat, { gain: 0.06, pan: -0.35, room: 0.6 })
		}
	}
	return desk.render({ fadeOutS: 5 })
}

/** For the film: as long as it is. */
function figures() {
	const { random, desk } = start(103, 20, { room: 2.1, echoS: 0.3 })
	const beat = 0.5
	const chords = [
		'D3 A3 F#4 E5',
		'B2 F#3 D4 C#5',
		'G2 D3 B3 A4',
		'A2 E3 C#4 B4',
		'D3 A3 F#4 E5',
		'G2 D3 B3 F#5',
		'E3 B3 G4 D5',
		'A2 E3 C#4 E5',
		'D3 A3 F#4 D5'
	]
	chords.forEach((text, n) => {
		const chord = notes(text)
		for (const f of chord.slice(0, 3))
			desk.play(pad(f, 4 * beat + 1, { random, attack: 0.4, dark: 0.6, release: 1 }), n * 4 * beat, {
				gain: 0.1,
				room: 0.5
			})
		if (n < 8)
			[0, 2, 3, 1, 2, 3, 1, 2].forEach((which, k) =>
				desk.play(marimba(chord[which] * (k === 5 ? 2 : 1), 1.2, { hard: 0.3 }), (n * 4 + k / 2) * beat, {
					gain: 0.36,
					pan: 0.5 * Math.sin(k + n),
					room: 0.35,
					echo: 0.2
				})
			)
		desk.play(bass(chord[0] / (chord[0] > 100 ? 2 : 1), 2, { decay: 1 }), n * 4 * beat, { gain: 0.45 })
	})
	return desk.render({ fadeOutS: 2.5 })
}

/** Albums of the collection, in the order of their tracks; `render` gives left and right. */
export const albums = [
	{
		artist: 'Ilse Ørnholt',
		album: 'Small Weather',
		date: '2026-03',
		genres: ['Folk', 'Ambient'],
		cover: 'weather',
		tracks: [
			{ title: 'First Rain on Tin', render: firstRain },
			{ title: 'Barometer Waltz', render: barometerWaltz },
			{ title: 'Föhn', render: foehn }
		]
	},
	{
		artist: 'Kolektiv Říčka',
		album: 'Noční tramvaj',
		date: '2026-06',
		genres: ['Electronic', 'Downtempo'],
		cover: 'tram',
		tracks: [
			{ title: 'Linka 22', render: linka22 },
			{ title: 'Zimní světla', render: winterLights },
			{ title: 'Poslední zastávka', render: lastStop }
		]
	},
	{
		artist: 'Théa Vargas-Lindqvist',
		album: 'Études for Empty Rooms',
		date: '2026-09',
		genres: ['Minimal', 'Contemporary'],
		cover: 'rooms',
		tracks: [
			{ title: 'Étude I: Window', render: window_ },
			{ title: 'Étude II: Staircase', render: staircase },
			{ title: 'Étude III: Lamp', render: lamp }
		]
	}
]

export const film = {
	artist: 'Halyard & Co.',
	title: 'Tidal Figures',
	date: '2026-10',
	genres: ['Animation'],
	cover: 'tide',
	render: figures
}
