import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { CarBlockIterator } from '@ipld/car'
import type { Page } from '@playwright/test'
import type { Kubo } from '../fixtures/kubo.ts'
import { Listening } from '../fixtures/listening.ts'
import { expect, test } from '../fixtures/test.ts'

const vector = (name: string) => fileURLToPath(new URL(`../fixtures/vectors/${name}`, import.meta.url))
const ANNOUNCE = '/antiphon/1/announce'

/** Which blocks a page asked its gateway for. Media are left out: they are read as CARs, ahead of the listener too. */
function watchBlocks(page: Page, gateway: string): string[] {
	const asked: string[] = []
	page.context().on('request', (request) => {
		const url = new URL(request.url())
		const cid = /^\/ipfs\/([^/]+)/.exec(url.pathname)?.[1]
		const isMedia = url.searchParams.get('format') === 'car'
		if (url.origin === gateway && cid !== undefined && !isMedia) asked.push(cid)
	})
	return asked
}

test('Kubo alone publishes: heard, found, played; then updated, and only what changed is fetched', async ({
	page,
	openApp,
	kubo
}) => {
	const announce = async (name: string) => {
		await kubo.cli(['pubsub', 'pub', ANNOUNCE, vector(name)])
	}
	await kubo.cli(['dag', 'import', vector('publication.car')])
	const asked = watchBlocks(page, kubo.gatewayUrl)
	await openApp(page, { hubs: [kubo.addresses.webtransport], gateways: [kubo.gatewayUrl] })
	const listening = new Listening(page)
	await expect.poll(() => kubo.cli(['pubsub', 'peers', ANNOUNCE])).not.toBe('')

	await expect(async () => {
		await announce('accept-first.announce.cbor')
		await listening.page.getByRole('link', { name: 'Search' }).first().click()
		await listening.search('spring')
		await expect(listening.row('Spring')).toBeVisible({ timeout: 4000 })
	}).toPass({ timeout: 60_000 })
	await listening.playFound('neap', 'Neap')
	await listening.expectPlaying(0.5)

	await kubo.cli(['dag', 'import', vector('publication-updated.car')])
	const sentBefore = await blocksSent(kubo)
	asked.length = 0
	await announce('accept-newer.announce.cbor')
	await listening.search('remaster')
	await expect(listening.row('Neap (remaster)')).toBeVisible({ timeout: 30_000 })
	await listening.search('slack water')
	await expect(listening.row('Slack Water')).toBeVisible()

	// The root, the folder `.antiphon`, the head and the page that changed are new, and nothing else is asked for again.
	const fresh = await freshBlocks()
	expect(asked.filter((cid) => !fresh.has(cid))).toEqual([])
	expect((await blocksSent(kubo)) - sentBefore).toBeLessThanOrEqual(fresh.size)
})

/** Blocks of the update that the first publication did not have. */
async function freshBlocks(): Promise<Set<string>> {
	const cids = async (name: string) => {
		const found: string[] = []
		for await (const { cid } of await CarBlockIterator.fromBytes(await readFile(vector(name))))
			found.push(cid.toString())
		return found
	}
	const old = new Set(await cids('publication.car'))
	return new Set((await cids('publication-updated.car')).filter((cid) => !old.has(cid)))
}

/** Blocks that the node gave to peers by bitswap so far. */
async function blocksSent(kubo: Kubo): Promise<number> {
	const said = await kubo.cli(['bitswap', 'stat'])
	return Number(/blocks sent: (\d+)/.exec(said)?.[1])
}
