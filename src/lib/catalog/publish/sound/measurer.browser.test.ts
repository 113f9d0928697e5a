import { expect, test } from 'vitest'
// Vite looks for dependencies in tests, not in their workers, and would load everything anew when it met these.
import './decode'
import { gainOf, integratedLufs } from './loudness'
import { SoundMeasurer } from './measurer'

const signal = new AbortController().signal

/** A WAV of a tone of 1 kHz, 16 bits, stereo. */
function wav(seconds: number, amplitude: number, sampleRate = 48_000): File {
	const frames = seconds * sampleRate
	const view = new DataView(new ArrayBuffer(44 + frames * 4))
	const text = (at: number, letters: string) => {
		for (const [n, letter] of letters.split('').entries()) view.setUint8(at + n, letter.charCodeAt(0))
	}
	text(0, 'RIFF')
	view.setUint32(4, view.byteLength - 8, true)
	text(8, 'WAVEfmt ')
	view.setUint32(16, 16, true)
	view.setUint16(20, 1, true)
	view.setUint16(22, 2, true)
	view.setUint32(24, sampleRate, true)
	view.setUint32(28, sampleRate * 4, true)
	view.setUint16(32, 4, true)
	view.setUint16(34, 16, true)
	text(36, 'data')
	view.setUint32(40, frames * 4, true)
	for (let at = 0; at < frames; at++) {
		const sample = Math.round(32_767 * amplitude * Math.sin((2 * Math.PI * 1000 * at) / sampleRate))
		view.setInt16(44 + at * 4, sample, true)
		view.setInt16(46 + at * 4, sample, true)
	}
	return new File([view.buffer], 'tone.wav', { type: 'audio/wav' })
}

test('a sound is decoded and measured beside the page', async () => {
	const measurer = new SoundMeasurer()
	const measured = await measurer.measure(wav(8, 10 ** (-20 / 20)), undefined, signal)
	measurer.dispose()
	if (measured === undefined) throw new Error('it was not measured')
	const lufs = integratedLufs([measured.blocks]) ?? NaN
	expect(Math.abs(lufs + 20)).toBeLessThan(0.1)
	expect(gainOf(lufs)).toBeCloseTo(2, 0)
	expect(measured.peak).toBeCloseTo(0.1, 2)
	expect(new DataView(measured.waveform.buffer).getUint32(16, true)).toBeGreaterThan(1000)
})

test('an Opus that a recorder made is measured too', async () => {
	const context = new AudioContext()
	const oscillator = context.createOscillator()
	const out = context.createMediaStreamDestination()
	oscillator.connect(out)
	oscillator.start()
	const recorder = new MediaRecorder(out.stream, { mimeType: 'audio/webm;codecs=opus' })
	const recorded = new Promise<Blob>((resolve) => {
		recorder.ondataavailable = ({ data }) => {
			resolve(data)
		}
	})
	recorder.start()
	await new Promise((resolve) => setTimeout(resolve, 1200))
	recorder.stop()
	const measured = await new SoundMeasurer().measure(await recorded, undefined, signal)
	await context.close()
	expect(measured?.blocks.length).toBeGreaterThan(3)
})

test('what is no sound is not measured, and cancelling ends it', async () => {
	const measurer = new SoundMeasurer()
	expect(await measurer.measure(new Blob(['no sound']), 1000, signal)).toBeUndefined()
	const abort = new AbortController()
	const measuring = measurer.measure(wav(60, 0.5), undefined, abort.signal)
	abort.abort()
	await expect(measuring).rejects.toMatchObject({ name: 'AbortError' })
	expect(await measurer.measure(wav(2, 0.5), undefined, signal)).toBeDefined()
	measurer.dispose()
})
