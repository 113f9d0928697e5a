import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import type { Kubo } from '../fixtures/kubo.ts'
import { hashThroughWorker, Listening } from '../fixtures/listening.ts'
import { bufferedEndS, goTo, isStarved, notePlaying } from '../fixtures/note-playing.ts'
import type { Line } from '../fixtures/shaping-line.ts'
import type { LineFault } from '../fixtures/shaping-proxy.ts'
import { expect, test } from '../fixtures/test.ts'

/*
 * What happens to a file of which a small part is here: the line is slow, and stands still while the player comes to the end of
 * what it holds. Then something goes wrong, and it must go on past that end.
 */

test.setTimeout(150_000)

/** Four times what the sound has. */
const SLOW = { rttMs: 20, mbitPerS: 0.5 }
/** Not a block in the time of a test. */
const STANDING_MBIT_PER_S = 0.004
const QUICK_MBIT_PER_S = 16

test.beforeEach(async ({ context }) => {
	await context.addInitScript(notePlaying)
})

/** In blocks of 4 s of sound each. */
const addInSmallBlocks = (kubo: Kubo, path: string) =>
	kubo.cli(['add', '-Q', '--cid-version=1', '--chunker=size-65536', path])

const setRates = (lines: readonly { line: Line }[], mbitPerS: number) => {
	for (const { line } of lines) line.mbitPerS = mbitPerS
}

async function play(page: Page): Promise<Listening> {
	await page.getByRole('main').getByRole('button', { name: /^Play/ }).first().click()
	const listening = new Listening(page)
	await listening.expectPlaying()
	return listening
}

/**
 * Plays the last seconds of what is here while nothing more comes.
 * @returns the second up to which it is here; most of the file is not
 */
async function playToTheEdge(listening: Listening, lines: readonly { line: Line }[]): Promise<number> {
	setRates(lines, STANDING_MBIT_PER_S)
	const heldS = await bufferedEndS(listening.page)
	expect(heldS + 10, 'most of it is still to come').toBeLessThan(await listening.durationS())
	await goTo(listening.page, heldS - 3)
	return heldS
}

/** Waits until it plays what was not here, and then what nobody has sent yet. */
async function expectGoingOn(listening: Listening, heldS: number): Promise<void> {
	await expect.poll(() => listening.seconds(), { timeout: 60_000 }).toBeGreaterThan(heldS + 1)
	await listening.seekTo(0.9)
	await listening.expectPlaying()
}

async function expectEqual(page: Page, cid: string, path: string): Promise<void> {
	const file = await readFile(path)
	expect(await hashThroughWorker(page, cid)).toEqual({
		sha256: createHash('sha256').update(file).digest('hex'),
		bytes: file.length
	})
}

test('the worker is stopped while most of a file is still to come: it goes on, and every byte is right', async ({
	page,
	openApp,
	kubo,
	media,
	startLine
}) => {
	const cid = await addInSmallBlocks(kubo, media.long)
	const line = await startLine(kubo, { speed: SLOW })
	await openApp(page, { gateways: [line.origin], hash: `#/e/${cid}` })
	const listening = await play(page)
	const heldS = await playToTheEdge(listening, [line])

	const devtools = await page.context().newCDPSession(page)
	await devtools.send('ServiceWorker.enable')
	await devtools.send('ServiceWorker.stopAllWorkers')
	setRates([line], QUICK_MBIT_PER_S)

	await expectGoingOn(listening, heldS)
	await expectEqual(page, cid, media.long)
})

