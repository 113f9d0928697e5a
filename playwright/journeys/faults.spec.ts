import { startFaultyGateway, type Fault } from '../fixtures/faulty-gateway.ts'
import { expectWhole, Listening } from '../fixtures/listening.ts'
import { expect, test } from '../fixtures/test.ts'

const FAULTS: readonly Fault[] = [
	'wrong-bytes',
	'truncates',
	'stalls',
	'never-answers',
	'status-429',
	'status-500'
]

for (const fault of FAULTS) {
	test(`a gateway that is asked first and is faulty (${fault}) is passed over: every byte is right`, async ({
		page,
		openApp,
		kubo,
		media
	}) => {
		const cid = await kubo.cli(['add', '-Q', '--cid-version=1', media.mp3])
		const bad = await startFaultyGateway(kubo.gatewayUrl, fault)
		try {
			await openApp(page, { gateways: [bad.origin, kubo.gatewayUrl], hash: `#/e/${cid}` })
			const listening = new Listening(page)
			await page.getByRole('main').getByRole('button', { name: /^Play/ }).first().click()
			await listening.expectPlaying()
			await expectWhole(page, cid, media.mp3)
			expect(bad.asked.length).toBeGreaterThan(0)
		} finally {
			await bad.close()
		}
	})
}

test('with only a lying gateway nothing is played, and the listener is told', async ({
	page,
	openApp,
	kubo,
	media
}) => {
	const cid = await kubo.cli(['add', '-Q', '--cid-version=1', media.mp3])
	const bad = await startFaultyGateway(kubo.gatewayUrl, 'honest')
	try {
		await openApp(page, { gateways: [bad.origin], hash: `#/e/${cid}` })
		const main = page.getByRole('main')
		await expect(main.getByRole('button', { name: /^Play/ }).first()).toBeVisible()
		bad.fault = 'wrong-bytes'
		await main.getByRole('button', { name: /^Play/ }).first().click()
		await expect(
			page
				.getByRole('alert')
				.or(page.getByRole('status'))
				.filter({ hasText: /wrong|answering/i })
				.first()
		).toBeVisible({
			timeout: 60_000
		})
		expect(await new Listening(page).seconds()).toBe(0)
	} finally {
		await bad.close()
	}
})

test('the leading tab closes while another plays: playback goes on, and the other leads', async ({
	context,
	openApp,
	kubo,
	media
}) => {
	const cid = await kubo.cli(['add', '-Q', '--cid-version=1', media.mp3])
	const network = { hubs: [kubo.addresses.webtransport] }
	const leader = await openApp(context, network)
	await expect.poll(() => kubo.cli(['pubsub', 'peers', '/antiphon/1/announce'])).not.toBe('')

	const page = await openApp(context, { ...network, hash: `#/e/${cid}` })
	const listening = new Listening(page)
	await page.getByRole('main').getByRole('button', { name: /^Play/ }).first().click()
	await listening.expectPlaying()

	await leader.close()
	await expect
		.poll(() =>
			page.evaluate(async () =>
				(await navigator.locks.query()).held?.some((lock) => lock.name === 'antiphon-peer')
			)
		)
		.toBe(true)
	await listening.expectPlaying(2)
	// What was not fetched yet comes by the new leader's peer: there is no gateway here.
	await listening.seekTo(0.9)
	await listening.expectPlaying()
})

test('the service worker is stopped while it plays: playback goes on', async ({
	page,
	openApp,
	kubo,
	media,
	browser
}) => {
	const cid = await kubo.cli(['add', '-Q', '--cid-version=1', media.mp3])
	await openApp(page, { gateways: [kubo.gatewayUrl], hash: `#/e/${cid}` })
	const listening = new Listening(page)
	await page.getByRole('main').getByRole('button', { name: /^Play/ }).first().click()
	await listening.expectPlaying()

	const devtools = await browser.newBrowserCDPSession()
	const { targetInfos } = await devtools.send('Target.getTargets')
	const worker = targetInfos.find(
		({ type, url }) => type === 'service_worker' && url.startsWith(new URL(page.url()).origin)
	)
	expect(worker).toBeDefined()
	const session = await page.context().newCDPSession(page)
	await session.send('ServiceWorker.enable')
	await session.send('ServiceWorker.stopAllWorkers')

	await listening.expectPlaying(2)
	await listening.seekTo(0.8)
	await listening.expectPlaying()
})
