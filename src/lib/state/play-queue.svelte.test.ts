import { expect, test } from 'vitest'
import { aRow } from './catalog.fixture'
import { PlayQueue } from './play-queue.svelte'

const rows = ['A', 'B', 'C', 'D'].map((title) => aRow({ title }))
const titles = (queue: PlayQueue) => queue.items.map((item) => item.row.title).join('')

function queueAt(at: number): PlayQueue {
	const queue = new PlayQueue()
	queue.replace(rows, at)
	return queue
}

test('shuffling mixes what is to come behind the current one, and undoes itself', () => {
	const queue = queueAt(1)
	queue.shuffleFrom(true, () => 0)
	expect(titles(queue)).toBe('BCDA')
	expect(queue.current?.row.title).toBe('B')
	queue.unshuffle()
	expect(titles(queue)).toBe('ABCD')
	expect(queue.current?.row.title).toBe('B')
})

test('what is added while shuffled stands at the end of the old order', () => {
	const queue = queueAt(0)
	queue.shuffleFrom(true, () => 0)
	queue.insert([aRow({ title: 'X' })], 'next')
	expect(titles(queue)[1]).toBe('X')
	queue.unshuffle()
	expect(titles(queue)).toBe('ABCDX')
})

test('taking out keeps the current one, whichever side goes', () => {
	const queue = queueAt(2)
	queue.remove(queue.items[0]?.id ?? 0)
	expect(queue.current?.row.title).toBe('C')
	queue.remove(queue.items[2]?.id ?? 0)
	expect(queue.current?.row.title).toBe('C')
	queue.remove(queue.items[1]?.id ?? 0)
	expect(queue.current?.row.title).toBe('B')
})

test('moving keeps the current one', () => {
	const queue = queueAt(0)
	queue.move(queue.items[0]?.id ?? 0, 3)
	expect(titles(queue)).toBe('BCDA')
	expect(queue.current?.row.title).toBe('A')
	queue.move(queue.items[0]?.id ?? 0, 99)
	expect(titles(queue)).toBe('CDAB')
})

test('an end is an end unless it repeats', () => {
	const queue = queueAt(3)
	expect(queue.advance('ended')).toBe(false)
	expect(queue.current?.row.title).toBe('D')
	queue.repeat = 'all'
	expect(queue.advance('ended')).toBe(true)
	expect(queue.current?.row.title).toBe('A')
	queue.goBack()
	expect(queue.current?.row.title).toBe('D')
})
