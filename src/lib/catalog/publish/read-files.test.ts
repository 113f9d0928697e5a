/// <reference types="node" />
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ChosenFile } from '../publishing'
import { aFile, jpeg } from './draft.fixture'
import { readChosenFiles } from './read-files'

const signal = new AbortController().signal
const read = (files: ChosenFile[]) => readChosenFiles(files, { signal })

test('junk is left out, sidecars go along, a path in two spellings is one', async () => {
	const draft = await read(
		[
			'A/.DS_Store',
			'A/Thumbs.db',
			'.git/x.mp3',
			'__MACOSX/b.mp3',
			'A/o\u0301.txt',
			'A/ó.txt',
			'/A//notes.lrc'
		].map((path) => aFile(path))
	)
	expect(draft.entries).toEqual([])
	expect(draft.others.map(({ path }) => path)).toEqual(['A/notes.lrc', 'A/ó.txt'])
})

test('a broken file has a problem, and its path tells the rest', async () => {
	const { entries } = await read([
		aFile('Nadia Ório/Neap/03 Slack Water.mp3', 'this is no music'),
		aFile('empty.flac', '')
	])
	expect(entries[1]).toMatchObject({
		kind: 'audio',
		title: '03 Slack Water',
		problem: 'damaged'
	})
	expect(entries[0]).toMatchObject({ title: 'empty', problem: 'empty' })
})

test('pictures are entries where there is nothing to play, and sleeves where there is', async () => {
	const picture = aFile('a.jpg', jpeg())
	expect((await read([picture])).entries).toMatchObject([{ kind: 'image', mime: 'image/jpeg' }])
	expect((await read([picture, aFile('a.mp3', 'no')])).others).toEqual([picture])
})

test('cancelling ends the reading', async () => {
	await expect(readChosenFiles([aFile('a.mp3')], { signal: AbortSignal.abort() })).rejects.toMatchObject({
		name: 'AbortError'
	})
})

test('what was read of files is let go of, though the reading may still be cancelled', async () => {
	setFlagsFromString('--expose-gc')
	const collectGarbage = runInNewContext('gc') as () => void
	const read: WeakRef<ArrayBuffer>[] = []
	const watched = (path: string) => {
		const file = new File([new Uint8Array(300_000)], path, { type: 'audio/mpeg' })
		const slice = file.slice.bind(file)
		file.slice = (...range) => {
			const part = slice(...range)
			const arrayBuffer = part.arrayBuffer.bind(part)
			part.arrayBuffer = async () => {
				const bytes = await arrayBuffer()
				read.push(new WeakRef(bytes))
				return bytes
			}
			return part
		}
		return { path, file }
	}
	const stop = new AbortController()
	const draft = await readChosenFiles(
		Array.from({ length: 20 }, (_, at) => watched(`${at}.mp3`)),
		{ signal: stop.signal }
	)
	await new Promise((resolve) => setTimeout(resolve))
	collectGarbage()
	const held = read.filter((each) => each.deref() !== undefined)
	expect(draft.entries).toHaveLength(20)
	expect(read.length).toBeGreaterThanOrEqual(20)
	expect(held.length).toBeLessThan(10)
	stop.abort()
})

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0

