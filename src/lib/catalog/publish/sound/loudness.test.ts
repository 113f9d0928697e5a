/// <reference types="node" />
import { execFileSync, spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { gainOf, integratedLufs, LoudnessMeter } from './loudness'
import { WaveformPeaks } from './waveform'

/** Interleaved samples in planes. */
function planesOf(samples: Float32Array, channels: number): Float32Array[] {
	return Array.from({ length: channels }, (_, channel) =>
		Float32Array.from({ length: samples.length / channels }, (_, at) => samples[at * channels + channel] ?? 0)
	)
}

function measured(planes: Float32Array[], sampleRate: number, piece = 1021): LoudnessMeter {
	const meter = new LoudnessMeter(sampleRate, planes.length)
	for (let at = 0; at < (planes[0]?.length ?? 0); at += piece) {
		meter.add(planes.map((plane) => plane.subarray(at, at + piece)))
	}
	return meter
}

const tone = (seconds: number, amplitude: number, sampleRate = 48_000) =>
	Float32Array.from(
		{ length: seconds * sampleRate },
		(_, n) => amplitude * Math.sin((2 * Math.PI * 1000 * n) / sampleRate)
	)

test('a tone of 1 kHz at -23 dBFS in both channels has -23 LUFS (EBU Tech 3341, case 1)', () => {
	const plane = tone(20, 10 ** (-23 / 20))
	const meter = measured([plane, plane], 48_000)
	expect(integratedLufs([meter.blocks])).toBeCloseTo(-23, 1)
	expect(meter.peak).toBeCloseTo(10 ** (-23 / 20), 4)
})

test('quiet parts do not count: the relative gate (EBU Tech 3341, case 3)', () => {
	const plane = Float32Array.from([
		...tone(10, 10 ** (-36 / 20)),
		...tone(60, 10 ** (-23 / 20)),
		...tone(10, 10 ** (-36 / 20))
	])
	expect(integratedLufs([measured([plane, plane], 48_000).blocks])).toBeCloseTo(-23, 1)
})

test('silence has no loudness, and an album is measured as one', () => {
	expect(integratedLufs([measured([new Float32Array(48_000)], 48_000).blocks])).toBeUndefined()
	const [loud, quiet] = [tone(10, 0.5), tone(10, 0.05)].map((plane) => measured([plane], 48_000).blocks)
	if (loud === undefined || quiet === undefined) throw new Error('nothing measured')
	const album = integratedLufs([loud, quiet])
	expect(album).toBeCloseTo(integratedLufs([loud]) ?? 0, 1)
	expect(gainOf(-23)).toBe(5)
})

test('a waveform has its peaks where they were, however long it is', () => {
	const peaks = new WaveformPeaks(1000)
	const plane = new Float32Array(3_000_000)
	plane[1_500_000] = 1
	plane[10] = -0.5
	for (let at = 0; at < plane.length; at += 999_983) peaks.add([plane.subarray(at, at + 999_983)])
	const file = peaks.file()
	const view = new DataView(file.buffer)
	const [each, points] = [view.getInt32(12, true), view.getUint32(16, true)]
	expect(points).toBeGreaterThan(1000)
	expect(points).toBeLessThanOrEqual(2048)
	expect(file.length).toBe(20 + points * 2)
	expect(view.getInt8(20 + 2 * Math.floor(1_500_000 / each) + 1)).toBe(127)
	expect(view.getInt8(20)).toBe(-63)
})

describe.skipIf(spawnSync('ffmpeg', ['-version']).status !== 0)("against ffmpeg's ebur128", () => {
	test.each([
		[
			'noise that swells, 44.1 kHz stereo',
			44_100,
			2,
			'anoisesrc=d=20:c=pink:r=44100:a=0.4:seed=7,volume=volume=0.2+0.8*abs(sin(t/3)):eval=frame,aformat=channel_layouts=stereo'
		],
		['tones of many heights, 48 kHz mono', 48_000, 1, 'aevalsrc=0.3*sin(2*PI*(100+80*t*t)*t):d=15:s=48000'],
		['highs, 96 kHz', 96_000, 2, 'anoisesrc=d=12:c=violet:r=96000:a=0.3:seed=3,aformat=channel_layouts=stereo'],
		[
			'loud and quiet halves, 22.05 kHz',
			22_050,
			1,
			'anoisesrc=d=12:c=white:r=22050:a=0.2:seed=1,volume=volume=if(lt(t\\,6)\\,1\\,0.05):eval=frame'
		],
		['surround', 48_000, 6, 'anoisesrc=d=10:c=pink:r=48000:a=0.3:seed=2,aformat=channel_layouts=5.1']
	])('%s', (_, sampleRate, channels, source) => {
		const input = ['-v', 'error', '-f', 'lavfi', '-i', source]
		const raw = execFileSync('ffmpeg', [...input, '-f', 'f32le', '-'], { maxBuffer: 2 ** 28 })
		const said = spawnSync('ffmpeg', [
			'-f',
			'lavfi',
			'-i',
			source,
			'-filter_complex',
			'ebur128',
			'-f',
			'null',
			'-'
		])
		const theirs = Number(/I:\s+(-?[\d.]+) LUFS(?![\s\S]*I:\s)/.exec(said.stderr.toString())?.[1])
		const samples = new Float32Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.byteLength))
		const ours = integratedLufs([measured(planesOf(samples, channels), sampleRate).blocks])
		expect(ours).toBeDefined()
		expect(Math.abs((ours ?? 0) - theirs)).toBeLessThanOrEqual(0.1)
	})
})
