import { afterEach, beforeEach, expect, test } from 'vitest'
import { render } from 'vitest-browser-svelte'
import { page, userEvent } from 'vitest/browser'
import { aPeer, aStatus } from '$lib/state/network.fixture'
import { givenApp } from '../doing.fixture'
import Doing from '../doing.fixture.svelte'
import Network from './+page.svelte'

const HUB = '/dns4/hub.example/tcp/443/wss/p2p/12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA'
let app: Awaited<ReturnType<typeof givenApp>>

beforeEach(async () => {
	app = await givenApp()
	await render(Doing, { screen: Network, given: app })
})

afterEach(async () => {
	await app.end()
})

test('the first words say how one stands to the others', async () => {
	const heading = page.getByRole('heading', { level: 1 })
	await expect.element(heading).toHaveTextContent('Looking for others asking hubs and routers')
	app.leader.say(aStatus())
	await expect.element(heading).toHaveTextContent('Gateways only 4 gateways asked')
	app.leader.say(aStatus({ peers: [aPeer()], addresses: [`${HUB}/p2p-circuit/webrtc`] }), 'follower')
	await expect.element(heading).toHaveTextContent('You can be reached 1 peer, 0 hubs')
	await expect.element(page.getByText(/Another tab of this browser holds the connections/)).toBeVisible()
	await expect.element(page.getByRole('button', { name: 'Copy my address' })).toBeEnabled()
})

test('a hub with a part missing says which, and a whole one is dialled', async () => {
	app.leader.say(aStatus())
	await page.getByRole('button', { name: 'Add a hub' }).click()
	const field = page.getByRole('textbox', { name: 'Hub address' })
	await userEvent.fill(field, '/dns4/hub.example')
	await userEvent.keyboard('{Enter}')
	await expect
		.element(page.getByRole('alert').filter({ hasText: 'This lacks the part after the name' }))
		.toBeVisible()
	await userEvent.fill(field, HUB)
	await userEvent.keyboard('{Enter}')
	await expect.element(page.getByText('hub.example is being dialled.')).toBeVisible()
	await expect.poll(() => app.leader.calls).toContainEqual(['addHub', HUB])
	expect(app.settings.stored.hubs).toEqual([HUB])
})

test('a silent hub is dialled again by its button', async () => {
	app.leader.say(
		aStatus({ hubs: [{ address: HUB, from: 'configured', state: 'failed', relays: false, reason: 'refused' }] })
	)
	await expect.element(page.getByText('Silent')).toBeVisible()
	await page.getByRole('button', { name: 'Dial hub.example now' }).click()
	await expect.poll(() => app.leader.calls).toContainEqual(['dial', HUB])
})