describe.skipIf(!hasFfmpeg)('with files made by ffmpeg', () => {
	let folder: string
	beforeAll(() => {
		folder = mkdtempSync(join(tmpdir(), 'antiphon-media-'))
	})
	afterAll(() => {
		rmSync(folder, { recursive: true })
	})

	function make(path: string, ...options: string[]): ChosenFile {
		const target = join(folder, path.replaceAll('/', '-'))
		execFileSync('ffmpeg', ['-nostdin', '-loglevel', 'error', '-y', ...options, target])
		return aFile(path, readFileSync(target))
	}
	const tone = ['-f', 'lavfi', '-i', 'sine=duration=2']
	const sleeve = ['-f', 'lavfi', '-i', 'color=red:size=32x32:duration=1']
	const tag = (tags: Record<string, string>) =>
		Object.entries(tags).flatMap(([key, value]) => ['-metadata', `${key}=${value}`])

	test('an MP3 with tags and a sleeve', async () => {
		const tags = tag({
			title: 'Neap',
			artist: 'Nadia Ório',
			album: 'Tides',
			date: '2024-05-01',
			track: '2/9',
			disc: '1/2',
			genre: 'Folk;Shanty',
			REPLAYGAIN_TRACK_GAIN: '-4.20 dB'
		})
		const file = make('x/a.mp3', ...tone, ...sleeve, '-map', '0:a', '-map', '1:v', '-frames:v', '1', ...tags)
		const { entries } = await read([file, aFile('x/cover.jpg', jpeg())])
		expect(entries[0]).toMatchObject({
			kind: 'audio',
			mime: 'audio/mpeg',
			title: 'Neap',
			artists: ['Nadia Ório'],
			album: 'Tides',
			date: '2024-05-01',
			track: 2,
			tracks: 9,
			disc: 1,
			discs: 2,
			genres: ['Folk', 'Shanty'],
			codec: 'MP3',
			coverFrom: 'file',
			sampleRate: 44100,
			channels: 1
		})
		expect(entries[0]?.gain?.track).toBeCloseTo(-4.2)
		expect(entries[0]?.durationMs).toBeGreaterThan(1900)
		expect(entries[0]?.durationMs).toBeLessThan(2200)
	})

	test('a FLAC without tags is told from its path, its sleeve from the folder', async () => {
		const file = make('Nadia Ório/Tides (2023)/CD2/04 Spring.flac', ...tone)
		const { entries } = await read([file, aFile('Nadia Ório/Tides (2023)/Folder.JPG', jpeg())])
		expect(entries[0]).toMatchObject({
			title: 'Spring',
			artists: ['Nadia Ório'],
			album: 'Tides',
			date: '2023',
			track: 4,
			disc: 2,
			lossless: true,
			coverFrom: 'folder',
			codec: 'FLAC'
		})
	})

	const everything = tag({
		title: 'Neap',
		artist: 'Nadia Ório',
		album: 'Tides',
		date: '2024',
		track: '2/9',
		genre: 'Folk'
	})
	test.each([
		['a.mp3', [], 'audio/mpeg'],
		['a.flac', [], 'audio/flac'],
		['a.ogg', ['-c:a', 'libvorbis'], 'audio/ogg'],
		['a.opus', ['-c:a', 'libopus'], 'audio/ogg'],
		['a.m4a', ['-c:a', 'aac'], 'audio/mp4'],
		['alac.m4a', ['-c:a', 'alac'], 'audio/mp4'],
		['a.aac', ['-c:a', 'aac', '-write_id3v2', '1'], 'audio/aac'],
		['a.wav', ['-write_id3v2', '1'], 'audio/wav'],
		['a.wv', ['-c:a', 'wavpack'], 'audio/x-wavpack'],
		['a.aiff', ['-write_id3v2', '1'], 'audio/aiff'],
		['a.mka', ['-c:a', 'libopus'], undefined]
	] as const)('the tags of %s', async (name, options, mime) => {
		const { entries } = await read([make(name, ...tone, ...everything, ...options)])
		expect(entries[0]).toMatchObject({ kind: 'audio', title: 'Neap', artists: ['Nadia Ório'], album: 'Tides' })
		expect(entries[0]?.durationMs).toBeGreaterThan(1900)
		expect(entries[0]?.durationMs).toBeLessThan(2300)
		expect(entries[0]).not.toHaveProperty('problem')
		if (mime !== undefined) expect(entries[0]?.mime).toBe(mime)
		if (name !== 'a.wav') expect(entries[0]).toMatchObject({ date: '2024', genres: ['Folk'], track: 2 })
	})

	test.each(['film.mp4', 'film.mkv', 'film.webm', 'film.mov'])('the tags and size of %s', async (name) => {
		const picture = ['-f', 'lavfi', '-i', 'testsrc=size=160x90:duration=2']
		const codecs = name.endsWith('webm') ? ['-c:v', 'libvpx', '-c:a', 'libopus'] : ['-c:v', 'mpeg4', '-c:a', 'aac']
		const { entries } = await read([make(name, ...tone, ...picture, ...codecs, ...everything)])
		expect(entries[0]).toMatchObject({ kind: 'video', title: 'Neap', width: 160, height: 90 })
		expect(entries[0]?.durationMs).toBeGreaterThan(1900)
	})

	test("loudness that Opus and others write as R128 is read, on ReplayGain's scale", async () => {
		const { entries } = await read([
			make('r128.opus', ...tone, '-c:a', 'libopus', ...tag({ R128_TRACK_GAIN: '-1280' }))
		])
		// -5 dB from -23 LUFS is 0 dB from -18 LUFS (RFC 7845, 5.2.1).
		expect(entries[0]?.gain?.track).toBeCloseTo(0, 1)
	})

	test('one cover for all songs that hold the same; a picture of the song itself before that of its folder', async () => {
		const sleeves = ['-map', '0:a', '-map', '1:v', '-frames:v', '1']
		const songs = ['x/1.mp3', 'x/2.mp3'].map((name) => make(name, ...tone, ...sleeve, ...sleeves))
		const plain = make('x/3.mp3', ...tone)
		const own = aFile('x/3.jpg', jpeg(7))
		const { entries } = await read([...songs, plain, own, aFile('x/cover.jpg', jpeg())])
		expect(entries[0]?.cover).toBeDefined()
		expect(entries[0]?.cover).toBe(entries[1]?.cover)
		expect(entries[2]?.cover).toBe(own.file)
	})

	test('a film that says where it was taken is found out', async () => {
		const film = make('place.mp4', ...tone, ...tag({ location: '+48.8577-002.2950/' }))
		const { entries } = await read([film])
		expect(entries[0]?.location?.place?.latitude).toBeCloseTo(48.8577, 3)
	})

	test('a WebM with pictures is a film, one without is music', async () => {
		const film = make(
			'film.webm',
			...tone,
			'-f',
			'lavfi',
			'-i',
			'testsrc=size=160x90:duration=2',
			'-c:v',
			'libvpx',
			'-c:a',
			'libopus'
		)
		const sound = make('sound.webm', ...tone, '-c:a', 'libopus')
		const { entries } = await read([film, sound])
		expect(entries[0]).toMatchObject({ kind: 'video', mime: 'video/webm', width: 160, height: 90 })
		expect(entries[0]?.durationMs).toBeGreaterThan(1900)
		expect(entries[1]).toMatchObject({ kind: 'audio', mime: 'audio/webm' })
	})
})
