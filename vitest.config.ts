import { sveltekit } from '@sveltejs/kit/vite'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { chromiumLaunchOptions } from './scripts/programs.mjs'

const inBrowser = '{src,service-worker}/**/*.{browser,svelte}.test.ts'

export default defineConfig({
	plugins: [sveltekit()],
	test: {
		// A test that asserts nothing proves nothing.
		expect: { requireAssertions: true },
		// A deadline for what hangs, not for what is slow on a busy machine.
		testTimeout: 30_000,
		hookTimeout: 60_000,
		projects: [
			{
				extends: true,
				test: {
					name: 'node',
					environment: 'node',
					include: ['{src,service-worker,playwright}/**/*.test.ts', 'scripts/**/*.test.mjs'],
					exclude: [inBrowser]
				}
			},
			{
				extends: true,
				// All that any part imports is prepared before the first test: what is found later reloads the page under it.
				optimizeDeps: { entries: ['{src,service-worker}/**/*.{ts,svelte}', '!**/*.d.ts'] },
				test: {
					name: 'browser',
					include: [inBrowser],
					globalSetup: './playwright/fixtures/kubo-for-vitest.ts',
					browser: {
						enabled: true,
						headless: true,
						screenshotFailures: false,
						provider: playwright({ launchOptions: chromiumLaunchOptions() }),
						instances: [{ browser: 'chromium' }]
					}
				}
			}
		]
	}
})
