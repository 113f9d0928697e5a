/** What a file says of itself. */
export interface FileWords {
	readonly title?: string
	readonly artists?: readonly string[]
	readonly album?: string
	readonly durationMs?: number
}

/**
 * Reads the tags in a file that no catalog names, from its first bytes.
 * @param sizeBytes - of the whole file; 0 where it is not known
 * @returns nothing where it has none that can be read from these
 */
export async function readFileWords(first: Uint8Array, mime: string, sizeBytes: number): Promise<FileWords> {
	if (!/^(audio|video)\//.test(mime)) return {}
	try {
		const { parseBuffer } = await import('music-metadata')
		const size = sizeBytes > 0 ? { size: sizeBytes } : {}
		const { common, format } = await parseBuffer(first, { mimeType: mime, ...size }, { skipCovers: true })
		const whole = sizeBytes > 0 && sizeBytes <= first.byteLength
		const text = (value: string | undefined) => value?.trim().slice(0, 500)
		const title = text(common.title)
		const album = text(common.album)
		const artists = (common.artists ?? []).map((artist) => text(artist) ?? '').filter((artist) => artist !== '')
		return {
			...(title !== undefined && title !== '' && { title }),
			...(album !== undefined && album !== '' && { album }),
			...(artists.length > 0 && { artists: artists.slice(0, 20) }),
			...(whole && format.duration !== undefined && { durationMs: Math.round(format.duration * 1000) })
		}
	} catch {
		return {}
	}
}
