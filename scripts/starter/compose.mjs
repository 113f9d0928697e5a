/**
 * Composes the collection that ships with the app (`npm run starter`): music and one film, made by arithmetic alone and
 * given away (CC0-1.0), published by the same code as any publication. Writes static/starter.car,
 * static/starter.announce.cbor and src/lib/catalog/starter.ts.
 *
 * The key that signs it is made here and never kept, so nobody can replace the collection in the browsers that have it;
 * each run therefore makes a collection with another name. Needs ffmpeg with libmp3lame, libvpx-vp9 and libopus.
 *
 *     node scripts/starter/compose.mjs [folder that keeps what was rendered]
 */
import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { MemoryBlockstore } from 'blockstore-core'
import { createServer } from 'vite'
import { albums, film } from './pieces.mjs'
import { paint, sleeves, tide } from './pictures.mjs'
import { RATE } from './synth.mjs'

const project = fileURLToPath(new URL('../../', import.meta.url))
const LOUDNESS = 'loudnorm=I=-16:TP=-1.5:LRA=11'
const MAX_CAR_BYTES = 6_000_000
const MAX_COVER_BYTES = 25_000
const FILM = { width: 640, height: 360, rate: 25 }
const FIFTY_YEARS_MS = 50 * 365.25 * 24 * 3600 * 1000
/** A fixed day, so that only the key differs between two runs. */
const CREATED_S = Date.UTC(2026, 10, 21) / 1000
const LICENCE = 'CC0-1.0'

const keep = process.argv[2]
const work = keep ?? (await mkdtemp(join(tmpdir(), 'antiphon-starter-')))
const tree = join(work, 'tree')
await rm(tree, { recursive: true, force: true })

const wanted = []
for (const album of albums) {
	for (const [index, track] of album.tracks.entries()) {
		const name = `${String(index + 1).padStart(2, '0')} ${track.title.replaceAll(':', '')}.mp3`
		wanted.push({ album, track, number: index + 1, path: join(tree, album.artist, album.album, name) })
	}
}
for (const { album, track, number, path } of wanted) {
	await mkdir(dirname(path), { recursive: true })
	const sound = await rendered(track)
	await ffmpeg([
		...[
			'-i',
			sound,
			'-af',
			await loudness(sound),
			'-ar',
			String(RATE),
			'-c:a',
			'libmp3lame',
			'-q:a',
			'7',
			'-joint_stereo',
			'1'
		],
		...tags({
			title: track.title,
			artist: album.artist,
			album_artist: album.artist,
			album: album.album,
			date: album.date,
			genre: album.genres.join(';'),
			track: `${number}/${album.tracks.length}`,
			copyright: LICENCE
		}),
		...['-id3v2_version', '4', '-map_metadata', '-1', '-fflags', '+bitexact', path]
	])
	console.log(relative(tree, path))
}
for (const album of albums) {
	await cover(sleeves[album.cover](), join(tree, album.artist, album.album, 'cover.jpg'))
}
await makeFilm(join(tree, film.artist, film.title, `${film.title}.webm`))

// The app's own code is TypeScript without extensions in its imports: Vite reads it, Node does not.
const vite = await createServer({
	configFile: false,
	root: project,
	appType: 'custom',
	logLevel: 'error',
	server: { middlewareMode: true, hmr: false, ws: false, watch: null },
	optimizeDeps: { noDiscovery: true }
})
const load = (path) => vite.ssrLoadModule(join(project, 'src/lib', path))
const { readChosenFiles } = await load('catalog/publish/read-files.ts')
const { buildPublication } = await load('catalog/publish/build.ts')
const { carBlob } = await load('catalog/publish/car.ts')
const { signRecord } = await load('p2p/ipns-record.ts')
const { nameOfKey } = await load('p2p/ipns-name.ts')
const { encodeAnnouncement } = await load('p2p/announce.ts')

