import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { hashThroughWorker, Listening } from '../fixtures/listening.ts'
import { publishFolder } from '../fixtures/publishing.ts'
import { expect, test } from '../fixtures/test.ts'

const sha256 = async (path: string) => {
	const bytes = await readFile(path)
	return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length }
}

test('a folder is published from a tab to a node; a stranger connected by WebTransport hears, finds and plays it', async ({
	browser,
	openApp,
	kubo,
	media
}) => {
	test.setTimeout(180_000)
	const [publisherContext, strangerContext] = [await browser.newContext(), await browser.newContext()]
	const hubs = [kubo.addresses.webtransport]
	const stranger = await openApp(strangerContext, { hubs })
	await stranger.getByRole('link', { name: 'Search' }).first().click()

	const publisher = await openApp(publisherContext, { hubs })
	const { root } = await publishFolder(publisher, {
		folder: media.album,
		name: 'Ferry House',
		nodeRpc: kubo.rpcUrl
	})
	expect(await kubo.cli(['pin', 'ls', '--type=recursive', '-q'])).toContain(root)

	const track = media.albumTracks[1]
	const title = track?.title ?? ''
	const listening = new Listening(stranger)
	// "First Ferry", with a letter that is wrong.
	await listening.search('frist fery')
	await expect(listening.row(title)).toBeVisible({ timeout: 30_000 })
	await expect(listening.row(title)).toContainText('Ferry House')
	await listening
		.row(title)
		.getByRole('button', { name: `Play ${title}`, exact: true })
		.click()
	await listening.expectPlaying()

	const path = `${media.album}/${track?.name ?? ''}`
	const cid = await kubo.cli(['add', '-Q', '--only-hash', '--cid-version=1', path])
	expect(await hashThroughWorker(stranger, cid)).toEqual(await sha256(path))

	await listening.seekTo(0.7)
	await listening.expectEnded()
	await publisherContext.close()
	await strangerContext.close()
})

test('the folder that the tab makes is the one that Kubo makes of the same files', async ({
	page,
	openApp,
	kubo,
	media
}, testInfo) => {
	await openApp(page, { hubs: [kubo.addresses.webtransport] })
	const { root } = await publishFolder(page, { folder: media.album, name: 'Ferry House', nodeRpc: kubo.rpcUrl })
	const copy = testInfo.outputPath('publication')
	await kubo.cli(['get', root, '-o', copy])
	const again = await kubo.cli(['add', '-r', '-Q', '--hidden', '--only-hash', '--cid-version=1', copy])
	expect(again).toBe(root)
})

test('music that is in the publisher’s tab alone is played by a stranger over WebRTC', async ({
	browser,
	openApp,
	kubo,
	media
}) => {
	test.setTimeout(180_000)
	const [publisherContext, strangerContext] = [await browser.newContext(), await browser.newContext()]
	const hubs = [kubo.addresses.webtransport]
	const publisher = await openApp(publisherContext, { hubs })
	await publisher.getByRole('link', { name: 'Network' }).first().click()
	// A relay has given it an address by which other browsers reach it.
	await expect(publisher.getByRole('button', { name: 'Copy my address' })).toBeEnabled({ timeout: 30_000 })
	await publishFolder(publisher, { folder: media.album, name: 'Only Here' })

	const stranger = await openApp(strangerContext, { hubs })
	const title = media.albumTracks[3]?.title ?? ''
	const listening = new Listening(stranger)
	await listening.search(title)
	await expect(listening.row(title)).toBeVisible({ timeout: 60_000 })
	await listening
		.row(title)
		.getByRole('button', { name: `Play ${title}`, exact: true })
		.click()
	await listening.expectPlaying()
	await listening.expectEnded()

	const path = `${media.album}/${media.albumTracks[3]?.name ?? ''}`
	const cid = await kubo.cli(['add', '-Q', '--only-hash', '--cid-version=1', path])
	expect(await hashThroughWorker(stranger, cid)).toEqual(await sha256(path))
	const leaf = await kubo.cli(['ls', '--offline', cid]).catch((error: unknown) => String(error))
	expect(leaf).toMatch(/not found|could not find|offline/i)
	await publisherContext.close()
	await strangerContext.close()
})

test('a tab that opens later learns what was announced before', async ({ browser, openApp, kubo, media }) => {
	test.setTimeout(180_000)
	const hubs = [kubo.addresses.webtransport]
	const [early, late] = [await browser.newContext(), await browser.newContext()]
	const publisher = await openApp(early, { hubs })
	await publishFolder(publisher, { folder: media.album, name: 'Early Bird', nodeRpc: kubo.rpcUrl })

	const listening = new Listening(await openApp(late, { hubs }))
	await listening.search('gulls')
	await expect(listening.row('Gulls')).toBeVisible({ timeout: 60_000 })

	// And after a reload it is there with no network at all.
	await openApp(listening.page)
	await listening.search('gulls')
	await expect(listening.row('Gulls')).toBeVisible()
	await early.close()
	await late.close()
})
