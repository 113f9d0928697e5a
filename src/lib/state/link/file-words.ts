/** What a file says of itself. */
export interface FileWords {
	readonly title?: string
	readonly artists?: readonly string[]
	readonly album?: string
	readonly durationMs?: number
}

/** Tags stand at the start; a large cover may come before them. */
const HEAD_BYTES = 512 * 1024

/**
 * Reads the tags in a file that no catalog names, from its first bytes.
 * @param url - where the worker answers with the file
 * @param signal - must carry a deadline
 * @returns nothing where it has none that can be read
 */
export async function readFileWords(
	url: string,
	mime: string,
	signal: AbortSignal,
	ask: typeof fetch = fetch
): Promise<FileWords> {
	if (!/^(audio|video)\//.test(mime)) return {}
	try {
		const { parseBuffer } = await import('music-metadata')
		const response = await ask(url, { headers: { range: `bytes=0-${HEAD_BYTES - 1}` }, signal })
		if (!response.ok) return {}
		const size = Number(/\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1] ?? 0)
		const bytes = new Uint8Array(await response.arrayBuffer())
		const { common, format } = await parseBuffer(
			bytes,
			{ mimeType: mime, ...(size > 0 && { size }) },
			{ skipCovers: true }
		)
		const whole = size > 0 && size <= bytes.byteLength
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
		signal.throwIfAborted()
		return {}
	}
}