test('the leading tab closes while another plays from a peer alone: it goes on by a peer of its own', async ({
	context,
	openApp,
	kubo,
	media,
	startPeerLine
}) => {
	const cid = await addInSmallBlocks(kubo, media.long)
	const { line, multiaddr } = await startPeerLine(kubo, SLOW)
	const leader = await openApp(context, { hubs: [multiaddr] })
	await expect.poll(() => kubo.cli(['swarm', 'peers']), { timeout: 30_000 }).not.toBe('')
	const page = await openApp(context, { hubs: [multiaddr], hash: `#/e/${cid}` })
	const listening = await play(page)
	const heldS = await playToTheEdge(listening, [line])

	await leader.close()
	setRates([line], QUICK_MBIT_PER_S)

	await expectGoingOn(listening, heldS)
	await expectEqual(page, cid, media.long)
})

test('the network goes away and comes back: it stops, and goes on by itself', async ({
	page,
	context,
	openApp,
	kubo,
	media,
	startLine
}) => {
	const cid = await addInSmallBlocks(kubo, media.long)
	const line = await startLine(kubo, { speed: SLOW })
	await openApp(page, { gateways: [line.origin], hash: `#/e/${cid}` })
	const listening = await play(page)
	const heldS = await playToTheEdge(listening, [line])

	await context.setOffline(true)
	line.fault = 'dies'
	await expect.poll(() => isStarved(page), { timeout: 60_000 }).toBe(true)
	setRates([line], QUICK_MBIT_PER_S)
	line.fault = undefined
	await context.setOffline(false)

	await expectGoingOn(listening, heldS)
	await expectEqual(page, cid, media.long)
})

for (const fault of ['dies', 'lies', 'stalls', 'truncates'] as const satisfies readonly LineFault[]) {
	test(`the gateway that gives most ${fault} mid-file: another goes on, and every byte is right`, async ({
		page,
		openApp,
		kubo,
		media,
		startLine
	}) => {
		const cid = await addInSmallBlocks(kubo, media.long)
		const lines = [await startLine(kubo, { speed: SLOW }), await startLine(kubo, { speed: SLOW })]
		await openApp(page, { gateways: lines.map(({ origin }) => origin), hash: `#/e/${cid}` })
		const listening = await play(page)
		const heldS = await playToTheEdge(listening, lines)

		const [most] = lines.sort((a, b) => b.bytesSent() - a.bytesSent())
		if (most) most.fault = fault
		setRates(lines, QUICK_MBIT_PER_S)

		await expectGoingOn(listening, heldS)
		await expectEqual(page, cid, media.long)
	})
}

test('a peer stalls mid-file while a gateway is there: it goes on, and every byte is right', async ({
	page,
	openApp,
	kubo,
	media,
	startLine,
	startPeerLine
}) => {
	const cid = await addInSmallBlocks(kubo, media.long)
	const { line: peer, multiaddr } = await startPeerLine(kubo, SLOW)
	const gateway = await startLine(kubo, { speed: SLOW })
	await openApp(page, { hubs: [multiaddr], gateways: [gateway.origin], hash: `#/e/${cid}` })
	await expect.poll(() => kubo.cli(['swarm', 'peers']), { timeout: 30_000 }).not.toBe('')
	const listening = await play(page)
	const heldS = await playToTheEdge(listening, [peer, gateway])

	peer.stall(true)
	setRates([gateway], QUICK_MBIT_PER_S)

	await expectGoingOn(listening, heldS)
	await expectEqual(page, cid, media.long)
})

test('a gateway that has no CARs is asked for blocks: it plays and seeks, and every byte is right', async ({
	page,
	openApp,
	kubo,
	media,
	startLine
}) => {
	const cid = await addInSmallBlocks(kubo, media.mp3)
	const line = await startLine(kubo, { speed: { ...SLOW, mbitPerS: QUICK_MBIT_PER_S } })
	line.fault = 'no-car'
	await openApp(page, { gateways: [line.origin], hash: `#/e/${cid}` })
	const listening = await play(page)
	await listening.seekTo(0.8)
	await listening.expectPlaying()
	await expectEqual(page, cid, media.mp3)
	expect(line.passed.filter(({ path, status }) => path.includes('format=raw') && status === 200)).not.toEqual([])
})