const signal = new AbortController().signal
const chosen = await Promise.all(
	(await readdir(tree, { recursive: true, withFileTypes: true }))
		.filter((entry) => entry.isFile())
		.map(async (entry) => {
			const path = join(entry.parentPath, entry.name)
			const file = new File([await readFile(path)], entry.name)
			return { path: relative(tree, path).split(sep).join('/').normalize('NFC'), file }
		})
)
chosen.sort((a, b) => (a.path < b.path ? -1 : 1))
const draft = await readChosenFiles(chosen, { signal })
for (const { path, problem } of draft.entries) if (problem !== undefined) throw new Error(`${path}: ${problem}`)
Object.assign(draft, {
	name: 'Starter collection',
	about: 'Music and a film made by arithmetic, by the script that comes with the app. Free for any use.',
	licence: LICENCE
})
// WebM has no date that readers agree on.
for (const entry of draft.entries) if (entry.kind === 'video') entry.date ||= film.date
const key = await generateKeyPair('Ed25519')
const name = nameOfKey(key.publicKey)
const blockstore = new MemoryBlockstore()
const built = await buildPublication(draft, name, { blockstore, signal, createdS: CREATED_S, decodeImage })
const read = async (cid) => {
	for await (const bytes of blockstore.get(cid)) return bytes
}
const car = new Uint8Array(await (await carBlob([built.root], built.blocks, read, signal)).arrayBuffer())
if (car.byteLength > MAX_CAR_BYTES)
	throw new Error(`starter.car has ${car.byteLength} bytes, over ${MAX_CAR_BYTES}`)
const record = await signRecord(key, `/ipfs/${built.root}`, 1n, { lifetimeMs: FIFTY_YEARS_MS })
await writeFile(join(project, 'static/starter.car'), car)
await writeFile(join(project, 'static/starter.announce.cbor'), encodeAnnouncement(name, record, []))
await writeFile(
	join(project, 'src/lib/catalog/starter.ts'),
	`/* Written by scripts/starter/compose.mjs, together with the two files in static/. */

/** IPNS name of the collection that ships with the app. Its key was thrown away: nobody can replace it. */
export const STARTER_NAME = '${name}'
/** Root CID of its publication. */
export const STARTER_ROOT = '${built.root}'
/** Files below the app's base. */
export const STARTER_CAR = 'starter.car'
export const STARTER_ANNOUNCEMENT = 'starter.announce.cbor'
`
)
await vite.close()
if (keep === undefined) await rm(work, { recursive: true })
console.log(`${built.entries} entries, ${built.blocks.length} blocks, ${car.byteLength} bytes: ${built.root}`)

/** Renders a piece to raw samples, unless an earlier run did. */
async function rendered({ title, render }) {
	const path = join(work, `${title.replaceAll(/[^\p{L}\d]+/gu, '-')}.wav`)
	if (
		await access(path).then(
			() => true,
			() => false
		)
	)
		return path
	const [left, right] = render()
	const raw = new Float32Array(left.length * 2)
	for (let i = 0; i < left.length; i++) [raw[2 * i], raw[2 * i + 1]] = [left[i], right[i]]
	await mkdir(work, { recursive: true })
	await ffmpeg(
		['-f', 'f32le', '-ar', String(RATE), '-ac', '2', '-i', 'pipe:0', '-c:a', 'pcm_s24le', path],
		Buffer.from(raw.buffer)
	)
	return path
}

/** The filter for the second of two passes, which knows what the first measured. */
async function loudness(path) {
	const { stderr } = await promisify(execFile)('ffmpeg', [
		'-nostdin',
		'-hide_banner',
		'-i',
		path,
		'-af',
		`${LOUDNESS}:print_format=json`,
		'-f',
		'null',
		'-'
	])
	const said = JSON.parse(/\{[^{}]*\}\s*$/.exec(stderr)[0])
	return `${LOUDNESS}:linear=true:measured_I=${said.input_i}:measured_TP=${said.input_tp}:measured_LRA=${said.input_lra}:measured_thresh=${said.input_thresh}:offset=${said.target_offset}`
}

