import { expect, test, vi } from 'vitest'
import type { Catalog, Wish } from '$lib/catalog/catalog'
import { WishesState } from './wishes.svelte'

/** Standing searches of an index, and a way to have something new come. */
class Wishing implements Pick<Catalog, 'wishes' | 'wish' | 'sawWish' | 'forgetWish' | 'onchange'> {
	held: readonly Wish[] = []
	#listener: (() => void) | undefined

	wishes = () => Promise.resolve(this.held)
	wish: Catalog['wish'] = ({ text, filters }) => {
		const wish = { id: text, text, createdMs: 1, newHits: 0, seenMs: 1, ...(filters ? { filters } : {}) }
		this.held = [wish, ...this.held]
		return Promise.resolve(wish)
	}
	sawWish = (id: string) => {
		this.#set(id, 0)
		return Promise.resolve()
	}
	forgetWish = (id: string) => {
		this.held = this.held.filter((wish) => wish.id !== id)
		return Promise.resolve()
	}
	onchange: Catalog['onchange'] = (listener) => {
		this.#listener = () => {
			listener({ entries: 0, publishers: 0, albums: 0 })
		}
		return () => (this.#listener = undefined)
	}
	come(id: string, newHits: number): void {
		this.#set(id, newHits)
		this.#listener?.()
	}
	#set(id: string, newHits: number): void {
		this.held = this.held.map((wish) => (wish.id === id ? { ...wish, newHits } : wish))
	}
}

async function opened(permission: NotificationPermission = 'granted', looking = false) {
	const catalog = new Wishing()
	const shown: { title: string; tag: string }[] = []
	let allowed = permission
	const wishes = new WishesState({
		catalog,
		looking: () => looking,
		words: ({ text }, fresh) => ({ title: `New for ${text}`, body: String(fresh) }),
		notifications: {
			permission: () => allowed,
			request: () => Promise.resolve((allowed = 'granted')),
			show: (title, { tag }) => shown.push({ title, tag })
		}
	})
	await wishes.open()
	return { catalog, wishes, shown }
}

test('a standing search is kept without the spaces around it, and forgotten', async () => {
	const { wishes } = await opened()
	await wishes.add('tide ', { kept: true })
	expect(wishes.wishes).toMatchObject([{ text: 'tide', filters: { kept: true } }])
	await wishes.forget('tide')
	expect(wishes.wishes).toEqual([])
})

test('what came is counted, told once, and looked at', async () => {
	const { catalog, wishes, shown } = await opened()
	await wishes.add('tide', {})
	catalog.come('tide', 3)
	await vi.waitFor(() => {
		expect(wishes.newHits).toBe(3)
	})
	await wishes.refresh()
	expect(shown).toEqual([{ title: 'New for tide', tag: 'antiphon-wish-tide' }])
	await wishes.saw('tide')
	expect(wishes.newHits).toBe(0)
	catalog.come('tide', 1)
	await vi.waitFor(() => {
		expect(shown).toHaveLength(2)
	})
})

test('nothing is told without leave, nor to one who is looking', async () => {
	for (const { catalog, wishes, shown } of [await opened('default'), await opened('granted', true)]) {
		await wishes.add('tide', {})
		catalog.come('tide', 3)
		await vi.waitFor(() => {
			expect(wishes.newHits).toBe(3)
		})
		expect(shown).toEqual([])
	}
})

test('what was new before the tab was opened is not told again', async () => {
	const catalog = new Wishing()
	await catalog.wish({ text: 'tide' })
	catalog.come('tide', 5)
	const show = vi.fn()
	const wishes = new WishesState({
		catalog,
		words: () => ({ title: '', body: '' }),
		notifications: { permission: () => 'granted', request: () => Promise.resolve('granted'), show }
	})
	await wishes.open()
	expect(wishes.newHits).toBe(5)
	expect(show).not.toHaveBeenCalled()
})

test('leave is asked for on a click', async () => {
	const { wishes } = await opened('default')
	expect(wishes.telling).toBe('ask')
	await wishes.allowTelling()
	expect(wishes.telling).toBe('granted')
})
