/** What a playlist of segments says (RFC 8216): of which parts it is made, and how long it is. */
export interface HlsPlaylist {
	/** Locations of segments and of other playlists, as they are written. */
	readonly names: readonly string[]
	/** Of the segments, ms; undefined for a playlist of playlists. */
	readonly durationMs?: number
	readonly hasPicture: boolean
}

const MAX_NAMES = 20_000
/** Codecs of sound, as RFC 6381 names them. */
const SOUND = /^(?:mp4a|ac-3|ec-3|opus|flac|alac|mp3)\b/i
/** Names of segments that hold sound alone. */
const SOUND_NAME = /\.(?:aac|mp3|m4a|ac3|ec3)$/i

/** Reads a playlist of segments, or of such playlists; undefined for every other text, plain M3U included. */
export function parseHls(text: string): HlsPlaylist | undefined {
	const lines = text.split(/\r?\n/).map((line) => line.trim())
	if (lines[0]?.replace('\ufeff', '') !== '#EXTM3U') return undefined
	const variants = lines.filter((line) => line.startsWith('#EXT-X-STREAM-INF:'))
	const isMedia = lines.some((line) => line.startsWith('#EXT-X-TARGETDURATION:'))
	if (variants.length === 0 && !isMedia) return undefined
	const written = lines.filter((line) => line !== '' && !line.startsWith('#'))
	const attributes = lines.flatMap((line) => /^#EXT-X-[A-Z-]+:.*\bURI="([^"]+)"/.exec(line)?.[1] ?? [])
	const names = [...written, ...attributes].slice(0, MAX_NAMES)
	if (variants.length > 0) return { names, hasPicture: variants.some(hasPicture) }
	const seconds = lines.reduce((sum, line) => sum + Number(/^#EXTINF:(\d+(?:\.\d+)?)/.exec(line)?.[1] ?? 0), 0)
	return {
		names,
		...(seconds > 0 && { durationMs: Math.round(seconds * 1000) }),
		hasPicture: !written.every((name) => SOUND_NAME.test(name.replace(/[?#].*$/s, '')))
	}
}

function hasPicture(variant: string): boolean {
	if (/\bRESOLUTION=/.test(variant)) return true
	const codecs = /\bCODECS="([^"]*)"/.exec(variant)?.[1]
	const isSound = codecs?.split(',').every((codec) => SOUND.test(codec.trim())) ?? false
	return !isSound
}
