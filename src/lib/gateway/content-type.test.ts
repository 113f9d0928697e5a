import fc from 'fast-check'
import { expect, test } from 'vitest'
import { namedMediaType, servedType, sniff, UNKNOWN_TYPE } from './content-type'

const bytes = (...parts: (string | number[])[]) =>
	new Uint8Array(
		parts.flatMap((part) =>
			typeof part === 'string' ? Array.from(part, (character) => character.charCodeAt(0)) : part
		)
	)

const served = async (head: Uint8Array, name: string | undefined) => servedType(await sniff(head), name)

test.each([
	[bytes('ID3\x04\0'), 'x.mp3', 'audio/mpeg'],
	[bytes('ID3\x04\0\0\0\0\x7f\x7f', Array<number>(4086).fill(1)), undefined, 'audio/mpeg'],
	[bytes('ID3\x04\0\0\0\0\x7f\x7f', Array<number>(4086).fill(1)), 'x.flac', 'audio/flac'],
	[bytes([0xff, 0xfb, 0x90, 0x64]), undefined, 'audio/mpeg'],
	[bytes([0xff, 0xf1, 0x50, 0x80]), undefined, 'audio/aac'],
	[bytes('fLaC\0'), 'wrong.mp3', 'audio/flac'],
	[bytes('OggS\0\x02', Array<number>(22).fill(0), 'OpusHead'), undefined, 'audio/ogg'],
	[bytes('OggS\0\x02', Array<number>(22).fill(0), '\x80theora\x03\x02\x01'), undefined, 'video/ogg'],
	[bytes('RIFF\0\0\0\0WAVEfmt '), undefined, 'audio/wav'],
	[bytes('RIFF\0\0\0\0WEBPVP8 '), undefined, 'image/webp'],
	[bytes('\0\0\0\x20ftypM4A '), undefined, 'audio/mp4'],
	[bytes('\0\0\0\x20ftypisom'), 'film.mp4', 'video/mp4'],
	[bytes('\0\0\0\x20ftypisom'), 'song.m4a', 'audio/mp4'],
	[bytes('\0\0\0\x20ftypisom'), 'song.mp3', 'video/mp4'],
	[bytes('\0\0\0\x20ftypavif'), undefined, 'image/avif'],
	[bytes([0x1a, 0x45, 0xdf, 0xa3, 0x9f], 'B\x82\x84webm'), undefined, 'video/webm'],
	[bytes([0x1a, 0x45, 0xdf, 0xa3, 0x9f], 'B\x82\x88matroska'), 'x.mka', 'audio/matroska'],
	[bytes([0x89], 'PNG\r\n\x1a\n\0\0\0\x0dIHDR', Array<number>(17).fill(0), 'IDAT'), undefined, 'image/png'],
	[bytes([0xff, 0xd8, 0xff, 0xe0]), undefined, 'image/jpeg'],
	[bytes([0, 1, 2, 3]), 'song.opus', 'audio/ogg'],
	[bytes('WEBVTT\n'), 'x.vtt', 'text/vtt; charset=utf-8'],
	[bytes('[00:01.00] words'), 'x.lrc', 'text/plain; charset=utf-8'],
	[bytes('BMW is not a picture'), undefined, 'text/plain; charset=utf-8'],
	[bytes('#EXTM3U\n'), 'index.m3u8', 'application/vnd.apple.mpegurl'],
	[bytes('\0\0\0\x18stypmsdh'), 'seg1.m4s', 'video/mp4'],
	[bytes([0x47], Array<number>(187).fill(0), [0x47], Array<number>(187).fill(0)), 'seg1.ts', 'video/mp2t']
])('%# is served as its bytes say, else as its name does', async (head, name, type) => {
	expect(await served(head, name)).toEqual({ type, inline: true })
})

test.each([
	['<!doctype html><script>alert(1)</script>', 'index.html'],
	['<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'cover.svg'],
	['<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', 'page.xhtml'],
	['alert(1)', 'worker.js'],
	['<html>', 'song.mp3']
])('markup and scripts are plain text: %s', async (text, name) => {
	expect((await served(bytes(text), name)).type).toBe('text/plain; charset=utf-8')
})

test.each([
	[bytes([0, 1, 2, 3]), 'index.html'],
	[bytes([0, 1, 2, 3]), 'cover.svg'],
	[bytes('MZ\0\0'), 'setup.exe'],
	[bytes('\0asm'), undefined],
	[bytes('PK\x03\x04\x14\0'), 'book.epub'],
	[bytes([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]), undefined]
])('unknown bytes are saved, whatever they are called', async (head, name) => {
	expect(await served(head, name)).toEqual(UNKNOWN_TYPE)
})

test('PDF is saved: its viewer would run in this origin', async () => {
	expect(await served(bytes('%PDF-1.7'), 'x.pdf')).toEqual({ type: 'application/pdf', inline: false })
})

test.each([
	['a.mp3', 'audio/mpeg'],
	['b.m4s', 'video/mp4'],
	['c.svg', undefined],
	['d.html', undefined],
	['e.pdf', undefined],
	['f', undefined],
	[undefined, undefined]
])('the name %s alone says %s', (name, type) => {
	expect(namedMediaType(name)?.type).toBe(type)
})

test('whatever the bytes are, they are media, plain text, or saved', async () => {
	const heads = fc.uint8Array({ maxLength: 600 })
	const names = fc.constantFrom('a.html', 'a.svg', 'a.js', 'a.mp3', 'a.pdf', undefined)
	await fc.assert(
		fc.asyncProperty(heads, names, async (head, name) => {
			const { type, inline } = await served(head, name)
			expect(type).not.toMatch(/html|xml|script|wasm/)
			expect(inline ? /^((audio|video|image)\/|text\/plain)/.test(type) : true).toBe(true)
		})
	)
})
