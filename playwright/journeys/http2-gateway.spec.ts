import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { chromiumLaunchOptions } from '../../scripts/programs.mjs'
import { hashThroughWorker, Listening } from '../fixtures/listening.ts'
import { proxyCertificate } from '../fixtures/shaping-proxy.ts'
import { expect, test } from '../fixtures/test.ts'

const options = chromiumLaunchOptions()

test.use({
	launchOptions: {
		...options,
		args: [...options.args, `--ignore-certificate-errors-spki-list=${proxyCertificate().spkiHash}`]
	}
})

test('a gateway that speaks HTTP/2 over TLS, as public ones do: it plays and seeks, and every byte is right', async ({
	page,
	openApp,
	kubo,
	media,
	startLine
}) => {
	const cid = await kubo.cli(['add', '-Q', '--cid-version=1', media.mp3])
	const line = await startLine(kubo, { speed: { rttMs: 20, mbitPerS: 10 }, http2: true })
	await openApp(page, { gateways: [line.origin], hash: `#/e/${cid}` })
	const listening = new Listening(page)
	await page.getByRole('main').getByRole('button', { name: /^Play/ }).first().click()
	await listening.expectPlaying()
	await listening.seekTo(0.8)
	await listening.expectPlaying()
	const file = await readFile(media.mp3)
	expect(await hashThroughWorker(page, cid)).toEqual({
		sha256: createHash('sha256').update(file).digest('hex'),
		bytes: file.length
	})
	expect(line.passed.length).toBeGreaterThan(0)
})
