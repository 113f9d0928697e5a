import { afterEach, expect, test } from 'vitest'
import { render } from 'vitest-browser-svelte'
import { page, userEvent } from 'vitest/browser'
import type { PublishResults, PublishStep } from '$lib/catalog/publishing'
import { AppError } from '$lib/errors'
import { aDraftEntry } from '$lib/state/publish.fixture'
import type { PublishDoors, PublishRun, RunOptions } from '$lib/state/publish-run'
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

const choose = () => userEvent.upload(page.getByTestId('files'), new File(['sound'], '04 final (2).flac'))

test('from files to a link, with a step that is tried again', async () => {
	const started: RunOptions[] = []
	await screen({ start: failingOnce(started) })
	await choose()
	const act = page.getByRole('button', { name: 'Publish', exact: true })
	await expect.element(act).toBeDisabled()
	await expect.element(page.getByText('Mend what is marked first.')).toBeVisible()

	const title = page.getByRole('textbox', { name: 'Title of 04 final (2).flac' })
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
	await page.getByRole('button', { name: 'Remove 04 final (2).flac' }).click()
	await expect.element(page.getByRole('heading', { name: /Drop a folder/ })).toBeVisible()
	await page.getByRole('button', { name: 'Undo' }).click()
	await expect.element(page.getByRole('textbox', { name: 'Title of 04 final (2).flac' })).toBeVisible()
})

test('publishing under a key that has published adds to it, unless it is to be replaced', async () => {
	const started: RunOptions[] = []
	await screen({ start: failingOnce(started) }, 12)
	await app.keys.create('Northing')
	await choose()
	await page.getByRole('combobox', { name: 'Key' }).selectOptions('Northing')
	await expect.element(page.getByText('This key has published 12 entries.')).toBeVisible()
	await expect.element(page.getByRole('radio', { name: /^Add to it/ })).toBeChecked()
	await page.getByRole('radio', { name: /^Replace it/ }).click()
	await userEvent.fill(page.getByRole('textbox', { name: 'Title of 04 final (2).flac' }), 'Night Mail')
	await userEvent.keyboard('{Tab}')
	await page.getByRole('button', { name: 'Publish', exact: true }).click()
	await expect.poll(() => started.map(({ join }) => join)).toEqual([false])
})

test('what another device published under the key is added to as well, though it was not heard here', async () => {
	await screen({ hasPublished: () => Promise.resolve(true) })
	await app.keys.create('Northing')
	await choose()
	await page.getByRole('combobox', { name: 'Key' }).selectOptions('Northing')
	await expect.element(page.getByText('This key has published before, from another device.')).toBeVisible()
	await expect.element(page.getByRole('radio', { name: /^Add to it/ })).toBeChecked()
	await expect.element(page.getByRole('radio', { name: /^Replace it All of it leaves/ })).toBeVisible()
})

test('an own node without an address holds back publishing and says why', async () => {
	await screen()
	await choose()
	await userEvent.fill(page.getByRole('textbox', { name: 'Title of 04 final (2).flac' }), 'Night Mail')
	await userEvent.fill(page.getByRole('textbox', { name: 'Name that others see' }), 'Mira Sól')
	await page.getByRole('checkbox', { name: /^Your own Kubo node/ }).click()
	await expect.element(page.getByText(/^Give the address of your node/)).toBeVisible()
	await userEvent.fill(page.getByRole('textbox', { name: 'Address of its RPC' }), '127.0.0.1:5001')
	await userEvent.keyboard('{Tab}')
	await expect.element(page.getByRole('button', { name: 'Publish', exact: true })).toBeEnabled()
	expect(app.settings.stored.nodeRpc).toBe('http://127.0.0.1:5001')
})

