import { expect, test } from 'vitest'
import type { EntryRow } from '$lib/catalog/row'
import { ByteRanges } from './byte-ranges'
import { keptMs, PIECE_BYTES, plan, type Moment } from './plan'

const row = (file: string, fields: Partial<EntryRow> = {}) =>
	({
		file,
		kind: 'audio',
		mime: 'audio/flac',
		sizeBytes: 40 * PIECE_BYTES,
		durationMs: 320_000,
		...fields
	}) as EntryRow
const one = row('one')
const two = row('two')
const bitrate = (40 * PIECE_BYTES * 8) / 320

const moment = (fields: Partial<Moment> = {}): Moment => ({
	playing: undefined,
	pointed: undefined,
	next: undefined,
	seen: [],
	lineBitsPerS: undefined,
	roomBytes: Infinity,
	here: () => new ByteRanges(),
	...fields
})
const calm = { row: one, heldTo: 4.5 * PIECE_BYTES, calm: true }
const short = (wishes: ReturnType<typeof plan>) => wishes.map(({ why, row: { file }, from }) => [why, file, from])

test('nothing beside what sounds while that has little to go on, but the place under the pointer', () => {
	const asked = moment({
		playing: { ...calm, calm: false },
		pointed: { row: one, from: 5, to: 9 },
		next: two,
		seen: [row('three')],
		lineBitsPerS: 50e6
	})
	expect(short(plan(asked))).toEqual([['pointed', 'one', 5]])
})

test('the next comes before minutes ahead, and both before what is on the screen', () => {
	const wishes = plan(moment({ playing: calm, next: two, seen: [row('three')], lineBitsPerS: 2 * bitrate }))
	expect(short(wishes)).toEqual([
		['next', 'two', 0],
		['keep', 'one', 4 * PIECE_BYTES],
		['keep', 'one', 5 * PIECE_BYTES],
		['seen', 'three', 0]
	])
	expect(wishes.map(({ ahead }) => ahead)).toEqual(['soon', 'soon', 'soon', 'later'])
})

test('minutes are kept only by a line with something to spare, more of them the more it has', () => {
	expect(keptMs(undefined, bitrate)).toBe(0)
	expect(keptMs(1.2 * bitrate, bitrate)).toBe(0)
	expect(keptMs(1.5 * bitrate, bitrate)).toBe(60_000)
	expect(keptMs(4 * bitrate, bitrate)).toBe(210_000)
	expect(keptMs(100 * bitrate, bitrate)).toBe(600_000)
})

test('what is here is passed over, and no more is kept than there is room for', () => {
	const held = new ByteRanges([{ from: 0, to: 6 * PIECE_BYTES - 1 }])
	const here = (file: string) => (file === 'one' ? held : new ByteRanges())
	const busy = moment({ playing: calm, lineBitsPerS: 50e6, here })
	expect(short(plan(busy))[0]).toEqual(['keep', 'one', 6 * PIECE_BYTES])
	expect(plan({ ...busy, roomBytes: PIECE_BYTES })).toEqual([])
	expect(plan(moment({ seen: [one], here }))).toEqual([])
})

test('all of the next, once what sounds is kept and the line has three times its bitrate', () => {
	const here = (file: string) =>
		new ByteRanges([{ from: 0, to: file === 'one' ? 40 * PIECE_BYTES - 1 : 2 * PIECE_BYTES - 1 }])
	const asked = moment({ playing: calm, next: two, lineBitsPerS: 3 * bitrate, here })
	expect(short(plan(asked))).toEqual([
		['whole', 'two', 2 * PIECE_BYTES],
		['whole', 'two', 3 * PIECE_BYTES]
	])
	expect(plan({ ...asked, lineBitsPerS: 2.9 * bitrate })).toEqual([])
})

test('the last piece ends with the file', () => {
	const odd = row('odd', { sizeBytes: 5 * PIECE_BYTES + 7 })
	const wishes = plan(moment({ playing: { row: odd, heldTo: 5 * PIECE_BYTES, calm: true }, lineBitsPerS: 500e6 }))
	expect(wishes.map(({ from, to }) => [from, to])).toEqual([[5 * PIECE_BYTES, 5 * PIECE_BYTES + 6]])
})
