import { afterEach, expect, test } from 'vitest'
import { render } from 'vitest-browser-svelte'
import { page, userEvent } from 'vitest/browser'
import type { CheckLine, PlaceToCheck } from '$lib/state/place-check'
import type { NewPlace } from '$lib/state/places.svelte'
import { givenApp } from '../doing.fixture'
import Doing from '../doing.fixture.svelte'
import PlaceWizard from '../PlaceWizard.svelte'
import Settings from './+page.svelte'

let app: Awaited<ReturnType<typeof givenApp>> | undefined

afterEach(async () => {
	await app?.end()
	app = undefined
})

async function wizard(lines: readonly CheckLine[], refused = false) {
	const added: NewPlace[] = []
	await render(PlaceWizard, {
		check: (_: PlaceToCheck, __: AbortSignal, onchange: (now: readonly CheckLine[]) => void) => {
			onchange(lines)
			return Promise.resolve(lines.every(({ state }) => state === 'ok'))
		},
		onadd: (place: NewPlace) => {
			added.push(place)
			return Promise.resolve()
		},
		onclose: () => undefined,
		refused,
		pageOrigin: 'https://library.example'
	})
	return added
}

test('a place that answers well is added with its key, without the space that a paste brings', async () => {
	const added = await wizard([{ step: 'key', state: 'ok' }])
	await userEvent.fill(page.getByLabelText('Key', { exact: true }), ' eyJh.a.b ')
	await page.getByRole('button', { name: 'Test and add' }).click()
	expect(added).toEqual([{ kind: 'pinata', label: 'Pinata', endpoint: '', token: 'eyJh.a.b' }])
})

test('what is wrong is said with what to do, and it can be added all the same', async () => {
	const added = await wizard([
		{ step: 'address', state: 'ok' },
		{ step: 'answers', state: 'ok' },
		{ step: 'page', state: 'failed', advice: 'cors' }
	])
	await page.getByRole('radio', { name: /Kubo node or Filebase/ }).click()
	await userEvent.fill(page.getByRole('textbox', { name: 'Its address' }), 'http://127.0.0.1:5001')
	await page.getByRole('button', { name: 'Test and add' }).click()
	await expect.element(page.getByRole('alert').filter({ hasText: 'does not let this page in' })).toBeVisible()
	await expect
		.element(page.getByText(/Access-Control-Allow-Origin '\["https:\/\/library\.example"\]'/))
		.toBeVisible()
	expect(added).toEqual([])
	await page.getByRole('button', { name: 'Add it all the same' }).click()
	expect(added).toMatchObject([{ kind: 'kubo', endpoint: 'http://127.0.0.1:5001', label: '127.0.0.1:5001' }])
})

test('known services fill in their address', async () => {
	await wizard([])
	await page.getByRole('radio', { name: /Pinning service/ }).click()
	await page.getByRole('button', { name: 'Filebase' }).click()
	await expect
		.element(page.getByRole('textbox', { name: 'Its address' }))
		.toHaveValue('https://api.filebase.io/v1/ipfs')
})

test('on a shared origin no key can be given', async () => {
	await wizard([], true)
	await expect.element(page.getByRole('alert').filter({ hasText: 'other sites can read' })).toBeVisible()
	await expect.element(page.getByLabelText('Key', { exact: true })).toBeDisabled()
})

test('a key goes to paper and back, and all of them to a file', async () => {
	app = await givenApp({})
	await render(Doing, { screen: Settings, given: app })
	const { name } = await app.keys.create('Northing')
	await page.getByRole('button', { name: 'Show the words of Northing' }).click()
	expect(document.querySelectorAll('.words li')).toHaveLength(0)
	await page.getByRole('button', { name: 'Show them now' }).click()
	await expect.poll(() => document.querySelectorAll('.words li').length).toBe(24)
	const words = [...document.querySelectorAll('.words li')].map((word) => word.textContent).join(' ')
	await page.getByRole('button', { name: 'Close' }).click()
	await app.keys.remove(name)
	await page.getByRole('button', { name: 'Bring a key by its words' }).click()
	await userEvent.fill(page.getByRole('textbox', { name: 'Bring a key by its words' }), words.slice(5))
	await page.getByRole('button', { name: 'Bring the keys' }).click()
	await expect.element(page.getByRole('alert').filter({ hasText: 'not the words of a key' })).toBeVisible()
	await userEvent.fill(page.getByRole('textbox', { name: 'Bring a key by its words' }), words)
	await page.getByRole('button', { name: 'Bring the keys' }).click()
	await expect.poll(() => app?.keys.keys.map((key) => key.name)).toEqual([name])
})

test('a passphrase locks the keys, and opens them again', async () => {
	app = await givenApp({})
	await render(Doing, { screen: Settings, given: app })
	await app.keys.create('Northing')
	await page.getByRole('button', { name: 'Set a passphrase' }).click()
	const dialog = page.getByRole('dialog')
	await userEvent.fill(dialog.getByLabelText('Passphrase', { exact: true }), 'short')
	await dialog.getByRole('button', { name: 'Set a passphrase' }).click()
	await expect.element(dialog.getByRole('alert')).toHaveTextContent('At least 8 letters.')
	await userEvent.fill(dialog.getByLabelText('Passphrase', { exact: true }), 'correct horse')
	await userEvent.fill(dialog.getByLabelText('Once more'), 'correct horse')
	await dialog.getByRole('button', { name: 'Set a passphrase' }).click()
	await page.getByRole('button', { name: 'Lock now' }).click()
	await expect.element(page.getByText('Your keys are locked.')).toBeVisible()
	await expect.element(page.getByRole('button', { name: 'Save a copy of Northing' })).toBeDisabled()
	await userEvent.fill(page.getByLabelText('Passphrase', { exact: true }), 'wrong horse')
	await page.getByRole('button', { name: 'Unlock' }).click()
	await expect.element(page.getByRole('alert').filter({ hasText: 'This is not the passphrase.' })).toBeVisible()
	await userEvent.fill(page.getByLabelText('Passphrase', { exact: true }), 'correct horse')
	await page.getByRole('button', { name: 'Unlock' }).click()
	await expect.element(page.getByRole('button', { name: 'Save a copy of Northing' })).toBeEnabled()
})