test('chosen rows are changed at once, filled from their paths, and each step is undone', async () => {
	await screen()
	const names = ['Mira Sól - Stamp.flac', 'Mira Sól - Post.flac', 'Other - Away.flac']
	await userEvent.upload(
		page.getByTestId('files'),
		names.map((name) => new File([name], name))
	)
	for (const name of names.slice(0, 2)) await page.getByRole('checkbox', { name: `Choose ${name}` }).click()
	await page.getByRole('button', { name: 'Fill from path' }).click()
	await userEvent.fill(page.getByRole('combobox', { name: 'Pattern of the path' }), '{artist} - {name}')
	await page.getByRole('button', { name: 'Fill', exact: true }).click()
	await expect.element(page.getByRole('alert').filter({ hasText: 'There is no {name}.' })).toBeVisible()
	await userEvent.fill(page.getByRole('combobox', { name: 'Pattern of the path' }), '{artist} - {title}')
	await page.getByRole('button', { name: 'Fill', exact: true }).click()
	await expect.element(page.getByRole('textbox', { name: 'Title of Stamp' })).toHaveValue('Stamp')
	await expect.element(page.getByRole('textbox', { name: `Title of ${names[2] ?? ''}` })).toHaveValue('')

	await page.getByRole('combobox', { name: 'Same for those chosen' }).selectOptions('Licence')
	await userEvent.fill(page.getByRole('textbox', { name: 'Value' }), 'as you like')
	await page.getByRole('button', { name: 'Give it to 2 rows' }).click()
	await expect.element(page.getByText(/^An SPDX id such as/)).toBeVisible()
	await userEvent.fill(page.getByRole('textbox', { name: 'Value' }), 'CC0-1.0')
	await page.getByRole('button', { name: 'Give it to 2 rows' }).click()
	expect(app.publish.entries.map(({ licence }) => licence)).toEqual(['CC0-1.0', 'CC0-1.0', ''])
	await page.getByRole('button', { name: 'Undo' }).click()
	await page.getByRole('button', { name: 'Undo' }).click()
	expect(app.publish.entries.map(({ licence, title }) => licence + title)).toEqual(['', '', ''])
})

test('files that tell where they were made are shown, and published without it', async () => {
	const started: RunOptions[] = []
	const patches = [{ at: 0, bytes: new Uint8Array(2) }]
	await screen({
		start: failingOnce(started),
		read: (files) =>
			Promise.resolve({
				name: '',
				about: '',
				licence: '',
				entries: files.map((file) =>
					aDraftEntry({ ...file, location: { patches, place: { latitude: 48.8577, longitude: -2.295 } } })
				),
				others: []
			})
	})
	await choose()
	await expect.element(page.getByText('1 file tells where it was made.')).toBeVisible()
	await page.getByText('Show them').click()
	await expect.element(page.getByText('48.8577, -2.295')).toBeVisible()
	await userEvent.fill(page.getByRole('textbox', { name: 'Name that others see' }), 'Mira Sól')
	await page.getByRole('button', { name: 'Publish', exact: true }).click()
	await expect.poll(() => started[0]?.draft.entries[0]?.patches).toEqual(patches)
})

test('loudness that is missing is measured by itself, also of the album', async () => {
	await screen({
		read: (files) =>
			Promise.resolve({
				name: '',
				about: '',
				licence: '',
				entries: files.map((file) => aDraftEntry({ ...file })),
				others: []
			}),
		measure: () =>
			Promise.resolve({ blocks: new Float32Array([1]), peak: 0.5, waveform: new Uint8Array([1, 2, 3]) }),
		gainOf: (blocks) => Promise.resolve(-blocks.length)
	})
	await userEvent.upload(
		page.getByTestId('files'),
		['a.flac', 'b.flac'].map((name) => new File([name], name))
	)
	await expect.element(page.getByText('The loudness of 2 songs was measured.')).toBeVisible()
	expect(app.publish.entries.map(({ gain }) => gain)).toEqual([
		{ track: -1, trackPeak: 0.5, album: -2, albumPeak: 0.5 },
		{ track: -1, trackPeak: 0.5, album: -2, albumPeak: 0.5 }
	])
})

test('none of the own playlists goes along but those that are ticked, and a change of them begins anew', async () => {
	const started: RunOptions[] = []
	await screen({ start: failingOnce(started) })
	const lists = ['Winter', 'Summer'].map((title) => app.library.createPlaylist(title, []))
	await choose()
	await page.getByText('Playlists that go along: none').click()
	await page.getByRole('checkbox', { name: /^Summer/ }).click()
	await expect.element(page.getByText('Playlists that go along: 1')).toBeVisible()
	await userEvent.fill(page.getByRole('textbox', { name: 'Title of 04 final (2).flac' }), 'Stamp, Unfranked')
	await userEvent.keyboard('{Tab}')
	await userEvent.fill(page.getByRole('textbox', { name: 'Name that others see' }), 'Mira Sól')
	await page.getByRole('button', { name: 'Publish', exact: true }).click()
	await expect.poll(() => started.map(({ playlists }) => playlists)).toEqual([[lists[1]?.id]])
	await page.getByRole('checkbox', { name: /^Winter/ }).click()
	await page.getByRole('button', { name: 'Publish', exact: true }).click()
	await expect
		.poll(() => started.map(({ playlists }) => playlists))
		.toEqual([[lists[1]?.id], [lists[1]?.id, lists[0]?.id]])
})
