import { execFile } from 'node:child_process'
import { mkdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { cacheFolder } from '../../scripts/programs.mjs'

const run = promisify(execFile)

/** Kept between runs; raised when what is made changes. */
const FOLDER = join(cacheFolder(), 'bench-media-1')

export interface BenchFile {
	readonly name: string
	readonly kind: 'audio' | 'video'
	readonly path: string
	readonly sizeBytes: number
	/** Set when it is in a node. */
	cid: string
}

const noise = (seconds: number, amplitude: number) => [
	...[
		'-f',
		'lavfi',
		'-i',
		`anoisesrc=color=pink:amplitude=${amplitude}:sample_rate=44100:duration=${seconds}:seed=1`
	],
	...[
		'-f',
		'lavfi',
		'-i',
		`anoisesrc=color=pink:amplitude=${amplitude}:sample_rate=44100:duration=${seconds}:seed=2`
	],
	...['-filter_complex', 'amerge=inputs=2']
]

const picture = (seconds: number) => [
	...['-f', 'lavfi', '-i', `testsrc2=size=640x360:rate=25:duration=${seconds},noise=alls=24:allf=t`],
	...['-f', 'lavfi', '-i', `sine=frequency=300:sample_rate=48000:duration=${seconds}`]
]

/** H.264 of a constant rate, the index before the pictures. */
const mp4 = (seconds: number, kbitPerS: number) => [
	...picture(seconds),
	...['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '50'],
	...['-b:v', `${kbitPerS}k`, '-minrate', `${kbitPerS}k`, '-maxrate', `${kbitPerS}k`, '-bufsize', `${kbitPerS}k`],
	...['-x264-params', 'nal-hrd=cbr', '-c:a', 'aac', '-b:a', '96k', '-movflags', '+faststart']
]

const webm = (seconds: number, kbitPerS: number) => [
	...picture(seconds),
	...['-c:v', 'libvpx', '-deadline', 'realtime', '-cpu-used', '10', '-g', '50', '-b:v', `${kbitPerS}k`],
	...['-minrate', `${kbitPerS}k`, '-maxrate', `${kbitPerS}k`, '-c:a', 'libopus', '-b:a', '64k']
]

/** All media that rows may ask for, by how ffmpeg makes them. */
const RECIPES = {
	/** 14 MB, 10 min. */
	'sound.mp3': [...noise(600, 0.3), '-b:a', '192k'],
	/** 40 MB. */
	'sound.flac': [...noise(302, 0.25), '-sample_fmt', 's16'],
	/** 100 MB, 200 s. */
	'picture.mp4': mp4(200, 4000),
	/** Its index at the end, as ffmpeg puts it. */
	'picture.webm': webm(200, 2000),
	/** 3.5 Mbit/s: 70 % of the line of a phone. Two minutes and a little. */
	'phone.mp4': mp4(130, 3380),
	/** 5 Mbit/s, 45 s. */
	'short.mp4': mp4(45, 4880)
} as const

export type BenchFileName = keyof typeof RECIPES

/** Makes what is not there yet; some take ffmpeg half a minute. All is noise and test pictures: nobody's work. */
export async function makeBenchFile(ffmpeg: string, name: BenchFileName): Promise<BenchFile> {
	await mkdir(FOLDER, { recursive: true })
	const path = join(FOLDER, name)
	const made = await stat(path).catch(() => undefined)
	if (made === undefined) {
		console.log(`Making ${name}…`)
		const part = join(FOLDER, `part-${process.pid}-${name}`)
		await run(ffmpeg, ['-v', 'error', '-nostdin', '-y', '-fflags', '+bitexact', ...RECIPES[name], part])
		await rename(part, path)
	}
	const kind = /\.(mp4|webm)$/.test(name) ? 'video' : 'audio'
	return { name, kind, path, sizeBytes: (await stat(path)).size, cid: '' }
}
