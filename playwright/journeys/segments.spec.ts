import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFfmpeg } from '../../scripts/programs.mjs'
import { Listening } from '../fixtures/listening.ts'
import { makeSegments } from '../fixtures/segments.ts'
import { expect, test } from '../fixtures/test.ts'

test('segments in a folder are one title each, play and seek, and the gateway is never asked for media itself', async ({
	page,
	openApp,
	kubo,
	startLine
}) => {
	test.setTimeout(180_000)
	const folder = await makeSegments(findFfmpeg() ?? '')
	const root = await kubo.cli(['add', '-r', '-Q', '--cid-version=1', folder])
	const line = await startLine(kubo, { speed: { rttMs: 20, mbitPerS: 50 } })
	await openApp(page, { gateways: [line.origin], hash: `#/r/${root}` })
	const listening = new Listening(page)
	for (const title of ['Harbour', 'Ferry']) {
		await listening.playButton(title).first().click()
		await listening.expectPlaying()
		expect(await listening.durationS()).toBeCloseTo(90, 0)
		await listening.seekTo(0.4)
		await listening.expectPlaying()
		expect(await page.locator('video').evaluate((video: HTMLVideoElement) => video.videoWidth)).toBe(320)
	}
	for (const { path } of line.passed) expect(path).toMatch(/format=(?:car|raw|dag-json|ipns-record)/)
})

test('a playlist that names what lies elsewhere gets nothing from there', async ({ page, openApp, kubo, app }) => {
	const folder = await mkdtemp(join(tmpdir(), 'antiphon-hls-'))
	const lines = [
		'#EXTM3U',
		'#EXT-X-TARGETDURATION:4',
		'#EXTINF:4,',
		`${app.origin}/elsewhere.ts`,
		'#EXT-X-ENDLIST'
	]
	await writeFile(join(folder, 'show.m3u8'), lines.join('\n'))
	const root = await kubo.cli(['add', '-r', '-Q', '--cid-version=1', folder])
	const asked: string[] = []
	page.on('request', (request) => asked.push(request.url()))
	await openApp(page, { gateways: [kubo.gatewayUrl], hash: `#/r/${root}` })
	await new Listening(page).playButton('show').first().click()
	await expect(page.getByRole('region', { name: 'Player' }).getByRole('alert')).toBeVisible({ timeout: 60_000 })
	expect(asked.filter((url) => url.includes('elsewhere'))).toEqual([])
})
