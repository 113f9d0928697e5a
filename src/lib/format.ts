/* Numbers, sizes and times as people read them. `locale` is a BCP 47 tag: pass `useMessages().locale`. */

const pad = (value: number) => String(value).padStart(2, '0')

/** A position or length: `2:18`, `1:02:03`. Figures run the same way in every script. @param ms - milliseconds */
export function formatDuration(ms: number): string {
	if (!Number.isFinite(ms)) return '–:––'
	const seconds = Math.max(0, Math.floor(ms / 1000))
	const minutes = Math.floor(seconds / 60)
	return minutes < 60
		? `${minutes}:${pad(seconds % 60)}`
		: `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(seconds % 60)}`
}

/** A long playing time in words: `1 hr, 12 min`, `1 Std., 12 Min.`. Below a minute it says seconds. */
export function formatLength(ms: number, locale: string): string {
	const minutes = Math.round(ms / 60_000)
	const unit = (value: number, name: string) =>
		new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'short' }).format(value)
	if (ms < 59_500) return unit(Math.round(ms / 1000), 'second')
	if (minutes < 60) return unit(minutes, 'minute')
	return [unit(Math.floor(minutes / 60), 'hour'), minutes % 60 > 0 ? unit(minutes % 60, 'minute') : '']
		.filter(Boolean)
		.join(' ')
}

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const

/** A size in decimal units, as file managers and pinning services count: `1.4 GB`. */
export function formatBytes(bytes: number, locale: string): string {
	const power = bytes < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3))
	const value = bytes / 1000 ** power
	return new Intl.NumberFormat(locale, {
		style: 'unit',
		unit: UNITS[power] ?? 'byte',
		unitDisplay: power === 0 ? 'long' : 'short',
		maximumFractionDigits: power > 1 && value < 100 ? 1 : 0
	}).format(value)
}

export const formatNumber = (value: number, locale: string): string => new Intl.NumberFormat(locale).format(value)

/** A day: `3 Nov 2026`. @param ms - Unix ms */
export const formatDate = (ms: number, locale: string): string =>
	new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(ms)

/** A day and a minute: `3 Nov 2026, 09:12`. @param ms - Unix ms */
export const formatTime = (ms: number, locale: string): string =>
	new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(ms)

const STEPS = [
	['day', 86_400_000],
	['hour', 3_600_000],
	['minute', 60_000]
] as const

/** How long ago, or how soon: `4 min. ago`, `in 2 days`, `now`; a date when it is more than 30 days. */
export function formatAgo(ms: number, nowMs: number, locale: string): string {
	const away = ms - nowMs
	if (Math.abs(away) > 30 * 86_400_000) return formatDate(ms, locale)
	const format = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' })
	for (const [unit, size] of STEPS) if (Math.abs(away) >= size) return format.format(Math.trunc(away / size), unit)
	return format.format(0, 'second')
}

/** An address cut in the middle: `bafybeig7…q3hm4u`. */
export const shorten = (address: string, start = 9, end = 6): string =>
	address.length <= start + end + 1 ? address : `${address.slice(0, start)}…${address.slice(-end)}`

const CODECS: Readonly<Record<string, string>> = {
	'audio/flac': 'FLAC',
	'audio/x-flac': 'FLAC',
	'audio/mpeg': 'MP3',
	'audio/mp4': 'M4A',
	'audio/aac': 'AAC',
	'audio/ogg': 'Ogg',
	'audio/opus': 'Opus',
	'audio/wav': 'WAV',
	'audio/x-wav': 'WAV',
	'audio/webm': 'WebM',
	'video/mp4': 'MP4',
	'video/webm': 'WebM',
	'video/x-matroska': 'MKV'
}

interface Format {
	readonly mime: string
	readonly codec?: string | undefined
	readonly lossless?: boolean | undefined
	readonly bitrate?: number | undefined
	readonly sampleRate?: number | undefined
	readonly height?: number | undefined
}

/** A format in a few letters: `FLAC 44.1`, `MP3 320`, `MP4 1080p`. */
export function formatFormat(of: Format): string {
	const [type = '', rest = ''] = of.mime.split(';', 1)[0]?.toLowerCase().split('/') ?? []
	const name = CODECS[`${type}/${rest}`] ?? (of.codec ?? rest.replace(/^x-/, '')).toUpperCase().slice(0, 12)
	if (of.height !== undefined && type === 'video') return `${name} ${of.height}p`
	if (of.lossless === true && of.sampleRate !== undefined) return `${name} ${of.sampleRate / 1000}`
	if (of.bitrate !== undefined && of.lossless !== true) return `${name} ${Math.round(of.bitrate / 1000)}`
	return name
}
