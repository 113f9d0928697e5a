import { expect, test } from 'vitest'
import { servedType } from './content-type'

const bytes = (...parts: (string | number[])[]) =>
	new Uint8Array(
		parts.flatMap((part) =>
			typeof part === 'string' ? Array.from(part, (character) => character.charCodeAt(0)) : part
		)
	)

test.each([
	[bytes('ID3\x04\0'), 'x.mp3', 'audio/mpeg'],
	[bytes([0xff, 0xfb, 0x90, 0x64]), undefined, 'audio/mpeg'],
	[bytes([0xff, 0xf1, 0x50, 0x80]), undefined, 'audio/aac'],
	[bytes('fLaC\0'), 'wrong.mp3', 'audio/flac'],
	[bytes('OggS\0\x02', Array<number>(22).fill(0), 'OpusHead'), undefined, 'audio/ogg'],
	[bytes('OggS\0\x02', Array<number>(22).fill(0), '\x80theora'), undefined, 'video/ogg'],
	[bytes('RIFF\0\0\0\0WAVEfmt '), undefined, 'audio/wav'],
	[bytes('RIFF\0\0\0\0WEBPVP8 '), undefined, 'image/webp'],
	[bytes('\0\0\0\x20ftypM4A '), undefined, 'audio/mp4'],
	[bytes('\0\0\0\x20ftypisom'), 'film.mp4', 'video/mp4'],
	[bytes('\0\0\0\x20ftypavif'), undefined, 'image/avif'],
	[bytes([0x1a, 0x45, 0xdf, 0xa3, 0x9f], 'B\x82\x84webm'), undefined, 'video/webm'],
	[bytes([0x1a, 0x45, 0xdf, 0xa3, 0x9f], 'B\x82\x88matroska'), 'x.mka', 'audio/x-matroska'],
	[bytes([0x89], 'PNG\r\n\x1a\n'), undefined, 'image/png'],
	[bytes([0xff, 0xd8, 0xff, 0xe0]), undefined, 'image/jpeg'],
	[bytes([0, 1, 2, 3]), 'song.opus', 'audio/ogg'],
	[bytes('WEBVTT\n'), 'x.vtt', 'text/vtt; charset=utf-8'],
	[bytes('[00:01.00] words'), 'x.lrc', 'text/plain; charset=utf-8']
])('%# is served as its bytes say, else as its name does', (head, name, type) => {
	expect(servedType(head, name)).toEqual({ type, inline: true })
})

test.each([
	['<!doctype html><script>alert(1)</script>', 'index.html'],
	['<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', 'cover.svg'],
	['<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>', 'page.xhtml'],
	['alert(1)', 'worker.js'],
	['<html>', 'song.mp3']
])('markup and scripts are plain text: %s', (text, name) => {
	expect(servedType(bytes(text), name).type).toBe('text/plain; charset=utf-8')
})

test.each([
	[bytes([0, 1, 2, 3]), 'index.html'],
	[bytes([0, 1, 2, 3]), 'cover.svg'],
	[bytes('MZ\0\0'), 'setup.exe'],
	[bytes('\0asm'), undefined]
])('unknown bytes are saved, whatever they are called', (head, name) => {
	expect(servedType(head, name)).toEqual({ type: 'application/octet-stream', inline: false })
})

test('PDF is saved: its viewer would run in this origin', () => {
	expect(servedType(bytes('%PDF-1.7'), 'x.pdf')).toEqual({ type: 'application/pdf', inline: false })
})
