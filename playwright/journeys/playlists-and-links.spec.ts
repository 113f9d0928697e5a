import { readFile } from 'node:fs/promises'
import { expect, test } from '../fixtures/test.ts'
import { Listening } from '../fixtures/listening.ts'

const ALONE = { hubs: [], routers: [], gateways: ['https://gateway.example'] }

for (const size of [
	{ name: 'desktop', width: 1280, height: 800 },
	{ name: 'phone', width: 390, height: 844 }
]) {
	test.describe(size.name, () => {
		test.use({ viewport: { width: size.width, height: size.height } })

		test('a smart playlist is made by rules, kept as it is now, changed, taken back and exported', async ({
			page,
			openApp
		}) => {
			await openApp(page, { ...ALONE, hash: '#/library?shelf=playlists' })
			await page.getByRole('button', { name: 'New smart playlist' }).click()
			await expect(page.getByRole('heading', { level: 1 })).toContainText('Smart playlist')
			const plays = page.getByRole('row').getByRole('button', { name: /^Play / })
			await expect(plays.first()).toBeVisible()
			const all = await plays.count()

			await page.getByRole('button', { name: 'Add a rule' }).click()
			const rule = page.getByRole('group', { name: 'Rule 1' })
			await rule.getByLabel('Value').fill('nobody at all')
			await rule.getByLabel('Value').blur()
			await expect(page.getByRole('heading', { name: /Nothing matches/ })).toBeVisible()
			await page.getByRole('button', { name: 'Undo', exact: true }).click()
			await page.getByRole('button', { name: 'Undo', exact: true }).click()
			await expect(plays).toHaveCount(all)

			await page.getByRole('button', { name: /^More actions for Newest first/ }).click()
			await page.getByRole('menuitem', { name: 'Save what it holds now' }).click()
			await expect(page.getByRole('heading', { level: 1 })).toContainText('Newest first, copy')
			const title = ((await plays.first().getAttribute('aria-label')) ?? '').replace(/^Play /, '')
			await page.getByRole('button', { name: 'Edit the order' }).click()
			await page.getByRole('button', { name: `Take ${title} out` }).click()
			await page.getByRole('button', { name: 'Done' }).click()
			await expect(plays).toHaveCount(all - 1)
			await page.getByRole('button', { name: 'Undo', exact: true }).click()
			await expect(plays).toHaveCount(all)

			await page.getByRole('button', { name: /^More actions for Newest first, copy/ }).click()
			const saving = page.waitForEvent('download')
			await page.getByRole('menuitem', { name: 'Export as M3U8' }).click()
			const file = await readFile(await (await saving).path(), 'utf8')
			expect(file.split('\n')[0]).toBe('#EXTM3U')
			expect(file.match(/^https:\/\/gateway\.example\/ipfs\/\w+\?filename=/gm)).toHaveLength(all)
		})

		test('a list of titles is matched with what was heard, and what is missing is said', async ({
			page,
			openApp
		}) => {
			await openApp(page, ALONE)
			const row = page.getByRole('row').first()
			const name = (await row.getByRole('button', { name: /^Play / }).getAttribute('aria-label')) ?? ''
			const title = name.replace(/^Play /, '')
			await openApp(page, { ...ALONE, hash: '#/library/import' })
			await page.getByLabel('Choose a file').setInputFiles({
				name: 'Winter.csv',
				mimeType: 'text/csv',
				buffer: Buffer.from(`title,artist\n"${title}",\nNothing like this,Nobody\n`)
			})
			await expect(page.getByText('1 missing')).toBeVisible()
			await expect(page.getByRole('listitem').filter({ hasText: 'Nothing like this' })).toContainText('No one')
			const make = page.getByRole('button', { name: /^Make a playlist of/ })
			const choice = page.getByLabel(`Which ${title}`)
			if (await choice.isVisible()) await choice.selectOption({ index: 1 })
			await expect(make).toHaveText('Make a playlist of 1')
			await make.click()
			await expect(page.getByRole('heading', { level: 1 })).toContainText('Winter')
			await expect(page.getByRole('row').getByRole('button', { name: `Play ${title}`, exact: true })).toBeVisible()
		})

		test('a clip is shared as link, code and frame, and plays in a frame of another browser', async ({
			page,
			openApp,
			browser
		}) => {
			await openApp(page, ALONE)
			const row = page.getByRole('row').first()
			const name = (await row.getByRole('button', { name: /^Play / }).getAttribute('aria-label')) ?? ''
			const title = name.replace(/^Play /, '')
			await row.getByRole('button', { name: /^More actions/ }).click()
			await page.getByRole('menuitem', { name: 'Share' }).click()
			const dialog = page.getByRole('dialog')
			await dialog.getByLabel('From, seconds').fill('9')
			await dialog.getByLabel('To, seconds').fill('5')
			await expect(dialog.getByRole('alert')).toHaveText('The end comes after the start.')
			await dialog.getByLabel('To, seconds').fill('12')
			await expect(dialog.getByLabel('Link', { exact: true })).toHaveValue(/#\/e\/\w+\?t=9,12$/)
			await expect(dialog.getByRole('img', { name: `QR code of the link to ${title}` })).toBeVisible()
			await dialog.getByText('Embed in a page').click()
			const snippet = await dialog.getByRole('textbox', { name: 'Embed in a page' }).inputValue()
			await dialog.getByText('Open in another player').click()
			const saving = page.waitForEvent('download')
			await dialog.getByRole('button', { name: 'Save the playlist file' }).click()
			const file = await readFile(await (await saving).path(), 'utf8')
			expect(file).toContain('#EXTVLCOPT:start-time=9\n#EXTVLCOPT:stop-time=12\n')
			expect(file).toMatch(/^https:\/\/gateway\.example\/ipfs\/\w+\?filename=\S+\.\w+$/m)
			const [, hash = ''] = /src="[^"#]*(#[^"]+)"/.exec(snippet) ?? []
			expect(hash).toMatch(/^#\/embed\/e\/\w+\?t=9,12$/)

			const context = await browser.newContext({ viewport: { width: 600, height: 220 } })
			const framed = await openApp(context, { ...ALONE, hash })
			await expect(framed.getByRole('navigation')).toHaveCount(0)
			await expect(framed.getByRole('heading', { level: 1 })).toHaveText(title)
			await framed.getByRole('main').getByRole('button', { name: 'Play', exact: true }).click()
			await new Listening(framed).expectPlaying()
			await context.close()
		})
	})
}
