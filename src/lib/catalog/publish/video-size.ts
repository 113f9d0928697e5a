const LOAD_MS = 5000

/** What a `<video>` element says of a file, where there is one and it can play the file. */
export async function videoSize(
	file: Blob,
	signal: AbortSignal
): Promise<{ readonly width: number; readonly height: number; readonly durationS?: number } | undefined> {
	if (!('document' in globalThis)) return undefined
	const video = document.createElement('video')
	const url = URL.createObjectURL(file)
	const deadline = AbortSignal.any([signal, AbortSignal.timeout(LOAD_MS)])
	try {
		const loaded = await new Promise<boolean>((resolve) => {
			video.onloadedmetadata = () => {
				resolve(true)
			}
			video.onerror = () => {
				resolve(false)
			}
			deadline.addEventListener(
				'abort',
				() => {
					resolve(false)
				},
				{ once: true }
			)
			video.preload = 'metadata'
			video.muted = true
			video.src = url
		})
		if (!loaded || video.videoWidth === 0) return undefined
		const { videoWidth: width, videoHeight: height, duration } = video
		return { width, height, ...(Number.isFinite(duration) && { durationS: duration }) }
	} finally {
		video.removeAttribute('src')
		URL.revokeObjectURL(url)
	}
}
