import { keepShared } from '../src/lib/storage/shared-files'
import type { RequestHandler } from './handlers'

/** Names in `share_target` of the manifest. */
const ACTION = 'share-target'
const FIELD = 'files'
/** More than a phone's share sheet lets a person choose. */
const MOST_FILES = 1000

export interface ShareTargetOptions {
	readonly scope: URL
	readonly keep?: (files: readonly File[]) => Promise<void>
}

/**
 * Takes files from the system's share sheet, which posts a form, and opens the Publish screen, which asks for them.
 * @see https://www.w3.org/TR/web-share-target/
 */
export class ShareTarget implements RequestHandler {
	readonly name = 'share-target'
	readonly #action: string
	readonly #scope: URL
	readonly #keep: (files: readonly File[]) => Promise<void>

	constructor({ scope, keep = keepShared }: ShareTargetOptions) {
		this.#scope = scope
		this.#action = new URL(ACTION, scope).href
		this.#keep = keep
	}

	canHandle({ request }: FetchEvent, url: URL): boolean {
		return request.method === 'POST' && request.mode === 'navigate' && url.origin + url.pathname === this.#action
	}

	async handle({ request }: FetchEvent): Promise<Response> {
		let outcome = 'shared'
		try {
			const form = await request.formData()
			const files = form.getAll(FIELD).filter((value) => value instanceof File)
			await this.#keep(files.slice(0, MOST_FILES))
		} catch {
			// Most likely there was no room for them. The screen says so.
			outcome = 'not-shared'
		}
		return Response.redirect(new URL(`#/publish?${outcome}`, this.#scope), 303)
	}
}
