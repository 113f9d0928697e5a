import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import type { Page } from '@playwright/test'
import { chromiumLaunchOptions } from '../../scripts/programs.mjs'
import { startFakePinata } from '../fakes/pinata.ts'
import { choose, goToPublish } from '../fixtures/publishing.ts'
import { makeSelfSigned } from '../fixtures/self-signed.ts'
import { SIZES } from '../fixtures/sizes.ts'
import { expect, test } from '../fixtures/test.ts'

const KEY = 'eyJhbGciOi.a-key-of-a-test.c2lnbmF0dXJl'
const MIB = 1024 * 1024
/** Above 90 MiB, from where on an upload is a resumable one. */
const BYTES = 128 * MIB

const READY = () => document.documentElement.dataset['ready'] === 'true'

/** A long sound of which no two pieces are the same. */
async function makeLong(path: string): Promise<string> {
	const head = Buffer.alloc(44)
	head.write('RIFF')
	head.writeUInt32LE(BYTES - 8, 4)
	head.write('WAVEfmt ', 8)
	for (const [at, value] of [16, 0x0002_0001, 48_000, 192_000, 0x0010_0004].entries())
		head.writeUInt32LE(value, 16 + at * 4)
	head.write('data', 36)
	head.writeUInt32LE(BYTES - 44, 40)
	await writeFile(path, Buffer.concat([head, randomBytes(BYTES - 44)]))
	return path
}

async function reload(page: Page): Promise<void> {
	page.once('dialog', (dialog) => void dialog.accept())
	await page.reload()
	await page.waitForFunction(READY)
}

test('reloads in the middle of import and of a large upload: what was hashed is known, what was sent is not sent again', async ({
	playwright,
	openApp,
	media
}, testInfo) => {
	test.setTimeout(180_000)
	const certificate = makeSelfSigned()
	const pinata = await startFakePinata(KEY, certificate)
	const options = chromiumLaunchOptions()
	// By the network, and not by rules of the test: a body that breaks off in the middle must do so there.
	const browser = await playwright.chromium.launch({
		...options,
		args: [
			...options.args,
			`--ignore-certificate-errors-spki-list=${certificate.spkiHash}`,
			`--host-resolver-rules=MAP *.pinata.cloud ${new URL(pinata.origin).host}`
		]
	})
	const page = await openApp(await browser.newContext({ viewport: SIZES.phone }))
	const main = page.getByRole('main')
	const files = [await makeLong(testInfo.outputPath('night watch.wav')), media.opus]
	const act = main.getByRole('button', { name: 'Publish', exact: true })
	const title = main.getByRole('textbox', { name: 'Title of Night Watch, Part One' })

	await goToPublish(page)
	await choose(page, files)
	const read = main.getByRole('textbox', { name: /^Title of night watch/ })
	await read.fill('Night Watch, Part One')
	await read.press('Tab')
	await main.getByRole('textbox', { name: 'Name that others see' }).fill('Ferry House')
	await main.getByRole('button', { name: 'Add a place' }).click()
	const dialog = page.getByRole('dialog')
	await dialog.getByLabel('Key', { exact: true }).fill(KEY)
	await dialog.getByRole('button', { name: 'Test and add' }).click()
	await expect(dialog).toBeHidden()
	pinata.holdAtBytes = 40 * MIB
	await act.click()
	// Far enough that some of it has been noted. Where hashing is faster than this looks, all of it is known afterwards.
	const hashing = main.getByRole('list', { name: 'Files at work' }).getByText(/^([5-9]\d(\.\d)?|\d{3}) MB of/)
	const sending = main.getByRole('progressbar', { name: 'Send to the places' })
	await expect(hashing.or(sending)).toBeVisible()

	await reload(page)
	await expect(main.getByRole('heading', { name: 'You were about to publish.' })).toBeVisible()
	await expect(main.getByText(/^Choose the same files again/)).toBeVisible()
	await choose(page, files)
	await expect(title).toHaveValue('Night Watch, Part One')
	await expect(main.getByRole('textbox', { name: 'Name that others see' })).toHaveValue('Ferry House')
	await expect(main.getByRole('checkbox', { name: /^Pinata/ })).toBeChecked()
	await act.click()
	await expect.poll(() => pinata.bytesKept, { timeout: 60_000 }).toBeGreaterThanOrEqual(40 * MIB)
	await expect(sending).toBeVisible()
	await expect(main.getByText(/^done · [\d.]+ MB known from before$/)).toBeVisible()

	await reload(page)
	pinata.holdAtBytes = Infinity
	// What is here in whole goes on without its files.
	const published = main.getByRole('list', { name: 'What you published' }).getByRole('listitem').first()
	await expect(published).toContainText('It stopped on its way. What was done is kept.')
	await published.getByRole('button', { name: 'Go on' }).click()
	await expect(published.getByRole('list', { name: 'Where it lives' })).toContainText('kept', { timeout: 60_000 })
	await expect(published).not.toContainText('It stopped on its way.')
	const href = await published.getByRole('link', { name: 'Ferry House' }).getAttribute('href')
	const root = href?.split('#/r/')[1]
	expect(pinata.files.map(({ cid }) => cid)).toEqual([root])
	expect(pinata.bytesKept).toBe(pinata.files[0]?.size)
	expect(pinata.asked.filter((asked) => asked === 'POST /v3/files')).toHaveLength(1)
	await browser.close()
	await pinata.close()
})

test('a folder that this browser can open again comes back after a reload by one press, with what was changed', async ({
	page,
	openApp,
	media
}) => {
	await openApp(page)
	await goToPublish(page)
	const name = media.albumTracks[0]?.name ?? ''
	const bytes = (await readFile(`${media.album}/${name}`)).toString('base64')
	// A folder of the page's own stands in for one that a person points at: its handle is as good.
	await page.evaluate(
		async ({ name, bytes }) => {
			const folder = await (
				await navigator.storage.getDirectory()
			).getDirectoryHandle('Ferry Songs', { create: true })
			const file = await (await folder.getFileHandle(name, { create: true })).createWritable()
			await file.write(Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0)))
			await file.close()
			Object.assign(window, { showDirectoryPicker: () => Promise.resolve(folder) })
		},
		{ name, bytes }
	)
	const main = page.getByRole('main')
	await main.getByRole('button', { name: 'Choose a folder' }).click()
	await main.getByRole('textbox', { name: 'Title of Low Tide' }).fill('Lower Tide')
	await main.getByRole('textbox', { name: 'A few words' }).fill('Ebb')

	await reload(page)
	await expect(main.getByRole('heading', { name: 'You were about to publish.' })).toBeVisible()
	await main.getByRole('button', { name: 'Go on' }).click()
	await expect(main.getByRole('textbox', { name: 'Title of Lower Tide' })).toHaveValue('Lower Tide')
	await expect(main.getByRole('textbox', { name: 'A few words' })).toHaveValue('Ebb')
	await expect(main.getByRole('heading', { name: /^Choose 1 file/ })).toBeVisible()
})
