import type { IAudioMetadata } from 'music-metadata'

/** ReplayGain's 0 dB lies at -18 LUFS, that of R128 at -23 LUFS. @see https://www.rfc-editor.org/rfc/rfc7845 section 5.2.1 */
const R128_TO_REPLAYGAIN_DB = 5
const R128_STEPS_A_DB = 256

/** Tags that the parser gives as they stand in the file, and does not put among the common ones. */
export interface NativeTags {
	readonly album?: string
	readonly date?: string
	readonly genres?: readonly string[]
	readonly track?: number
	readonly tracks?: number
	/** dB on ReplayGain's scale. */
	readonly trackGain?: number
	readonly albumGain?: number
}

/** What Matroska says of a track rather than of an album, as ffmpeg writes it; and the gains of R128. */
export function nativeTags({ native }: IAudioMetadata): NativeTags {
	const matroska = new Map<string, unknown>()
	for (const { id, value } of native['matroska'] ?? []) {
		const [, name = ''] = /^(?:track|album|edition):(\w+)$/i.exec(id) ?? []
		if (name !== '' && !matroska.has(name.toUpperCase())) matroska.set(name.toUpperCase(), value)
	}
	const text = (name: string) => {
		const value = matroska.get(name)
		return typeof value === 'string' ? value : undefined
	}
	const [, track, tracks] = /^(\d{1,4})(?:\/(\d{1,4}))?$/.exec(text('PART_NUMBER') ?? '') ?? []
	const gains = new Map((native['vorbis'] ?? []).map(({ id, value }) => [id.toUpperCase(), Number(value)]))
	const gain = (name: string) => {
		const steps = gains.get(name)
		return steps === undefined || !Number.isFinite(steps)
			? undefined
			: steps / R128_STEPS_A_DB + R128_TO_REPLAYGAIN_DB
	}
	const found = {
		album: text('ALBUM'),
		date: text('DATE_RELEASED') ?? text('DATE'),
		genres: text('GENRE')?.split(';'),
		track: track === undefined ? undefined : Number(track),
		tracks: tracks === undefined ? undefined : Number(tracks),
		trackGain: gain('R128_TRACK_GAIN'),
		albumGain: gain('R128_ALBUM_GAIN')
	}
	return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined))
}

const LATIN_1 = /^[\0-\u00ff]*$/
const HIGH = /[\u0080-\u00ff]/

/** The text that was meant where UTF-8 was read as Latin-1, as in many WAV files and old tags. */
export function meantText(text: string): string {
	if (!HIGH.test(text) || !LATIN_1.test(text)) return text
	try {
		const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0))
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
	} catch {
		// It is Latin-1 after all.
		return text
	}
}
