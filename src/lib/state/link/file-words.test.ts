import { expect, test } from 'vitest'
import { readFileWords } from './file-words'

const text = (words: string) => new TextEncoder().encode(words)
const joined = (...parts: readonly Uint8Array[]) => new Uint8Array(parts.flatMap((part) => [...part]))

/** One frame of ID3v2.3 in Latin-1. */
const frame = (id: string, words: string) =>
	joined(text(id), new Uint8Array([0, 0, 0, words.length + 1, 0, 0, 0]), text(words))

function mp3(...frames: readonly Uint8Array[]): Uint8Array {
	const tags = joined(...frames)
	const size = [0, 0, tags.length >> 7, tags.length & 127]
	// One silent frame of MPEG 1 layer III, 128 kbit/s, behind the tags.
	const sound = new Uint8Array(417)
	sound.set([0xff, 0xfb, 0x90, 0x00])
	return joined(text('ID3'), new Uint8Array([3, 0, 0, ...size]), tags, sound, sound, sound)
}

test('title, artists and album are what the file says', async () => {
	const file = mp3(frame('TIT2', ' Home Water '), frame('TPE1', 'The Test Tones'), frame('TALB', 'Ferry Songs'))
	expect(await readFileWords(file, 'audio/mpeg', file.length)).toMatchObject({
		title: 'Home Water',
		artists: ['The Test Tones'],
		album: 'Ferry Songs'
	})
})

test('a beginning is read too, and says nothing of the length', async () => {
	const file = mp3(frame('TIT2', 'Home Water'))
	const words = await readFileWords(file, 'audio/mpeg', 100_000_000)
	expect(words.title).toBe('Home Water')
	expect(words.durationMs).toBeUndefined()
})

test('what is no media, or cannot be read, says nothing', async () => {
	expect(await readFileWords(text('words'), 'text/plain', 5)).toEqual({})
	expect(await readFileWords(new Uint8Array([1, 2, 3]), 'audio/mpeg', 3)).toEqual({})
	expect(await readFileWords(mp3(frame('TIT2', '   ')), 'audio/mpeg', 0)).toEqual({})
})
