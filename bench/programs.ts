import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext } from '@playwright/test'
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

export interface Profile {
	readonly context: BrowserContext
	/** What tells the processes of this browser from those of others. */
	readonly folder: string
	close(): Promise<void>
}

/** Chromium with a profile on disk, as a person has it; what a context alone stores stays in memory. */
export async function openProfile(): Promise<Profile> {
	const folder = await mkdtemp(join(tmpdir(), 'antiphon-profile-'))
	const context = await chromium.launchPersistentContext(folder, chromiumLaunchOptions())
	return {
		context,
		folder,
		async close() {
			await context.close()
			await rm(folder, { recursive: true, force: true })
		}
	}
}