function tags(values) {
	return Object.entries(values).flatMap(([key, value]) => ['-metadata', `${key}=${value}`])
}

async function cover(layers, path) {
	await mkdir(dirname(path), { recursive: true })
	const side = 600
	const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${side}x${side}`, '-i', 'pipe:0']
	await ffmpeg(
		[...input, '-frames:v', '1', '-q:v', '6', '-pix_fmt', 'yuvj420p', '-fflags', '+bitexact', path],
		paint(side, side, layers)
	)
	const { byteLength } = await readFile(path)
	if (byteLength > MAX_COVER_BYTES) throw new Error(`${basename(dirname(path))}: a cover of ${byteLength} bytes`)
}

async function makeFilm(path) {
	await mkdir(dirname(path), { recursive: true })
	const { width, height, rate } = FILM
	await cover(
		tide(7).map(([shape, ...how]) => [shape && ((x, y) => shape(x + 0.39, y)), ...how]),
		join(dirname(path), 'cover.jpg')
	)
	const sound = await rendered(film)
	const seconds = Number(
		(
			await promisify(execFile)('ffprobe', [
				'-v',
				'error',
				'-show_entries',
				'format=duration',
				'-of',
				'csv=p=0',
				sound
			])
		).stdout
	)
	const child = spawn(
		'ffmpeg',
		[
			...[
				'-hide_banner',
				'-loglevel',
				'error',
				'-y',
				'-f',
				'rawvideo',
				'-pix_fmt',
				'rgb24',
				'-s',
				`${width}x${height}`,
				'-r',
				String(rate),
				'-i',
				'pipe:0'
			],
			...['-i', sound, '-af', await loudness(sound), '-c:a', 'libopus', '-b:a', '80k', '-ar', '48000'],
			...[
				'-c:v',
				'libvpx-vp9',
				'-crf',
				'36',
				'-b:v',
				'0',
				'-pix_fmt',
				'yuv420p',
				'-g',
				'100',
				'-row-mt',
				'1',
				'-deadline',
				'good',
				'-cpu-used',
				'3'
			],
			...tags({
				title: film.title,
				artist: film.artist,
				date: film.date,
				genre: film.genres.join(';'),
				copyright: LICENCE
			}),
			...['-map_metadata', '-1', '-fflags', '+bitexact', '-cues_to_front', '1', '-shortest', path]
		],
		{ stdio: ['pipe', 'inherit', 'inherit'] }
	)
	const ended = once(child, 'exit')
	for (let frame = 0; frame < seconds * rate; frame++) {
		if (!child.stdin.write(paint(width, height, tide(frame / rate)))) await once(child.stdin, 'drain')
	}
	child.stdin.end()
	const [code] = await ended
	if (code !== 0) throw new Error(`ffmpeg: ${code}`)
	console.log(relative(tree, path))
}

/** A cover as 64 × 64 pixels, for its ThumbHash. */
async function decodeImage(image) {
	const input = Buffer.from(await image.arrayBuffer())
	const rgba = await ffmpeg(
		[
			'-f',
			'image2pipe',
			'-i',
			'pipe:0',
			'-vf',
			'scale=64:64:flags=area',
			'-f',
			'rawvideo',
			'-pix_fmt',
			'rgba',
			'pipe:1'
		],
		input
	)
	return { width: 64, height: 64, rgba }
}

async function ffmpeg(options, input) {
	const child = spawn('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-y', ...options], {
		stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'inherit']
	})
	const out = []
	child.stdout.on('data', (chunk) => out.push(chunk))
	child.stdin?.end(input)
	const [code] = await once(child, 'close')
	if (code !== 0) throw new Error(`ffmpeg ${options.join(' ')}: ${code}`)
	return Buffer.concat(out)
}
