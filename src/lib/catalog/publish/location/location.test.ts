/// <reference types="node" />
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publishedBlob } from '../byte-patch'
import { findLocation, type LocationFinding } from './index'

const ascii = (text: string) => new TextEncoder().encode(text)
const join8 = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts))

/** EXIF with a maker, a GPS directory at 48°51'27.72" N, 2°17'42" W, and an orientation behind the pointer. */
function exif(isLittle: boolean): Uint8Array {
	const bytes = new Uint8Array(200)
	const view = new DataView(bytes.buffer)
	const u16 = (at: number, value: number) => view.setUint16(at, value, isLittle)
	const u32 = (at: number, value: number) => view.setUint32(at, value, isLittle)
	const entry = (at: number, tag: number, type: number, count: number, value: number) => {
		u16(at, tag)
		u16(at + 2, type)
		u32(at + 4, count)
		u32(at + 8, value)
	}
	bytes.set(ascii(isLittle ? 'II' : 'MM'))
	u16(2, 42)
	u32(4, 8)
	u16(8, 3)
	entry(10, 0x010f, 2, 8, 60)
	entry(22, 0x8825, 4, 1, 80)
	entry(34, 0xa000, 4, 1, 77)
	u32(46, 0)
	bytes.set(ascii('Maker X\0'), 60)
	u16(80, 4)
	entry(82, 1, 2, 2, 0)
	bytes.set(ascii('N\0'), 90)
	entry(94, 2, 5, 3, 140)
	entry(106, 3, 2, 2, 0)
	bytes.set(ascii('W\0'), 114)
	entry(118, 4, 5, 3, 164)
	for (const [n, value] of [48, 1, 51, 1, 2772, 100, 2, 1, 17, 1, 42, 1].entries()) u32(140 + n * 4, value)
	return bytes
}

