import { expectWhole, Listening } from '../fixtures/listening.ts'
import { expect, test } from '../fixtures/test.ts'

test('a guest with nothing but a gateway opens a root, plays it, seeks and hears it to its end', async ({
	page,
	openApp,
	kubo,
	media
}) => {
	const said = await kubo.cli(['add', '-r', '-Q', '--cid-version=1', media.album])
	const root = said.trim()
	await openApp(page, { gateways: [kubo.gatewayUrl], hash: `#/r/${root}` })
	const listening = new Listening(page)
	const [first] = media.albumTracks
	const title = first?.title ?? ''
	await listening.playButton(title).first().click()
	await listening.expectPlaying()
	await listening.seekTo(0.5)
	await listening.expectPlaying()

	const cid = await kubo.cli([
		'add',
		'-Q',
		'--only-hash',
		'--cid-version=1',
		`${media.album}/${first?.name ?? ''}`
	])
	await expectWhole(page, cid, `${media.album}/${first?.name ?? ''}`)
})

test('a link to one file opens with no publisher heard of', async ({ page, openApp, kubo, media }) => {
	const cid = await kubo.cli(['add', '-Q', '--cid-version=1', media.mp3])
	await openApp(page, { gateways: [kubo.gatewayUrl], hash: `#/e/${cid}?t=20` })
	const listening = new Listening(page)
	await page.getByRole('button', { name: /^Play/ }).and(page.locator('main *')).first().click()
	await listening.expectPlaying()
	expect(await listening.seconds()).toBeGreaterThanOrEqual(20)
})

test('nothing that the gateway lacks is waited for without end: it is said who was asked', async ({
	page,
	openApp,
	kubo
}) => {
	const nowhere = 'bafybeihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'
	test.setTimeout(120_000)
	await openApp(page, { gateways: [kubo.gatewayUrl], hash: `#/r/${nowhere}` })
	await expect(page.getByRole('alert')).toBeVisible({ timeout: 90_000 })
	await expect(page.getByRole('button', { name: /try again|ask again/i })).toBeVisible()
})
