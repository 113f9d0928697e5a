/** Gives one Blob for the same bytes: a thousand songs of a hundred albums have a hundred covers. */
export class SameBlobs {
	readonly #byHash = new Map<string, Blob>()

	async of(bytes: Uint8Array<ArrayBuffer>, make: () => Promise<Blob | undefined>): Promise<Blob | undefined> {
		const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
		const key = String.fromCharCode(...hash)
		const held = this.#byHash.get(key)
		if (held !== undefined) return held
		const made = await make()
		if (made !== undefined) this.#byHash.set(key, made)
		return made
	}
}
