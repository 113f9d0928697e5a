import { expect, test, vi } from 'vitest'
import { render } from 'vitest-browser-svelte'
import { page } from 'vitest/browser'
import type { Facets as Counted, Wish } from '$lib/catalog/catalog'
import Facets from './Facets.svelte'
import Wishes from './Wishes.svelte'

const facets: Counted = {
	kinds: [],
	genres: [
		{ value: 'folk', count: 5 },
		{ value: 'drum and bass', count: 2 }
	],
	decades: [
		{ value: '0', count: 3 },
		{ value: '1980', count: 1 },
		{ value: '2010', count: 4 }
	],
	formats: [{ value: 'flac', count: 4 }],
	qualities: [{ value: 'lossless', count: 4 }],
	licences: [{ value: 'cc', count: 1 }],
	publishers: [{ value: 'k51qzi5uqu5dh9ihj4p2v5sl3hxvv27ryx2w0xrsv6jmmqi91t9xp8p9kaipc2', count: 9 }],
	available: 0,
	kept: 0
}
const chip = (group: string, name: string) =>
	page.getByRole('group', { name: group }).getByRole('button', { name, exact: true })

test('each value says how many it has, is pressed when chosen, and gives the filters that follow', async () => {
	const onchoose = vi.fn()
	await render(Facets, { facets, filters: { genres: ['folk', 'polka'] }, publisherNames: new Map(), onchoose })
	await expect.element(chip('Genre', 'folk 5')).toHaveAttribute('aria-pressed', 'true')
	await expect.element(chip('Genre', 'drum and bass 2')).toHaveAttribute('aria-pressed', 'false')
	// Chosen before, and no longer among the results: it can still be taken away.
	await chip('Genre', 'polka 0').click()
	expect(onchoose).toHaveBeenLastCalledWith({ genres: ['folk'] })
	await chip('Format', 'FLAC 4').click()
	expect(onchoose).toHaveBeenLastCalledWith({ genres: ['folk', 'polka'], formats: ['flac'] })
	await chip('Quality', 'Lossless 4').click()
	expect(onchoose).toHaveBeenLastCalledWith({ genres: ['folk', 'polka'], lossless: true })
	await chip('Licence', 'Creative Commons 1').click()
	expect(onchoose).toHaveBeenLastCalledWith({ genres: ['folk', 'polka'], licences: ['cc'] })
})

test('decades are in order of time, and pieces without a year are none', async () => {
	await render(Facets, { facets, filters: {}, publisherNames: new Map(), onchoose: vi.fn() })
	const names = page.getByRole('group', { name: 'Decade' }).getByRole('button').elements()
	expect(names.map((button) => button.textContent.replace(/\s+/g, ' ').trim())).toEqual(['2010s 4', '1980s 1'])
})

test('publishers have names where they are known', async () => {
	const [{ value } = { value: '' }] = facets.publishers
	await render(Facets, { facets, filters: {}, publisherNames: new Map([[value, 'Tidewater']]), onchoose: vi.fn() })
	await expect.element(chip('Publisher', 'Tidewater 9')).toBeVisible()
})

const wish: Wish = { id: 'a', text: 'tide', filters: { kinds: ['video'] }, createdMs: 0, newHits: 3, seenMs: 0 }

test('a standing search says what it is, what is new, and leads to its results', async () => {
	const onforget = vi.fn()
	const ontell = vi.fn()
	await render(Wishes, { wishes: [wish], telling: 'ask', ontell, onforget })
	const region = page.getByRole('region', { name: 'Standing searches' })
	await expect.element(region).toMatchTextContent(/tide kind:video/)
	await expect.element(region).toMatchTextContent(/3 new/)
	await expect.element(region.getByRole('link')).toHaveAttribute('href', '#/search?q=tide&f=kind:video&s=newest')
	await region.getByRole('button', { name: 'Stop listening for tide kind:video' }).click()
	expect(onforget).toHaveBeenCalledWith(wish)
	await region.getByRole('button', { name: 'Tell me of new ones' }).click()
	expect(ontell).toHaveBeenCalledOnce()
})

test('nobody is asked for leave to tell where there is nothing to tell of', async () => {
	await render(Wishes, { wishes: [], telling: 'ask', ontell: vi.fn(), onforget: vi.fn() })
	await expect.element(page.getByRole('button', { name: 'Tell me of new ones' })).not.toBeInTheDocument()
})
