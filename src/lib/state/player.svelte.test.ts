import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { AppError } from '$lib/errors'
import type { EntryRow } from '$lib/catalog/row'
import { aRow } from './catalog.fixture'
import { FakeMedia } from './media-element.fixture'
import { PlayerState, type PlayerPorts, type SavedPlayer } from './player.svelte'

const one = aRow({ title: 'One', file: 'file-1', durationMs: 100_000 })
const two = aRow({ title: 'Two', file: 'file-2', durationMs: 200_000 })
const three = aRow({ title: 'Three', file: 'file-3', durationMs: 300_000 })
const film = aRow({ title: 'Film', file: 'file-4', kind: 'video', mime: 'video/mp4' })

let audio: FakeMedia
let video: FakeMedia
let saved: SavedPlayer | undefined
let heard: { title: string; positionMs: number; ended: boolean }[]
let open: PlayerState[]

async function playerWith(ports: Partial<PlayerPorts> = {}): Promise<PlayerState> {
	const player = new PlayerState({
		audio,
		video,
		url: (row: EntryRow) => `ipfs/${row.file}`,
		ready: () => Promise.resolve(),
		diagnose: () => Promise.resolve({ code: 'content-unavailable', tried: ['peer: no'] }),
		read: () => Promise.resolve(saved),
		write: (now) => {
			saved = now
			return Promise.resolve()
		},
		heard: (row, positionMs, ended) => heard.push({ title: row.title, positionMs, ended }),
		...ports
	})
	open.push(player)
	await player.open()
	return player
}

/** Lets the promises that the player waits for come in. */
const settle = () => vi.waitFor(() => Promise.resolve())

beforeEach(() => {
	audio = new FakeMedia()
	video = new FakeMedia()
	saved = undefined
	heard = []
	open = []
})
afterEach(() => {
	for (const player of open) player.dispose()
	vi.useRealTimers()
})

test('plays a list from the row that was chosen, through its URL', async () => {
	const player = await playerWith()
	await player.play([one, two], 1)
	expect(player.status).toBe('waiting')
	expect(audio.src).toBe('ipfs/file-2')
	audio.sound(200)
	expect(player.status).toBe('playing')
	expect(player.current?.title).toBe('Two')
	expect(player.queue.items.map((item) => item.row.title)).toEqual(['One', 'Two'])
})

test('goes on to the next row when one ends, and rests at the end of the last', async () => {
	const player = await playerWith()
	await player.play([one, two])
	audio.sound(100)
	audio.end()
	await vi.waitFor(() => {
		expect(audio.src).toBe('ipfs/file-2')
	})
	audio.sound(200)
	audio.end()
	await vi.waitFor(() => {
		expect(player.status).toBe('paused')
	})
	expect(player.current?.title).toBe('Two')
	expect(player.positionMs).toBe(0)
})

test('repeats the whole queue or one row, as asked', async () => {
	const player = await playerWith()
	await player.play([one, two], 1)
	player.cycleRepeat()
	audio.sound(200)
	audio.end()
	await vi.waitFor(() => {
		expect(player.current?.title).toBe('One')
	})
	player.cycleRepeat()
	expect(player.queue.repeat).toBe('one')
	audio.sound(100)
	audio.reach(99)
	audio.end()
	await vi.waitFor(() => {
		expect(audio.currentTime).toBe(0)
	})
	expect(player.current?.title).toBe('One')
	await player.next()
	expect(player.current?.title).toBe('Two')
})

test('Previous restarts a row after three seconds, and before that goes one back', async () => {
	const player = await playerWith()
	await player.play([one, two], 1)
	audio.sound(200)
	audio.reach(3.5)
	await player.previous()
	expect(player.current?.title).toBe('Two')
	expect(audio.currentTime).toBe(0)
	audio.reach(2)
	await player.previous()
	expect(player.current?.title).toBe('One')
})

test('a row that fails says so, and the next one follows after that was shown', async () => {
	const player = await playerWith()
	await player.play([one, two])
	vi.useFakeTimers()
	audio.fail()
	await vi.waitFor(() => {
		expect(player.status).toBe('failed')
	})
	expect(player.failure).toMatchObject({ code: 'content-unavailable', tried: ['peer: no'], goesOn: true })
	expect(player.current?.title).toBe('One')
	await vi.runOnlyPendingTimersAsync()
	expect(player.current?.title).toBe('Two')
	expect(player.failure).toBeUndefined()
})

test('a queue in which nothing plays is not gone round for ever', async () => {
	const player = await playerWith()
	await player.play([one, two])
	player.cycleRepeat()
	vi.useFakeTimers()
	audio.fail()
	await vi.waitFor(() => {
		expect(player.failure?.row.title).toBe('One')
	})
	await vi.runOnlyPendingTimersAsync()
	audio.fail()
	await vi.waitFor(() => {
		expect(player.failure?.row.title).toBe('Two')
	})
	expect(player.failure?.goesOn).toBe(false)
	expect(vi.getTimerCount()).toBe(0)
})

