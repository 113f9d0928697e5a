import { expect, test } from 'vitest'
import { parseHls } from './hls'

test('a playlist of segments tells its parts and how long it is', () => {
	const text = [
		'#EXTM3U',
		'#EXT-X-VERSION:7',
		'#EXT-X-TARGETDURATION:4',
		'#EXT-X-MAP:URI="init.mp4"',
		'#EXTINF:4.000000,',
		'seg0.m4s',
		'#EXTINF:2.5,',
		'seg1.m4s',
		'#EXT-X-ENDLIST'
	]
	const expected = { names: ['seg0.m4s', 'seg1.m4s', 'init.mp4'], durationMs: 6500, hasPicture: true }
	expect(parseHls(text.join('\n'))).toEqual(expected)
	expect(parseHls(`\ufeff${text.join('\r\n')}\r\n`)).toEqual(expected)
})

test('a playlist of playlists names them, and whether there are pictures', () => {
	const master = (attributes: string) =>
		parseHls(
			`#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",URI="sound.m3u8"\n#EXT-X-STREAM-INF:BANDWIDTH=1,${attributes}\nlow/index.m3u8`
		)
	expect(master('RESOLUTION=640x360')).toEqual({ names: ['low/index.m3u8', 'sound.m3u8'], hasPicture: true })
	expect(master('CODECS="avc1.64001e,mp4a.40.2"')?.hasPicture).toBe(true)
	expect(master('CODECS="mp4a.40.2"')?.hasPicture).toBe(false)
	expect(master('NAME="x"')?.hasPicture).toBe(true)
})

test('segments of sound alone have no picture', () => {
	expect(parseHls('#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\na.aac')?.hasPicture).toBe(false)
})

test.each(['', 'song.mp3', '#EXTM3U\n#EXTINF:3,A song\nipfs://bafy', '#EXT-X-TARGETDURATION:4\na.ts'])(
	'other text is none: %j',
	(text) => {
		expect(parseHls(text)).toBeUndefined()
	}
)