const XMP = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description dc:title="Quay" exif:GPSLatitude="48,51.46N" photoshop:City='Paris'><exif:GPSLongitude>2,17.7E</exif:GPSLongitude><Iptc4xmpExt:LocationShown><rdf:Bag>Quai</rdf:Bag></Iptc4xmpExt:LocationShown></rdf:Description></rdf:RDF></x:xmpmeta>`

const segment = (marker: number, content: Uint8Array) =>
	join8(new Uint8Array([0xff, marker, (content.length + 2) >> 8, (content.length + 2) & 255]), content)
const iptc = join8(
	ascii('Photoshop 3.0\0' + '8BIM\u0004\u0004\0\0'),
	new Uint8Array([0, 0, 0, 20]),
	new Uint8Array([0x1c, 2, 5, 0, 4]),
	ascii('Quay'),
	new Uint8Array([0x1c, 2, 90, 0, 6]),
	ascii('London')
)
const jpeg = (isLittle = true) =>
	join8(
		new Uint8Array([0xff, 0xd8]),
		segment(0xe1, join8(ascii('Exif\0\0'), exif(isLittle))),
		segment(0xe1, join8(ascii('http://ns.adobe.com/xap/1.0/\0'), ascii(XMP))),
		segment(0xed, iptc),
		new Uint8Array([0xff, 0xda, 0, 2, 1, 2, 3, 0xff, 0xd9])
	)

const crc = (bytes: Uint8Array) => {
	let value = 0xffffffff
	for (const byte of bytes) {
		value ^= byte
		for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
	}
	const out = Buffer.alloc(4)
	out.writeUInt32BE((value ^ 0xffffffff) >>> 0)
	return out
}
function chunk(type: string, data: Uint8Array): Uint8Array {
	const length = Buffer.alloc(4)
	length.writeUInt32BE(data.length)
	const named = join8(ascii(type), data)
	return join8(length, named, crc(named))
}
const png = (...chunks: Uint8Array[]) =>
	join8(
		new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
		chunk('IHDR', new Uint8Array([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0])),
		...chunks,
		chunk('IDAT', deflateSync(new Uint8Array([0, 1, 2, 3]))),
		chunk('IEND', new Uint8Array(0))
	)
const webp = () => {
	const data = exif(false)
	const size = Buffer.alloc(4)
	size.writeUInt32LE(data.length)
	return join8(ascii('RIFF\0\0\0\0WEBPEXIF'), size, data)
}
const heic = () => join8(ascii('\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\x01\0mdat\0\0\0\x06Exif\0\0'), exif(true))

async function stripped(
	bytes: Uint8Array<ArrayBuffer>,
	mime: string
): Promise<[LocationFinding, Uint8Array<ArrayBuffer>]> {
	const file = new File([bytes], 'x')
	const found = await findLocation(file, mime)
	if (found === undefined) throw new Error('nothing was found')
	const after = new Uint8Array(await publishedBlob({ file, patches: found.patches }).arrayBuffer())
	expect(after.length).toBe(bytes.length)
	expect(await findLocation(new Blob([after]), mime)).toBeUndefined()
	return [found, after]
}
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

test.each([
	['JPEG, little end first', jpeg(true), 'image/jpeg'],
	['JPEG, big end first', jpeg(false), 'image/jpeg'],
	['PNG', png(chunk('eXIf', exif(false))), 'image/png'],
	['WebP', webp(), 'image/webp'],
	['HEIC', heic(), 'image/heic']
])('the GPS directory of a %s is found and taken out, and the rest of EXIF stays', async (_, bytes, mime) => {
	const [found, after] = await stripped(bytes, mime)
	expect(found.place?.latitude).toBeCloseTo(48.8577, 4)
	expect(found.place?.longitude).toBeCloseTo(-2.295, 4)
	expect(textOf(after)).toContain('Maker X')
})

test('the other entries of EXIF can still be read', async () => {
	const [, after] = await stripped(jpeg(true), 'image/jpeg')
	const tiff = textOf(after).indexOf('Exif\0\0') + 6
	const view = new DataView(after.buffer, tiff)
	expect(view.getUint16(8, true)).toBe(2)
	expect([view.getUint16(10, true), view.getUint16(22, true)]).toEqual([0x010f, 0xa000])
	expect(view.getUint32(30, true)).toBe(77)
	expect(view.getUint32(34, true)).toBe(0)
})

test('places in XMP and IPTC are blanked, titles are not', async () => {
	const [, after] = await stripped(jpeg(), 'image/jpeg')
	const text = textOf(after)
	for (const gone of ['48,51', 'Paris', '2,17.7', 'Quai', 'London']) expect(text).not.toContain(gone)
	expect(text).toContain('dc:title="Quay"')
	expect(text.match(/Quay/g)).toHaveLength(2)
})

test('a PNG keeps right check sums; packed places go with their chunk', async () => {
	const hex = Buffer.from(join8(ascii('Exif\0\0'), exif(true))).toString('hex')
	const raw = join8(ascii('Raw profile type exif\0\0'), deflateSync(ascii(`\nexif\n     206\n${hex}\n`)))
	const xmp = join8(ascii('XML:com.adobe.xmp\0\x01\0\0\0'), deflateSync(ascii(XMP)))
	const plain = join8(ascii('XML:com.adobe.xmp\0\0\0\0\0'), ascii(XMP))
	const [, after] = await stripped(
		png(chunk('eXIf', exif(true)), chunk('zTXt', raw), chunk('iTXt', xmp), chunk('iTXt', plain)),
		'image/png'
	)
	const view = new DataView(after.buffer)
	for (let at = 8; at < after.length;) {
		const end = at + 8 + view.getUint32(at)
		expect(Buffer.from(after.subarray(end, end + 4))).toEqual(crc(after.subarray(at + 4, end)))
		at = end + 4
	}
})

test('a picture that tells nothing is left as it is', async () => {
	const noGps = jpeg()
	const [, clean] = await stripped(noGps, 'image/jpeg')
	expect(await findLocation(new Blob([clean]), 'image/jpeg')).toBeUndefined()
	expect(await findLocation(new Blob(['II*\0\xff\xff\xff\xff']), 'image/tiff')).toBeUndefined()
	expect(await findLocation(new Blob([png()]), 'image/png')).toBeUndefined()
	expect(await findLocation(new Blob(['']), 'video/mp4')).toBeUndefined()
})

describe.skipIf(spawnSync('ffmpeg', ['-version']).status !== 0)('films made by ffmpeg', () => {
	let folder: string
	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), 'antiphon-places-'))
	})
	afterAll(() => {
		rmSync(folder, { recursive: true })
	})

	const film = (name: string, ...options: string[]) => {
		const path = join(folder, name)
		const input = ['-f', 'lavfi', '-i', 'testsrc=size=64x48:duration=1', '-f', 'lavfi', '-i', 'sine=duration=1']
		const place = ['-metadata', 'location=+48.8577-002.2950/', '-metadata', 'title=Quay']
		execFileSync('ffmpeg', ['-v', 'error', '-y', ...input, ...place, ...options, path])
		return new Uint8Array(readFileSync(path))
	}
	const framesOf = (name: string, bytes: Uint8Array) => {
		const path = join(folder, name)
		writeFileSync(path, bytes)
		const tags = execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'format_tags', path]).toString()
		return { tags, frames: execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-f', 'md5', '-']).toString() }
	}

	test.each([
		['x.mp4', [], 'video/mp4'],
		['front.mp4', ['-movflags', 'faststart'], 'video/mp4'],
		['x.mov', [], 'video/quicktime'],
		[
			'keys.mov',
			['-movflags', 'use_metadata_tags', '-metadata', 'com.apple.quicktime.location.ISO6709=+48.8577-002.2950/'],
			'video/quicktime'
		],
		['x.3gp', ['-c:v', 'mpeg4', '-c:a', 'aac'], 'video/3gpp'],
		['x.m4a', ['-vn'], 'audio/mp4'],
		['x.mkv', [], 'video/matroska'],
		['x.webm', ['-c:v', 'libvpx', '-c:a', 'libopus'], 'video/webm']
	] as const)('%s plays as before, and says no place', async (name, options, mime) => {
		const bytes = film(name, ...options)
		const before = framesOf(`before-${name}`, bytes)
		const [found, after] = await stripped(bytes, mime)
		expect(found.place?.latitude).toBeCloseTo(48.8577, 3)
		expect(found.place?.longitude).toBeCloseTo(-2.295, 3)
		const now = framesOf(`after-${name}`, after)
		expect(now.frames).toBe(before.frames)
		expect(now.tags).not.toContain('48.85')
		expect(before.tags).toContain('48.85')
		if (name !== 'x.3gp') expect(now.tags).toContain('Quay')
	})

	test('a film behind a picture tells nothing either', async () => {
		const bytes = join8(jpeg(), film('behind.mp4'))
		const [found] = await stripped(bytes, 'image/jpeg')
		expect(found.patches.at(-1)?.at).toBeGreaterThan(jpeg().length)
	})
})

test('a track of positions is blanked', async () => {
	const box = (type: string, ...parts: Uint8Array[]) => {
		const content = join8(...parts)
		const head = Buffer.alloc(8)
		head.writeUInt32BE(content.length + 8)
		head.write(type, 4, 'latin1')
		return join8(head, content)
	}
	const u32 = (...values: number[]) => {
		const out = Buffer.alloc(values.length * 4)
		values.forEach((value, n) => out.writeUInt32BE(value, n * 4))
		return new Uint8Array(out)
	}
	const mdat = box('mdat', ascii('picture.POS1POS22picture'))
	const stbl = box(
		'stbl',
		box('stsd', u32(0, 1), box('gpmd', u32(0, 0))),
		box('stsz', u32(0, 0, 2, 4, 5)),
		box('stsc', u32(0, 1, 1, 2, 1)),
		box('stco', u32(0, 1, 16))
	)
	const bytes = join8(mdat, box('moov', box('trak', box('mdia', box('minf', stbl)))))
	const file = new File([bytes], 'x')
	const found = await findLocation(file, 'video/mp4')
	const after = await publishedBlob({ file, patches: found?.patches ?? [] }).text()
	expect(after.slice(8, 32)).toBe(`picture.${'\0'.repeat(9)}picture`)
})
