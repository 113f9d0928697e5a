/**
 * The first `count` items in order, without sorting the rest: a heap of the best so far, its worst on top.
 * @param before - negative when `a` comes first
 */
export function bestOf<Item>(items: readonly Item[], count: number, before: (a: Item, b: Item) => number): Item[] {
	if (items.length <= count * 2) return items.toSorted(before).slice(0, count)
	const heap = items.slice(0, count)
	const sink = (from: number) => {
		let at = from
		for (;;) {
			let worst = at
			for (const child of [2 * at + 1, 2 * at + 2]) {
				if (child < heap.length && before(heap[child] as Item, heap[worst] as Item) > 0) worst = child
			}
			if (worst === at) return
			;[heap[at], heap[worst]] = [heap[worst] as Item, heap[at] as Item]
			at = worst
		}
	}
	for (let at = (heap.length >> 1) - 1; at >= 0; at--) sink(at)
	for (let at = count; at < items.length && heap.length > 0; at++) {
		const item = items[at] as Item
		if (before(item, heap[0] as Item) >= 0) continue
		heap[0] = item
		sink(0)
	}
	return heap.sort(before)
}
