import { chromium, type Browser } from '@playwright/test'
import { chromiumLaunchOptions, findFfmpeg, findKubo } from '../scripts/programs.mjs'

/** What every part needs. @throws where Kubo or ffmpeg is missing */
export function findPrograms(): { readonly kubo: string; readonly ffmpeg: string } {
	const [kubo, ffmpeg] = [findKubo(), findFfmpeg()]
	if (kubo === undefined || ffmpeg === undefined)
		throw new Error('the bench needs Kubo and ffmpeg: run npm test once')
	return { kubo, ffmpeg }
}

/** Chromium as the journeys start it, with more arguments. */
export function launchChromium(args: readonly string[] = []): Promise<Browser> {
	const options = chromiumLaunchOptions()
	return chromium.launch({ ...options, args: [...options.args, ...args] })
}