test('without a worker it plays nothing and says why', async () => {
	const player = await playerWith({ ready: () => Promise.reject(new AppError('no-worker', 'none')) })
	await player.play([one, two])
	expect(player.failure).toMatchObject({ code: 'no-worker', goesOn: false })
	expect(audio.src).toBe('')
})

test('a later choice wins over one that still waits for the worker', async () => {
	const gate = Promise.withResolvers<undefined>()
	let asked = 0
	const player = await playerWith({ ready: () => (++asked === 1 ? gate.promise : Promise.resolve()) })
	const first = player.play([one])
	await player.play([two])
	gate.resolve(undefined)
	await first
	expect(audio.src).toBe('ipfs/file-2')
})

test('takes up queue and position of the last visit, without a sound', async () => {
	saved = { rows: [one, two], at: 1, positionMs: 61_000, volume: 0.4, muted: false, repeat: 'all' }
	const player = await playerWith()
	expect(player.status).toBe('paused')
	expect(player.current?.title).toBe('Two')
	expect(player.positionMs).toBe(61_000)
	expect(player.queue.repeat).toBe('all')
	expect(audio.src).toBe('')
	await player.resume()
	expect(audio.src).toBe('ipfs/file-2')
	audio.sound(200)
	expect(audio.currentTime).toBe(61)
	expect(audio.volume).toBe(0.4)
})

test('remembers where it is when it is paused', async () => {
	const player = await playerWith()
	await player.play([one])
	audio.sound(100)
	audio.reach(42)
	player.pause()
	expect(saved).toMatchObject({ at: 0, positionMs: 42_000 })
})

test('a clip begins and ends within its file, and the one that follows on does not touch the sound', async () => {
	const first = aRow({ title: 'First', file: 'disc', clip: { start: 0, end: 60_000 } })
	const second = aRow({ title: 'Second', file: 'disc', clip: { start: 60_000, end: 90_000 } })
	const player = await playerWith()
	await player.play([first, second])
	audio.sound(90)
	expect(player.durationMs).toBe(60_000)
	audio.reach(30)
	expect(player.positionMs).toBe(30_000)
	audio.reach(60.1)
	await vi.waitFor(() => {
		expect(player.current?.title).toBe('Second')
	})
	expect(audio.currentTime).toBe(60.1)
	expect(audio.paused).toBe(false)
	audio.reach(75)
	expect(player.positionMs).toBe(15_000)
	expect(player.durationMs).toBe(30_000)
	player.seek(5000)
	expect(audio.currentTime).toBe(65)
})

test('a link to a part starts at its first second and stops at its last', async () => {
	const player = await playerWith()
	await player.play([one], 0, { atMs: 61_500, untilMs: 75_000 })
	audio.sound(100)
	expect(audio.currentTime).toBe(61.5)
	audio.reach(70)
	expect(player.playing).toBe(true)
	audio.reach(75)
	expect(player.status).toBe('paused')
})

test('tells which parts of the row are here', async () => {
	const player = await playerWith()
	await player.play([one])
	audio.sound(100)
	audio.ranges = [
		[0, 20],
		[50, 60]
	]
	audio.tell('progress')
	expect(player.buffered).toEqual([
		{ startMs: 0, endMs: 20_000 },
		{ startMs: 50_000, endMs: 60_000 }
	])
	audio.reach(10)
	expect(player.bufferedToMs).toBe(20_000)
})

test('video takes its own element, and the sound stops', async () => {
	const player = await playerWith()
	await player.play([one, film])
	audio.sound(100)
	await player.next()
	expect(video.src).toBe('ipfs/file-4')
	expect(audio.src).toBe('')
	audio.tell('ended')
	await settle()
	expect(player.current?.title).toBe('Film')
})

test('what the element cannot read by itself is fed to it until something else plays', async () => {
	const ended: string[] = []
	let broken: (url: string) => void = () => undefined
	const asked: string[] = []
	const player = await playerWith({
		feed: (element, row, onbroken) => {
			if (row.file !== film.file) return undefined
			broken = onbroken
			element.src = 'blob:'
			return Promise.resolve(() => ended.push(row.file))
		},
		diagnose: (url) => {
			asked.push(url)
			return Promise.resolve({ code: 'content-unavailable', tried: [] })
		}
	})
	await player.play([film, one])
	expect(video.src).toBe('blob:')
	expect(video.paused).toBe(false)
	await player.next()
	expect(ended).toEqual([film.file])
	expect(audio.src).toBe('ipfs/file-1')
	broken('ipfs/file-4/late.ts')
	await player.previous()
	broken('ipfs/file-4/seg.ts')
	await vi.waitFor(() => {
		expect(player.failure?.code).toBe('content-unavailable')
	})
	expect(asked).toEqual(['ipfs/file-4/seg.ts'])
})

