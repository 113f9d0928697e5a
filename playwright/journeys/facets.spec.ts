import { Listening } from '../fixtures/listening.ts'
import { publishFolder } from '../fixtures/publishing.ts'
import { SIZES } from '../fixtures/sizes.ts'
import { expect, test } from '../fixtures/test.ts'

const NEAP = ['Long Swell', 'Low Tide', 'Spring Tide']
const ROCKS = ["Rock 'n' Roll Ferry", 'The Wall of Water']
const OF = 'publisher:shelfmark'

for (const [size, viewport] of Object.entries(SIZES)) {
	test(`results are narrowed by facets with counts, and put in order: ${size}`, async ({
		page,
		openApp,
		media
	}) => {
		test.setTimeout(120_000)
		await page.setViewportSize(viewport)
		await openApp(page)
		const listening = new Listening(page)
		await publishFolder(page, { folder: media.shelf, name: 'Shelfmark' })
		await page.goto(page.url().replace(/#.*/, '#/search'))
		await listening.search(OF)
		await expect(listening.row('Low Tide')).toBeVisible({ timeout: 60_000 })
		await page.getByRole('button', { name: 'More filters' }).click()
		const filters = page.getByRole('region', { name: 'Filters' })
		const chip = (group: string, name: RegExp) =>
			filters.getByRole('group', { name: group, exact: true }).getByRole('button', { name })
		const shown = async () => (await listening.titles()).toSorted()

		await test.step('one value, two values, none', async () => {
			await expect(chip('Genre', /^folk/)).toHaveText(/folk\s*5/)
			await chip('Genre', /^progressive rock/).click()
			await expect.poll(shown).toEqual(ROCKS)
			// Counted as if no genre were chosen, so that another can be chosen as well.
			await expect(chip('Genre', /^folk/)).toHaveText(/folk\s*5/)
			await expect(chip('Format', /^MP3/)).toHaveText(/MP3\s*2/)
			await chip('Genre', /^rock/).click()
			await expect.poll(shown).toEqual([...ROCKS, "Schindler's Harbour"].sort())
			await page.getByRole('button', { name: 'Clear the filters' }).click()
			await expect.poll(async () => (await shown()).length).toBeGreaterThan(6)
		})

		await test.step('decade, format, quality, licence, publisher', async () => {
			await chip('Decade', /^1990s/).click()
			await expect.poll(shown).toEqual(NEAP)
			await chip('Decade', /^1990s/).click()
			await chip('Format', /^OPUS/).click()
			await expect.poll(shown).toEqual(["Schindler's Harbour"])
			await chip('Format', /^OPUS/).click()
			await chip('Quality', /^256/).click()
			await expect.poll(shown).toEqual(ROCKS)
			await chip('Quality', /^256/).click()
			await expect(chip('Licence', /./).first()).toBeVisible()
			await chip('Publisher', /^Shelfmark/).click()
			await expect(chip('Publisher', /^Shelfmark/)).toHaveAttribute('aria-pressed', 'true')
			await chip('Publisher', /^Shelfmark/).click()
		})

		await test.step('lossless, and what is kept here', async () => {
			const line = page.getByRole('group', { name: 'Filters', exact: true })
			await expect(line.getByRole('button', { name: /^Lossless/ })).toHaveText(/Lossless\s*3/)
			await line.getByRole('button', { name: /^Lossless/ }).click()
			await expect.poll(shown).toEqual(NEAP)
			await expect(line.getByRole('button', { name: /^Kept here/ })).toHaveText(/Kept here\s*0/)
			await line.getByRole('button', { name: /^Kept here/ }).click()
			await expect.poll(shown).toEqual([])
			await page.getByRole('button', { name: 'Clear the filters' }).first().click()
			await expect.poll(async () => (await shown()).length).toBeGreaterThan(6)
		})

		await test.step('kinds', async () => {
			await page
				.getByRole('group', { name: 'Kind' })
				.getByRole('button', { name: /^Videos/ })
				.click()
			await expect.poll(shown).toEqual(['Tide Clock'])
			await page.getByRole('group', { name: 'Kind' }).getByRole('button', { name: /^All/ }).click()
		})

		await test.step('the order is chosen, and stands in the address with the filters', async () => {
			await listening.search('artist:nadia')
			await page.getByRole('combobox', { name: 'Order' }).selectOption('By title')
			await expect.poll(() => listening.titles()).toEqual(NEAP)
			await page.getByRole('combobox', { name: 'Order' }).selectOption('Longest first')
			await expect.poll(async () => (await listening.titles())[0]).toBe('Long Swell')
			await chip('Decade', /^1990s/).click()
			await expect.poll(() => page.url()).toMatch(/f=year.*s=duration/)
			await page.reload()
			await expect.poll(async () => (await listening.titles())[0]).toBe('Long Swell')
			await expect(page.getByRole('combobox', { name: 'Order' })).toHaveValue('duration')
			await expect(page.getByRole('button', { name: 'Clear the filters' })).toBeVisible()
		})

		await test.step('results stand in groups', async () => {
			await listening.search('neap')
			await expect(page.getByRole('heading', { name: /^Tracks/ })).toBeVisible()
			await expect(page.getByRole('heading', { name: /^Albums/ })).toBeVisible()
			await page.getByRole('button', { name: 'Clear the filters' }).click()
			await listening.search('nadia')
			await expect(page.getByRole('heading', { name: /^Artists/ })).toBeVisible()
			await listening.search('shelfmark')
			await expect(page.getByRole('heading', { name: /^Publishers/ })).toBeVisible()
		})
	})
}
