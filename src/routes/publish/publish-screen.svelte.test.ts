import { afterEach, expect, test } from 'vitest'
import { render } from 'vitest-browser-svelte'
import { page, userEvent } from 'vitest/browser'
import type { PublishResults, PublishStep } from '$lib/catalog/publishing'
import { AppError } from '$lib/errors'
import { aDraftEntry } from '$lib/state/publish.fixture'
import type { PublishDoors, PublishRun, RunOptions } from '$lib/state/publish.svelte'
import { givenApp } from '../doing.fixture'
import Doing from '../doing.fixture.svelte'
import Publish from './+page.svelte'

const NAMES = ['build', 'send', 'sign', 'name', 'announce'] as const
const ROOT = 'bafkreidm4my3k2nzdw24oforaqmir7mmctzzvfc5zxk63guwjx5nia3iau'
let app: Awaited<ReturnType<typeof givenApp>>

afterEach(async () => {
	await app.end()
})

/** Sending fails the first time. */
function failingOnce(started: RunOptions[]): PublishDoors['start'] {
	return (options) => {
		started.push(options)
		let tries = 0
		const run: { -readonly [K in keyof PublishRun]: PublishRun[K] } = {
			steps: [],
			results: { name: options.name },
			run() {
				const fails = tries++ === 0
				const error = new AppError('unreachable', 'gone', { detail: 'The node is asleep.' })
				const states: Record<string, PublishStep['state']> = fails
					? { build: 'done', send: 'failed' }
					: Object.fromEntries(NAMES.map((name) => [name, 'done']))
				run.steps = NAMES.map((name) => ({
					name,
					state: states[name] ?? 'waiting',
					...(states[name] === 'failed' && { error })
				}))
				if (fails) return Promise.reject(error)
				run.results = { ...run.results, root: ROOT, entries: 1, sizeBytes: 5, peers: 2 }
				return Promise.resolve<PublishResults>(run.results)
			}
		}
		return Promise.resolve(run)
	}
}

async function screen(doors: Partial<PublishDoors> = {}, published = 0) {
	app = await givenApp({
		doors: {
			read: (files) =>
				Promise.resolve({
					name: '',
					about: '',
					licence: '',
					entries: files.map(({ path, file }) => aDraftEntry({ path, file, title: '', durationMs: 1000 })),
					others: []
				}),
			...doors
		},
		...(published > 0 && { published: { entries: published, displayName: 'Northing' } })
	})
	await render(Doing, { screen: Publish, given: app })
}

const choose = () => userEvent.upload(page.getByTestId('files'), new File(['sound'], '04_final(2).flac'))

test('from files to a link, with a step that is tried again', async () => {
	const started: RunOptions[] = []
	await screen({ start: failingOnce(started) })
	await choose()
	const act = page.getByRole('button', { name: 'Publish', exact: true })
	await expect.element(act).toBeDisabled()
	await expect.element(page.getByText('Mend what is marked first.')).toBeVisible()

	const title = page.getByRole('textbox', { name: 'Title of 04_final(2).flac' })
	await expect.element(title).toHaveAccessibleDescription(/Needs a title/)
	await userEvent.fill(title, 'Night Mail')
	await userEvent.keyboard('{Tab}')
	await expect.element(page.getByText('Give a name that others see.')).toBeVisible()
	await userEvent.fill(page.getByRole('textbox', { name: 'Name that others see' }), 'Mira Sól')
	await act.click()

	await expect.element(page.getByRole('alert').filter({ hasText: 'It does not answer.' })).toBeVisible()
	await expect.element(page.getByText('The node is asleep.')).toBeVisible()
	await page.getByRole('button', { name: 'Try again' }).click()
	await expect.element(page.getByRole('heading', { name: 'Announced 2 peers heard it' })).toBeVisible()
	const [key] = app.keys.keys
	await expect
		.element(page.getByRole('link', { name: /#\/u\// }))
		.toHaveAttribute('href', `${location.origin}${location.pathname}#/u/${key?.name ?? ''}`)
	await expect.element(page.getByRole('link', { name: /#\/r\// })).toBeVisible()
	expect(started).toHaveLength(1)
	expect(started[0]?.draft).toMatchObject({ name: 'Mira Sól', entries: [{ title: 'Night Mail' }] })
})

test('a row that was left out comes back with Undo', async () => {
	await screen()
	await choose()
	await page.getByRole('button', { name: 'Remove 04_final(2).flac' }).click()
	await expect.element(page.getByRole('heading', { name: /Drop a folder/ })).toBeVisible()
	await page.getByRole('button', { name: 'Undo' }).click()
	await expect.element(page.getByRole('textbox', { name: 'Title of 04_final(2).flac' })).toBeVisible()
})

test('publishing under a key that has published says what it replaces', async () => {
	await screen({}, 12)
	await app.keys.create('Northing')
	await choose()
	await expect
		.element(page.getByText(/This key has published 12 entries\. Publishing again/))
		.not.toBeInTheDocument()
	await page.getByRole('combobox', { name: 'Key' }).selectOptions('Northing')
	await expect.element(page.getByText(/This key has published 12 entries\. Publishing again/)).toBeVisible()
})

test('an own node without an address holds back publishing and says why', async () => {
	await screen()
	await choose()
	await userEvent.fill(page.getByRole('textbox', { name: 'Title of 04_final(2).flac' }), 'Night Mail')
	await userEvent.fill(page.getByRole('textbox', { name: 'Name that others see' }), 'Mira Sól')
	await page.getByRole('radio', { name: /^Your own Kubo node/ }).click()
	await expect.element(page.getByText(/^Give the address of your node/)).toBeVisible()
	await userEvent.fill(page.getByRole('textbox', { name: 'Address of its RPC' }), '127.0.0.1:5001')
	await userEvent.keyboard('{Tab}')
	await expect.element(page.getByRole('button', { name: 'Publish', exact: true })).toBeEnabled()
	expect(app.settings.stored.nodeRpc).toBe('http://127.0.0.1:5001')
})
