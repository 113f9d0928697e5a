import { beforeEach, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-svelte'
import type { EntryRow } from '$lib/catalog/row'
import '../../app.css'
import QueueList from './QueueList.svelte'
import SearchBox from './SearchBox.svelte'
import Seek from './Seek.svelte'
import Tabs from './Tabs.svelte'
import Tracks from './Tracks.svelte'
import Volume from './Volume.svelte'
import { createRawSnippet } from 'svelte'

const row = (title: string, fields: Partial<EntryRow> = {}): EntryRow => ({
	id: 1,
	publisher: 'k51',
	publisherName: 'Tidewater Archive',
	root: 'bafyroot',
	k: title,
	kind: 'audio',
	file: `bafy-${title}`,
	sizeBytes: 1,
	mime: 'audio/flac',
	title,
	artists: ['Saltmarsh Choir'],
	albumArtists: [],
	genres: [],
	durationMs: 61_000,
	...fields
})
const tracks = {
	label: 'Tracks',
	availability: () => ({ kind: 'gateways' as const, words: 'Gateway' }),
	playing: () => undefined,
	publisherHref: () => '#/u/k51'
}

beforeEach(async () => {
	await page.viewport(1280, 800)
})

test('a row of the table says who and how, and has its two buttons', async () => {
	const onplay = vi.fn()
	const onmore = vi.fn()
	await render(Tracks, { ...tracks, items: [row('One'), row('Two')].map((one) => ({ row: one })), onplay, onmore })
	const second = page.getByRole('table', { name: 'Tracks' }).getByRole('row').nth(1)
	await expect.element(second).toMatchTextContent(/Two.*Saltmarsh Choir.*Gateway.*Tidewater Archive.*1:01/s)
	await second.getByRole('button', { name: 'Play Two' }).click()
	expect(onplay).toHaveBeenCalledWith(expect.objectContaining({ title: 'Two' }), 1)
	await second.getByRole('button', { name: 'More actions for Two' }).click()
	expect(onmore).toHaveBeenCalledWith(expect.objectContaining({ title: 'Two' }), 1, expect.any(HTMLElement))
})

test('a row twice in a list, and a title that looks like markup, are only rows', async () => {
	const bad = row('<img src=x onerror=alert(1)>')
	await render(Tracks, {
		...tracks,
		items: [bad, bad].map((one) => ({ row: one, words: ['img'] })),
		onplay: vi.fn(),
		onmore: vi.fn()
	})
	await expect.element(page.getByRole('row').nth(1)).toMatchTextContent(/^\s*<img src=x onerror=alert\(1\)>/)
	expect(document.querySelector('[role=row] img[src=x]')).toBeNull()
	expect(document.querySelector('[role=row] mark')?.textContent).toBe('img')
})

test('arrows go from row to row in the same column', async () => {
	await render(Tracks, {
		...tracks,
		items: [row('One'), row('Two')].map((one) => ({ row: one })),
		onplay: vi.fn(),
		onmore: vi.fn()
	})
	page.getByRole('button', { name: 'More actions for One' }).element().focus()
	await userEvent.keyboard('{ArrowDown}')
	await expect.element(page.getByRole('button', { name: 'More actions for Two' })).toHaveFocus()
	await userEvent.keyboard('{ArrowUp}')
	await expect.element(page.getByRole('button', { name: 'More actions for One' })).toHaveFocus()
})

test('copies unfold under their row, and each can be played', async () => {
	const onplay = vi.fn()
	const copy = row('One', { publisherName: 'Northing', mime: 'audio/opus', bitrate: 160_000 })
	await render(Tracks, { ...tracks, items: [{ row: row('One'), copies: [copy] }], onplay, onmore: vi.fn() })
	await page.getByRole('button', { name: '2 copies' }).click()
	await page.getByRole('button', { name: 'Play the copy of Northing' }).click()
	expect(onplay).toHaveBeenCalledWith(copy, -1)
})

test('the position is a slider that tells time, and answers keys and values', async () => {
	const onseek = vi.fn()
	await render(Seek, {
		positionMs: 138_000,
		durationMs: 341_000,
		buffered: [{ startMs: 0, endMs: 273_000 }],
		bufferedToMs: 273_000,
		onseek
	})
	const slider = page.getByRole('slider', { name: 'Position' })
	await expect.element(slider).toHaveAttribute('aria-valuetext', '2:18 of 5:41, checked to 4:33')
	slider.element().focus()
	await userEvent.keyboard('{ArrowRight}{ArrowLeft}{End}')
	expect(onseek.mock.calls).toEqual([[143_000], [133_000], [341_000]])
	await slider.fill('45')
	expect(onseek).toHaveBeenLastCalledWith(45_000)
})

test('volume and mute', async () => {
	const onvolume = vi.fn()
	const onmute = vi.fn()
	await render(Volume, { volume: 0.5, muted: false, onvolume, onmute })
	await page.getByRole('slider', { name: 'Volume' }).fill('30')
	expect(onvolume).toHaveBeenCalledWith(0.3)
	await page.getByRole('button', { name: 'Mute' }).click()
	expect(onmute).toHaveBeenCalledOnce()
})

test('the queue is reordered with keys, and says where a row went', async () => {
	const onmove = vi.fn()
	const items = ['One', 'Two'].map((title, at) => ({ id: at + 1, row: row(title) }))
	await render(QueueList, {
		label: 'Queue',
		items,
		current: 1,
		playing: true,
		onjump: vi.fn(),
		onmove,
		onremove: vi.fn()
	})
	page.getByRole('button', { name: 'Move Two up' }).element().focus()
	await userEvent.keyboard('{ArrowUp}')
	expect(onmove).toHaveBeenCalledWith(2, 0)
	await expect.element(page.getByRole('status')).toHaveTextContent('Two is now number 1.')
	await page.getByRole('button', { name: 'Move One down' }).click()
	expect(onmove).toHaveBeenLastCalledWith(1, 1)
})

test('the search box tells each change, and Escape empties it', async () => {
	const onchange = vi.fn()
	await render(SearchBox, { value: 'hills', onchange, onsubmit: vi.fn(), onleave: vi.fn() })
	const box = page.getByRole('searchbox', { name: 'Search' })
	await box.fill('hill')
	expect(onchange).toHaveBeenCalledWith('hill')
	await userEvent.keyboard('{Escape}')
	expect(onchange).toHaveBeenLastCalledWith('')
})

test('suggestions are options below the search box, reached and taken by keys', async () => {
	const onsubmit = vi.fn()
	const onleave = vi.fn()
	const suggestions = ['Saltmarsh Choir', 'Salt'].map((text) => ({ text, kind: 'artist' }))
	await render(SearchBox, { value: 'sal', suggestions, onchange: vi.fn(), onsubmit, onleave })
	const box = page.getByRole('searchbox', { name: 'Search' })
	box.element().focus()
	await expect.element(page.getByRole('listbox', { name: 'Suggestions' })).toBeVisible()
	await userEvent.keyboard('{ArrowDown}{ArrowRight}')
	await expect.element(page.getByRole('option', { selected: true })).toHaveTextContent('Salt artist')
	expect(box.element().getAttribute('aria-activedescendant')).toBe(
		page.getByRole('option', { selected: true }).element().id
	)
	await userEvent.keyboard('{Enter}')
	expect(onsubmit).toHaveBeenLastCalledWith('Salt')
	await userEvent.keyboard('{Enter}')
	expect(onsubmit).toHaveBeenLastCalledWith('sal')
	await page.getByRole('option', { name: 'Saltmarsh Choir artist' }).click()
	expect(onsubmit).toHaveBeenLastCalledWith('Saltmarsh Choir')
	await expect.element(box).toHaveFocus()
	await userEvent.keyboard('{ArrowDown}{ArrowDown}')
	expect(onleave).toHaveBeenCalledOnce()
})

test('arrows move between tabs', async () => {
	const onselect = vi.fn()
	await render(Tabs, {
		label: 'Shelves',
		tabs: [
			{ id: 'a', label: 'Favourites' },
			{ id: 'b', label: 'History' }
		],
		selected: 'a',
		onselect,
		children: createRawSnippet(() => ({ render: () => '<p>panel</p>' }))
	})
	page.getByRole('tab', { name: 'Favourites' }).element().focus()
	await userEvent.keyboard('{ArrowRight}')
	expect(onselect).toHaveBeenCalledWith('b')
	await expect.element(page.getByRole('tab', { name: 'History' })).toHaveFocus()
	await expect.element(page.getByRole('tabpanel', { name: 'Favourites' })).toBeVisible()
})
