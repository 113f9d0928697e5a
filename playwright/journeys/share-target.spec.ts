import type { Page } from '@playwright/test'
import { expect, test } from '../fixtures/test.ts'

/** Posts files as the system's share sheet does: a form that the manifest describes, as a navigation of its own. */
async function share(page: Page, files: readonly string[]): Promise<void> {
	await page.evaluate(async () => {
		const href = document.querySelector<HTMLLinkElement>('link[rel=manifest]')?.href ?? ''
		const { share_target: target } = (await (await fetch(href)).json()) as {
			share_target: { action: string; method: string; enctype: string; params: { files: { name: string }[] } }
		}
		const form = document.createElement('form')
		form.action = new URL(target.action, href).href
		form.method = target.method
		form.enctype = target.enctype
		const input = document.createElement('input')
		Object.assign(input, { type: 'file', multiple: true, name: target.params.files[0]?.name ?? '' })
		input.dataset['testid'] = 'shared'
		form.append(input)
		document.body.append(form)
	})
	await page.getByTestId('shared').setInputFiles(files)
	await page.getByTestId('shared').evaluate((input: HTMLInputElement) => {
		input.form?.submit()
	})
}

for (const { name, viewport } of [
	{ name: 'desktop', viewport: { width: 1280, height: 800 } },
	{ name: 'phone', viewport: { width: 390, height: 844 } }
]) {
	test(`${name}: files from the share sheet stand on the Publish screen, once, with their tags`, async ({
		browser,
		openApp,
		media
	}) => {
		const context = await browser.newContext({ viewport })
		const page = await openApp(context)
		await share(page, [media.mp3, media.flac])
		await page.waitForURL(/#\/publish\?shared$/)
		const table = page.getByRole('region', { name: 'What will be published' })
		await expect(table).toBeVisible({ timeout: 30_000 })
		await expect(table.getByRole('textbox', { name: 'Title of Harbour Lights' }).first()).toHaveValue(
			'Harbour Lights'
		)
		await expect(page.getByRole('main')).toContainText('2 files')

		// A draft that was not published comes back as a draft, not as files that were shared again.
		await page.reload()
		await expect(page.getByRole('main').getByRole('button', { name: 'Choose a folder' })).toBeVisible({
			timeout: 30_000
		})
		await expect(table).toBeHidden()
		await context.close()
	})
}
