import { expect, test } from 'vitest'
import { extensionOf, extensionOfMime, isPlayable, kindOfMime, plainMime, typeOfName } from './media-types'

test.each([
	['a/b.MP3', 'audio/mpeg', 'audio'],
	['b.opus', 'audio/ogg', 'audio'],
	['b.tar.webm', 'video/webm', 'video'],
	['b.vtt', 'text/vtt', 'subtitle'],
	['b.pdf', 'application/pdf', 'document']
])('%s is %s', (name, mime, kind) => {
	expect(typeOfName(name)).toEqual({ mime, kind })
})

test.each([['b'], ['.mp3'], ['a.mp3/b'], ['b.constructor'], ['b.unknown'], ['']])('%s says nothing', (name) => {
	expect(typeOfName(name)).toBeUndefined()
})

test('extensions are told from names', () => {
	expect(['a.Flac', 'a/.hidden', 'a.b/c', 'v1.0 final'].map(extensionOf)).toEqual(['flac', '', '', ''])
})

test('types under other names are known', () => {
	expect(plainMime(' Audio/X-FLAC; charset=x')).toBe('audio/flac')
	expect(extensionOfMime('audio/mp3')).toBe('mp3')
	expect(extensionOfMime('audio/ogg')).toBe('ogg')
	expect(extensionOfMime('x/unknown')).toBeUndefined()
})

test.each([
	['audio/unheard-of', 'audio'],
	['text/vtt', 'subtitle'],
	['text/html', 'other'],
	['text/anything', 'document'],
	['image/vnd.djvu', 'document'],
	['application/x-unknown', 'other'],
	['__proto__', 'other']
])('the kind of %s is %s', (mime, kind) => {
	expect(kindOfMime(mime)).toBe(kind)
})

test('what runs in time is playable', () => {
	expect((['audio', 'video', 'image', 'document', 'subtitle', 'other'] as const).filter(isPlayable)).toEqual([
		'audio',
		'video'
	])
})
