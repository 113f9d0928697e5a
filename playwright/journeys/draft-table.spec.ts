import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CAMERA, PLACE_BYTES, withPlace } from '../fixtures/located-photo.ts'
import { choose, chooseNode, goToPublish, publishChosen } from '../fixtures/publishing.ts'
import { SIZES } from '../fixtures/sizes.ts'
import { expect, test } from '../fixtures/test.ts'

for (const [size, viewport] of Object.entries(SIZES)) {
	test.describe(size, () => {
		test.use({ viewport })

		test('rows are edited one, some and all at once, filled from their paths, and published without a place', async ({
			page,
			openApp,
			kubo,
			media
		}, testInfo) => {
			test.setTimeout(150_000)
			const folder = testInfo.outputPath('Music')
			const album = join(folder, 'Salt Band', 'Night Work (2019)')
			await mkdir(album, { recursive: true })
			for (const [at, { name, title }] of media.albumTracks.slice(0, 3).entries())
				await copyFile(join(media.album, name), join(album, `0${at + 1} - ${title}.mp3`))
			const photo = withPlace(await readFile(media.cover))
			await writeFile(join(album, 'on the quay.jpg'), photo)

			await openApp(page, { gateways: [kubo.gatewayUrl] })
			await goToPublish(page)
			await choose(page, folder)
			const main = page.getByRole('main')
			const table = main.getByRole('region', { name: 'What will be published' })
			const cell = (name: string) => table.getByRole('textbox', { name, exact: true })
			const act = main.getByRole('button', { name: 'Publish', exact: true })
			const undo = main.getByRole('button', { name: 'Undo' })
			await main.getByRole('textbox', { name: 'Name that others see' }).fill('Salt Band')

			// One cell, and what cannot be used says why.
			await cell('Title of Low Tide').fill('High Tide')
			await cell('Title of Low Tide').press('Tab')
			await expect(cell('Title of High Tide')).toHaveValue('High Tide')
			await undo.click()
			await expect(cell('Title of Low Tide')).toHaveValue('Low Tide')
			await main.getByRole('button', { name: 'Do again' }).click()
			await cell('Year of High Tide').fill('last year')
			await cell('Year of High Tide').press('Tab')
			await expect(cell('Year of High Tide')).toHaveAccessibleDescription(/A year, or 2026-11-21/)
			await expect(main.getByText('one thing to mend')).toBeVisible()
			await expect(act).toBeDisabled()
			await expect(act).toHaveAccessibleDescription('Mend what is marked first.')
			await cell('Year of High Tide').fill('2024')
			await cell('Year of High Tide').press('Tab')
			await expect(main.getByText('nothing to mend')).toBeVisible()

			// Some rows.
			for (const title of ['High Tide', 'Salt Road'])
				await table.getByRole('checkbox', { name: `Choose ${title}` }).check()
			const value = main.getByRole('textbox', { name: 'Value' })
			await main.getByRole('combobox', { name: 'Same for those chosen' }).selectOption({ label: 'Licence' })
			await value.fill('all mine!')
			await main.getByRole('button', { name: 'Give it to 2 rows' }).click()
			await expect(value).toHaveAccessibleDescription(/SPDX id such as CC-BY-4.0/)
			await value.fill('CC0-1.0')
			await main.getByRole('button', { name: 'Give it to 2 rows' }).click()
			await expect(main.getByText('2 rows changed.')).toBeVisible()
			await main.getByRole('button', { name: 'Choose none' }).click()

			// All rows.
			await main.getByRole('combobox', { name: 'Same for all' }).selectOption({ label: 'Genre' })
			await value.fill('Shanty; Folk')
			await main.getByRole('button', { name: 'Give it to 3 rows' }).click()
			await expect(cell('Genre of First Ferry')).toHaveValue('Shanty; Folk')
			await undo.click()
			await expect(cell('Genre of First Ferry')).toHaveValue('Ambient')
			await main.getByRole('button', { name: 'Do again' }).click()
			await expect(cell('Genre of Salt Road')).toHaveValue('Shanty; Folk')

			// From the path.
			await main.getByRole('button', { name: 'Fill from path' }).click()
			const pattern = main.getByRole('combobox', { name: 'Pattern of the path' })
			await pattern.fill('{artist}/{album} ({year})/{track} - {titel}')
			await main.getByRole('button', { name: 'Fill', exact: true }).click()
			await expect(pattern).toHaveAccessibleDescription(/There is no {titel}\./)
			await pattern.fill('{artist}/{album} ({year})/{track} - {title}')
			await main.getByRole('button', { name: 'Fill', exact: true }).click()
			await expect(main.getByText('3 rows filled.')).toBeVisible()
			await expect(cell('Artist of Salt Road')).toHaveValue('Salt Band')
			await expect(cell('Year of Salt Road')).toHaveValue('2019')
			await expect(cell('Title of Low Tide')).toHaveValue('Low Tide')

			// The place is shown, and taken out unless the person wants it there.
			const places = main.getByRole('region', { name: 'Where it was taken' })
			await expect(places).toContainText('1 file tells where it was made.')
			await places.getByText('Show them').click()
			await expect(places.getByRole('listitem')).toContainText('on the quay.jpg')
			await expect(places.getByRole('listitem')).toContainText('48.8577, -2.295')
			await expect(places.getByRole('checkbox', { name: /^Take it out/ })).toBeChecked()

			await main.getByRole('combobox', { name: 'Licence', exact: true }).fill('CC-BY-4.0')
			await chooseNode(page, kubo.rpcUrl)
			const { root, publisher } = await publishChosen(page)

			const copy = testInfo.outputPath('publication')
			await kubo.cli(['get', root, '-o', copy])
			const names = await readdir(copy, { recursive: true })
			const published = await readFile(join(copy, names.find((name) => name.endsWith('quay.jpg')) ?? ''))
			expect(photo.includes(PLACE_BYTES)).toBe(true)
			expect(published.includes(PLACE_BYTES)).toBe(false)
			expect(published.includes(CAMERA)).toBe(true)
			expect(published.length).toBe(photo.length)

			// A licence of its own goes before that of the publication.
			for (const [title, licence] of [
				['Salt Road', 'CC0-1.0'],
				['First Ferry', 'CC-BY-4.0']
			] as const) {
				await page.evaluate((of) => (location.hash = `#/u/${of}`), publisher)
				await page.getByRole('button', { name: `More actions for ${title}` }).click()
				await page.getByRole('menuitem', { name: 'Info' }).click()
				await expect(page.getByRole('dialog')).toContainText(licence)
				await page.keyboard.press('Escape')
			}
		})
	})
}
