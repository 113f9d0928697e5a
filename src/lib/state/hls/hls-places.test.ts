import { expect, test } from 'vitest'
import { hlsPlaces } from './hls-places'
import { isHls } from './is-hls'

const BASE = 'https://app.example/deep/'
const FOLDER = 'bafyfolder'
const ROOT = 'bafyroot'
const row = (k: string, root = ROOT) => ({ file: FOLDER, root, k })
const playlists = (k: string, root?: string) => hlsPlaces(row(k, root), BASE).map(({ playlist }) => playlist)

test('a row of this type stands for segments, whatever the server that wrote it calls the type', () => {
	for (const mime of [
		'application/vnd.apple.mpegurl',
		'application/x-mpegURL',
		'Application/X-MpegURL; charset=utf-8'
	])
		expect(isHls({ mime })).toBe(true)
	for (const mime of ['video/mp4', 'audio/x-mpegurl', '']) expect(isHls({ mime })).toBe(false)
})

test('the playlist is looked for in the folder that the file is, then below the root', () => {
	expect(playlists('Films/A & B/show.m3u8')).toEqual([
		`${BASE}ipfs/${FOLDER}/show.m3u8`,
		`${BASE}ipfs/${ROOT}/Films/A%20%26%20B/show.m3u8`
	])
})

test('a key that names no playlist leaves the usual names', () => {
	expect(playlists('Films/A')).toEqual(
		['master', 'index', 'playlist'].map((name) => `${BASE}ipfs/${FOLDER}/${name}.m3u8`)
	)
})

test('a key that leads out of the root is no path', () => {
	expect(playlists('../other/show.m3u8')).toHaveLength(1)
	expect(playlists('a//show.m3u8')).toHaveLength(1)
	expect(playlists('a/show.m3u8', '')).toHaveLength(1)
})

test('what a playlist may name lies in the folder', () => {
	expect(hlsPlaces(row('a/show.m3u8'), BASE).map(({ folder }) => folder)).toEqual([
		`${BASE}ipfs/${FOLDER}/`,
		`${BASE}ipfs/${ROOT}/`
	])
})