test('what cannot be fed says why, and what is left before it is fed is not played', async () => {
	const { promise, resolve } = Promise.withResolvers<() => void>()
	let ends = 0
	const player = await playerWith({
		feed: (_, row) => {
			if (row.file === film.file) return promise
			return row.file === two.file ? Promise.reject(new AppError('unplayable', 'no')) : undefined
		}
	})
	const playing = player.play([film, one, two])
	await settle()
	await player.next()
	resolve(() => ends++)
	await playing
	expect(ends).toBe(1)
	expect(audio.src).toBe('ipfs/file-1')
	await player.next()
	expect(player.failure).toMatchObject({ code: 'unplayable', row: two })
})

test('the queue: play next, add, move, take out, clear and take back', async () => {
	const player = await playerWith()
	await player.play([one])
	player.add([two])
	player.playNext([three])
	const titles = () => player.queue.items.map((item) => item.row.title)
	expect(titles()).toEqual(['One', 'Three', 'Two'])
	player.move(player.queue.items[2]?.id ?? 0, 0)
	expect(titles()).toEqual(['Two', 'One', 'Three'])
	expect(player.current?.title).toBe('One')
	await player.remove(player.queue.current?.id ?? 0)
	expect(player.current?.title).toBe('Three')
	const cleared = player.clear()
	expect(player.status).toBe('idle')
	player.restore(cleared)
	expect(titles()).toEqual(['Two', 'Three'])
})

test('what is not sound or picture is left out of the queue', async () => {
	const player = await playerWith()
	await player.play([aRow({ kind: 'document', title: 'Notes' }), one], 1)
	expect(player.queue.items.map((item) => item.row.title)).toEqual(['One'])
	expect(player.current?.title).toBe('One')
})

test('the browser that wants a touch first leaves it paused', async () => {
	const player = await playerWith()
	audio.refuses = new DOMException('touch first', 'NotAllowedError')
	await player.play([one])
	expect(player.status).toBe('paused')
	expect(player.failure).toBeUndefined()
})

test('the system may pause it, and it stays paused', async () => {
	const player = await playerWith()
	await player.play([one])
	audio.sound(100)
	audio.reach(10)
	audio.paused = true
	audio.tell('pause')
	expect(player.status).toBe('paused')
})

test('volume is kept, and changing it ends muting', async () => {
	const player = await playerWith()
	player.toggleMute()
	expect(audio.muted).toBe(true)
	player.setVolume(0.3)
	expect(audio.muted).toBe(false)
	expect(video.volume).toBe(0.3)
	expect(saved?.volume).toBe(0.3)
})

test('the sleep timer pauses when its time has come, or at the end of the row', async () => {
	const player = await playerWith()
	await player.play([one, two])
	audio.sound(100)
	player.sleep(15, Date.now() - 16 * 60_000)
	audio.reach(1)
	expect(player.status).toBe('paused')
	expect(player.sleepUntilMs).toBeUndefined()
	await player.resume()
	player.sleep('end')
	audio.sound(100)
	audio.end()
	await vi.waitFor(() => {
		expect(player.current?.title).toBe('Two')
	})
	expect(player.playing).toBe(false)
})

test('says what was heard after it has sounded for a while', async () => {
	const player = await playerWith()
	await player.play([one, two])
	audio.sound(100)
	for (let second = 0; second <= 6; second += 1) audio.reach(second)
	await player.next()
	expect(heard.at(-1)).toEqual({ title: 'One', positionMs: 6000, ended: false })
	expect(heard.some(({ title }) => title === 'Two')).toBe(false)
})

test('the controls of the system work', async () => {
	const handlers = new Map<string, MediaSessionActionHandler | null>()
	const session = {
		metadata: null as MediaMetadata | null,
		playbackState: 'none',
		setActionHandler: (action: string, handler: MediaSessionActionHandler | null) => handlers.set(action, handler),
		setPositionState: () => undefined
	} as unknown as MediaSession
	const player = await playerWith({ session })
	await player.play([one, two])
	audio.sound(100)
	expect(session.metadata?.title).toBe('One')
	expect(session.playbackState).toBe('playing')
	handlers.get('seekto')?.({ action: 'seekto', seekTime: 33 })
	expect(audio.currentTime).toBe(33)
	handlers.get('nexttrack')?.({ action: 'nexttrack' })
	await vi.waitFor(() => {
		expect(session.metadata?.title).toBe('Two')
	})
	handlers.get('pause')?.({ action: 'pause' })
	expect(player.playing).toBe(false)
})
