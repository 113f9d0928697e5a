import { Listening } from '../fixtures/listening.ts'
import { publishFolder } from '../fixtures/publishing.ts'
import { SIZES } from '../fixtures/sizes.ts'
import { expect, test } from '../fixtures/test.ts'

const TIDES = ['Low Tide', 'Spring Tide', 'Tide Clock']
const NEAP = ['Low Tide', 'Spring Tide', 'Long Swell']
const WALL = 'The Wall of Water'
const ROCK = "Rock 'n' Roll Ferry"
const HARBOUR = "Schindler's Harbour"

/** What is typed, and the titles that are found. The starter collection, which is there too, has none of these words. */
const FOUND: readonly (readonly [query: string, titles: readonly string[], why: string])[] = [
	['tide nadia', ['Low Tide', 'Spring Tide'], 'words in any order, of title and artist'],
	['NADIA orio sprin', ['Spring Tide'], 'case and diacritics folded, the last word unfinished'],
	['"spring tide"', ['Spring Tide'], 'a phrase'],
	['"tide spring"', [], 'a phrase has an order'],
	['tide -spring -kind:video', ['Low Tide'], 'without'],
	['artist:nadia', NEAP, 'the artist'],
	['album:neap tide', ['Low Tide', 'Spring Tide'], 'the album, and a word anywhere'],
	['artist:swell', [], 'a word of the title is not one of the artist'],
	['genre:rock publisher:shelfmark', [WALL, ROCK, HARBOUR], 'a word of the genre'],
	['genre:="Progressive Rock"', [WALL, ROCK], 'the whole genre'],
	['publisher:shelfmark year:1990..1999', NEAP, 'years'],
	['publisher:shelfmark year:<1990', ['Море зовёт'], 'years before'],
	['publisher:shelfmark kind:video', ['Tide Clock'], 'kind'],
	['publisher:shelfmark lossless:yes', NEAP, 'lossless'],
	['publisher:shelfmark bitrate:>=256k lossless:no', [WALL, ROCK], 'bitrate'],
	['publisher:shelfmark duration:>1m', ['Long Swell'], 'duration'],
	['publisher:shelfmark format:opus', [HARBOUR], 'format'],
	['quagmire wall water', [WALL], 'where nothing has all the words, what has most of them'],
	['sprinng tide', ['Spring Tide'], 'a letter too much'],
	['neap sewll', ['Long Swell'], 'letters swapped, beside a word that is right'],
	['blue print ferry', [ROCK], 'a space too much'],
	['longswell', ['Long Swell'], 'a space missing'],
	['rock and roll ferry', [ROCK], "and for 'n'"],
	['simon and ferry', [HARBOUR], 'and for &'],
	['schindler harbour', [HARBOUR], 'without the apostrophe'],
	['the weirs water', [WALL], 'with the article'],
	['море', ['Море зовёт'], 'Cyrillic'],
	['зовет', ['Море зовёт'], 'Cyrillic without its dots'],
	['海の', ['海の歌'], 'a part of a run of Japanese'],
	['の歌', ['海の歌'], 'another part of it']
]

for (const [size, viewport] of Object.entries(SIZES)) {
	test(`the language of the search box finds what it says: ${size}`, async ({ page, openApp, media }) => {
		test.setTimeout(180_000)
		await page.setViewportSize(viewport)
		await openApp(page)
		const listening = new Listening(page)
		await publishFolder(page, { folder: media.shelf, name: 'Shelfmark' })
		await page.goto(page.url().replace(/#.*/, '#/search'))
		await expect(async () => {
			await listening.expectFound('tide', TIDES)
		}).toPass({ timeout: 60_000 })
		for (const [query, titles, why] of FOUND) {
			await test.step(`${why}: ${query}`, async () => {
				await listening.expectFound(query, titles)
			})
		}

		await test.step('a typo is said, and can be taken at its word', async () => {
			await listening.expectFound('sprinng tide', ['Spring Tide'])
			await expect(page.getByText('Heard as')).toBeVisible()
			await page.getByRole('button', { name: 'Search for “sprinng tide” as typed' }).click()
			await expect.poll(() => listening.titles()).toEqual([])
		})

		await test.step('what is not understood is said', async () => {
			await listening.search('tide year:soon ')
			await expect(page.getByText('“year:soon” needs a number.')).toBeVisible()
			await expect.poll(async () => (await listening.titles()).toSorted()).toEqual(TIDES)
		})

		await test.step('the panel explains the language, and its examples can be followed', async () => {
			await page.getByRole('button', { name: 'How to search' }).click()
			const panel = page.getByRole('dialog', { name: /How to search/ })
			await panel.getByRole('link', { name: 'Search for "low tide"' }).click()
			await expect(panel).toBeHidden()
			await expect(page.getByRole('searchbox', { name: 'Search' })).toHaveValue('"low tide"')
			await expect.poll(() => listening.titles()).toEqual(['Low Tide'])
		})

		await test.step('suggestions come while typing, and one can be taken by the keys', async () => {
			const box = page.getByRole('searchbox', { name: 'Search' })
			await box.fill('')
			await box.pressSequentially('nad')
			await expect(page.getByRole('option', { name: /^Nadia Ório/ }).first()).toBeVisible()
			await page.keyboard.press('ArrowDown')
			const first = page.getByRole('option', { selected: true })
			const text = (await first.locator('span').first().textContent()) ?? ''
			await page.keyboard.press('Enter')
			await expect(box).toHaveValue(text)
			await expect.poll(async () => (await listening.titles()).length).toBeGreaterThan(0)
		})

		await test.step('why a piece is there', async () => {
			await listening.search('nadia low')
			await listening.row('Low Tide').getByRole('button', { name: 'More actions for Low Tide' }).click()
			await page.getByRole('menuitem', { name: 'Why here?' }).click()
			const why = page.getByRole('dialog', { name: /Why here\?/ })
			await expect(why).toContainText('“nadia” in the artist')
			await expect(why).toContainText('“low” in the title')
			await expect(why).toContainText('Together')
			await page.keyboard.press('Escape')
		})

		await test.step('what was searched for stands in the address', async () => {
			await listening.expectFound('artist:nadia "low tide"', ['Low Tide'])
			await expect.poll(() => page.url()).toContain('artist')
			await page.reload()
			await expect(page.getByRole('searchbox', { name: 'Search' })).toHaveValue('artist:nadia "low tide"')
			await expect.poll(() => listening.titles()).toEqual(['Low Tide'])
		})
	})
}
