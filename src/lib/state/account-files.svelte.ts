import { isAbort } from '$lib/errors'
import type { Pinata, PinataFile } from '$lib/p2p/pinata'

/** The part of a service's account that is looked through. */
export type Account = Pick<Pinata, 'list' | 'usage' | 'remove'>

/** What an account holds, page by page, newest first. */
export class AccountFiles {
	/** Undefined until the first page is here. */
	files: readonly PinataFile[] | undefined = $state.raw()
	/** Of the whole account. */
	usage: { readonly files: number; readonly sizeBytes: number } | undefined = $state.raw()
	busy = $state(false)
	error: unknown = $state.raw()
	#next: string | undefined = $state.raw()
	readonly #open: () => Promise<Account>
	readonly #closing = new AbortController()

	/** @param open - asks for the account; its key may have to be unlocked */
	constructor(open: () => Promise<Account>) {
		this.#open = open
	}

	/** There is another page. */
	get hasMore(): boolean {
		return this.#next !== undefined
	}

	/** Reads the first page, or the next one. What goes wrong stands in `error`. */
	async more(): Promise<void> {
		await this.#ask(async (account, signal) => {
			const pageToken = this.#next
			const [{ files, next }] = await Promise.all([
				account.list(signal, pageToken === undefined ? {} : { pageToken }),
				this.#count(account, signal)
			])
			const before = this.files ?? []
			const known = new Set(before.map(({ id }) => id))
			this.files = [...before, ...files.filter(({ id }) => !known.has(id))]
			this.#next = next === pageToken ? undefined : next
		})
	}

	/** Deletes a file of the account. @returns whether it is gone */
	async remove(id: string): Promise<boolean> {
		return await this.#ask(async (account, signal) => {
			await account.remove(id, signal)
			this.files = this.files?.filter((file) => file.id !== id)
			await this.#count(account, signal)
		})
	}

	dispose(): void {
		this.#closing.abort()
	}

	async #count(account: Account, signal: AbortSignal): Promise<void> {
		this.usage = await account.usage(signal)
	}

	async #ask(work: (account: Account, signal: AbortSignal) => Promise<void>): Promise<boolean> {
		this.busy = true
		this.error = undefined
		try {
			await work(await this.#open(), this.#closing.signal)
			return true
		} catch (error) {
			if (!isAbort(error)) this.error = error
			return false
		} finally {
			this.busy = false
		}
	}
}
