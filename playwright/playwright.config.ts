import { defineConfig } from '@playwright/test'
import { chromiumLaunchOptions } from '../scripts/programs.mjs'

export default defineConfig({
	testDir: './journeys',
	outputDir: '../test-results',
	// One at a time: each journey has browsers, a Kubo and media of its own, and timings stay comparable.
	workers: 1,
	retries: 0,
	timeout: 90_000,
	expect: { timeout: 15_000 },
	forbidOnly: process.env.CI === 'true',
	use: {
		launchOptions: chromiumLaunchOptions(),
		serviceWorkers: 'allow',
		locale: 'en-GB',
		trace: 'retain-on-failure'
	},
	projects: [{ name: 'chromium', use: { browserName: 'chromium' } }]
})
