const LOAD_MS = 8000
/** A film's first picture is often black. */
const FRAME_AT = 0.1
const FRAME_AT_MOST_S = 60
const FRAME_SIDE = 960

export interface VideoLook {
	readonly width: number
	readonly height: number
	readonly durationS?: number
	/** A picture of it, JPEG. */
	readonly frame?: Blob
}

/** What a `<video>` element says and shows of a file, where there is one and it can play the file. */
export async function videoLook(
	file: Blob,
	signal: AbortSignal,
	wantsFrame: boolean
): Promise<VideoLook | undefined> {
	if (!('document' in globalThis)) return undefined
	const video = document.createElement('video')
	const url = URL.createObjectURL(file)
	const deadline = AbortSignal.any([signal, AbortSignal.timeout(LOAD_MS)])
	// Else each video stays in memory for as long as the signal may still abort.
	const over = new AbortController()
	/** True when it happens in time. */
	const happens = (event: 'loadedmetadata' | 'seeked', start: () => void) =>
		new Promise<boolean>((resolve) => {
			const end = (outcome: boolean) => () => {
				resolve(outcome)
			}
			video.addEventListener(event, end(true), { once: true })
			video.addEventListener('error', end(false), { once: true })
			deadline.addEventListener('abort', end(false), { once: true, signal: over.signal })
			start()
		})
	try {
		const loaded = await happens('loadedmetadata', () => {
			video.preload = wantsFrame ? 'auto' : 'metadata'
			video.muted = true
			video.src = url
		})
		if (!loaded || video.videoWidth === 0) return undefined
		const { videoWidth: width, videoHeight: height, duration } = video
		const durationS = Number.isFinite(duration) ? duration : undefined
		const shown =
			wantsFrame &&
			(await happens('seeked', () => {
				video.currentTime = Math.min((durationS ?? 0) * FRAME_AT, FRAME_AT_MOST_S)
			}))
		const frame = shown ? await frameOf(video) : undefined
		return { width, height, ...(durationS !== undefined && { durationS }), ...(frame && { frame }) }
	} finally {
		over.abort()
		video.removeAttribute('src')
		URL.revokeObjectURL(url)
	}
}

async function frameOf(video: HTMLVideoElement): Promise<Blob | undefined> {
	const scale = Math.min(1, FRAME_SIDE / Math.max(video.videoWidth, video.videoHeight))
	const canvas = new OffscreenCanvas(
		Math.max(1, Math.round(video.videoWidth * scale)),
		Math.max(1, Math.round(video.videoHeight * scale))
	)
	const context = canvas.getContext('2d')
	if (context === null) return undefined
	context.drawImage(video, 0, 0, canvas.width, canvas.height)
	return await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 })
}
