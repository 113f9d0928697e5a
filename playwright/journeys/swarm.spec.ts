import { createHash, randomBytes } from 'node:crypto'
import type { Browser, BrowserContext, Page } from '@playwright/test'
import type { AppQuery } from '../fixtures/app.ts'
import type { Kubo } from '../fixtures/kubo.ts'
import { hashThroughWorker } from '../fixtures/listening.ts'
import { expect, test } from '../fixtures/test.ts'

type OpenApp = (where: Page | BrowserContext, query?: AppQuery) => Promise<Page>

const ADD = ['add', '-Q', '--cid-version=1', '--raw-leaves', '--chunker=size-262144']
const BLOCK_BYTES = 262_144

/** A file that only this node holds. */
async function aFile(node: Kubo, blocks: number) {
	const data = randomBytes(blocks * BLOCK_BYTES)
	const cid = await node.cli(ADD, { stdin: data })
	return { cid, bytes: data.length, sha256: createHash('sha256').update(data).digest('hex') }
}

/** A tab behind the hub that has read these bytes of a file from the node, which is its only gateway, into its own store. */
async function aHolder(
	{ browser, openApp, hub }: { browser: Browser; openApp: OpenApp; hub: Kubo },
	source: Kubo,
	cid: string,
	from: number,
	to: number
): Promise<Page> {
	const context = await browser.newContext()
	const page = await openApp(context, {
		hubs: [hub.addresses.webtransport],
		gateways: [source.gatewayUrl],
		hash: '#/network'
	})
	const read = await page.evaluate(
		async ({ cid, from, to }) => {
			const range = { range: `bytes=${String(from)}-${String(to)}` }
			const response = await fetch(new URL(`ipfs/${cid}`, document.baseURI), { headers: range })
			return (await response.arrayBuffer()).byteLength
		},
		{ cid, from, to }
	)
	expect(read).toBe(to - from + 1)
	// a relay has given it an address by which other browsers reach it
	await expect(page.getByRole('button', { name: 'Copy my address' })).toBeEnabled({ timeout: 30_000 })
	return page
}

async function limitUpload(page: Page, choice: string): Promise<void> {
	await page.getByRole('link', { name: 'Settings' }).first().click()
	await page.getByRole('combobox', { name: 'Send to others at the most' }).selectOption(choice)
}

test('a file that three tabs hold a third of each, and nobody else, is read whole by a fourth', async ({
	browser,
	openApp,
	kubo: hub,
	startKubo
}, testInfo) => {
	test.setTimeout(240_000)
	const source = await startKubo()
	const file = await aFile(source, 24)
	const third = file.bytes / 3
	const holders: Page[] = []
	for (const i of [0, 1, 2]) {
		holders.push(await aHolder({ browser, openApp, hub }, source, file.cid, i * third, (i + 1) * third - 1))
	}
	await source.stop()

	const context = await browser.newContext()
	const page = await openApp(context, { hubs: [hub.addresses.webtransport], hash: '#/network' })
	const startMs = Date.now()
	await expect(async () => {
		expect(await hashThroughWorker(page, file.cid)).toEqual({ sha256: file.sha256, bytes: file.bytes })
	}).toPass({ timeout: 90_000 })
	testInfo.annotations.push({ type: 'whole file after', description: `${String(Date.now() - startMs)} ms` })
	for (const each of [page, ...holders]) await each.context().close()
})

test('a tab that gives no more than it may is left mid-block for another: every byte is right', async ({
	browser,
	openApp,
	kubo: hub,
	startKubo
}) => {
	test.setTimeout(240_000)
	const source = await startKubo()
	const file = await aFile(source, 24)
	const holders: Page[] = []
	for (let i = 0; i < 2; i++) {
		const page = await aHolder({ browser, openApp, hub }, source, file.cid, 0, file.bytes - 1)
		await limitUpload(page, '500000')
		holders.push(page)
	}
	await source.stop()

	const context = await browser.newContext()
	const page = await openApp(context, { hubs: [hub.addresses.webtransport], hash: '#/network' })
	const startMs = Date.now()
	const reading = page.evaluate(
		async ({ cid }) => {
			const read = async () => {
				const response = await fetch(new URL(`ipfs/${cid}`, document.baseURI))
				if (!response.ok || !response.body) return undefined
				const parts: Uint8Array<ArrayBuffer>[] = []
				for (const reader = response.body.getReader(); ;) {
					const { done, value } = await reader.read()
					if (done) break
					parts.push(value)
					document.documentElement.dataset.read = String(parts.reduce((sum, part) => sum + part.byteLength, 0))
				}
				const digest = await crypto.subtle.digest('SHA-256', await new Blob(parts).arrayBuffer())
				return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
			}
			for (let attempt = 0; attempt < 20; attempt++) {
				const digest = await read().catch(() => undefined)
				if (digest !== undefined) return digest
				await new Promise((resolve) => setTimeout(resolve, 1_000))
			}
			return 'never'
		},
		{ cid: file.cid }
	)
	const html = page.locator('html')
	await expect
		.poll(async () => Number((await html.getAttribute('data-read')) ?? 0), { timeout: 60_000 })
		.toBeGreaterThan(file.bytes / 6)
	await holders[0]?.context().close()
	expect(await reading).toBe(file.sha256)
	// two that give half a megabyte a second, one of them for a part of the time
	expect(Date.now() - startMs).toBeGreaterThan((file.bytes / 1_000_000) * 1000 * 0.6)
	await context.close()
	await holders[1]?.context().close()
})
