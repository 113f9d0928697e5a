import { extensionOf, typeOfName } from './media-types'

/** How bytes are served: under which type, and whether a browser may show them itself. */
export interface ServedType {
	readonly type: string
	/** False: saved, never shown. */
	readonly inline: boolean
}

/** Bytes of the start of a file that {@link servedType} needs at most. */
export const SNIFF_BYTES = 4096

const text = 'text/plain; charset=utf-8'

/** Extension → type, for text alone. */
const TEXT_BY_EXTENSION: Readonly<Record<string, string>> = {
	m3u8: 'application/vnd.apple.mpegurl',
	vtt: 'text/vtt; charset=utf-8'
}

/**
 * The type a file is served under. What its first bytes say comes first, then the extension of its name; whatever else it
 * is claimed to be does not count. Markup and scripts are plain text, unknown bytes are saved: nothing from the network is
 * ever a page of this origin.
 * @param head - the first {@link SNIFF_BYTES} bytes, or all of a shorter file
 */
export function servedType(head: Uint8Array, name: string | undefined): ServedType {
	const extension = extensionOf(name ?? '')
	const sniffed = sniff(head, extension)
	if (sniffed === 'application/pdf') return { type: sniffed, inline: false }
	if (sniffed !== undefined) return { type: sniffed, inline: true }
	if (isText(head)) return { type: TEXT_BY_EXTENSION[extension] ?? text, inline: true }
	const named = typeOfName(name ?? '')?.mime
	const isMedia = named !== undefined && /^(audio|video|image)\//.test(named) && !named.includes('+xml')
	return isMedia ? { type: named, inline: true } : { type: 'application/octet-stream', inline: false }
}

function sniff(head: Uint8Array, extension: string): string | undefined {
	const ascii = (from: number, to: number) => String.fromCharCode(...head.subarray(from, to))
	const starts = (...bytes: number[]) => bytes.every((byte, index) => head[index] === byte)
	const four = ascii(0, 4)
	switch (four) {
		case 'fLaC':
			return 'audio/flac'
		case 'OggS':
			return /theora|\x80theora|OVP80|BBCD/.test(ascii(0, 512)) ? 'video/ogg' : 'audio/ogg'
		case 'RIFF':
		case 'RF64':
			return { WAVE: 'audio/wav', 'AVI ': 'video/x-msvideo', WEBP: 'image/webp' }[ascii(8, 12)]
		case 'FORM':
			return /^AIF[FC]$/.test(ascii(8, 12)) ? 'audio/aiff' : undefined
		case 'wvpk':
			return 'audio/x-wavpack'
		case 'MAC ':
			return 'audio/x-ape'
		case 'MThd':
			return 'audio/midi'
		case 'DSD ':
			return 'audio/x-dsf'
		case 'MPCK':
			return 'audio/x-musepack'
		case 'TTA1':
			return 'audio/x-tta'
		case 'caff':
			return 'audio/x-caf'
		case 'GIF8':
			return 'image/gif'
		case '%PDF':
			return 'application/pdf'
		case 'II*\0':
		case 'MM\0*':
			return 'image/tiff'
	}
	if (ascii(4, 8) === 'ftyp') return fileType(ascii(8, 12), extension)
	if (starts(0x1a, 0x45, 0xdf, 0xa3)) return matroska(ascii(0, 64), extension)
	if (starts(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a)) return 'image/png'
	if (starts(0xff, 0xd8, 0xff)) return 'image/jpeg'
	if (starts(0xff, 0x0a) || starts(0, 0, 0, 0x0c, 0x4a, 0x58, 0x4c, 0x20)) return 'image/jxl'
	if (starts(0x42, 0x4d) && extension === 'bmp') return 'image/bmp'
	if (starts(0, 0, 1, 0) && extension === 'ico') return 'image/x-icon'
	if (starts(0, 0, 1, 0xba) || starts(0, 0, 1, 0xb3)) return 'video/mpeg'
	if (four.startsWith('FLV')) return 'video/x-flv'
	if (starts(0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11))
		return extension === 'wma' ? 'audio/x-ms-wma' : 'video/x-ms-wmv'
	if (head[0] === 0x47 && head[188] === 0x47 && head[376] === 0x47) return 'video/mp2t'
	// FLAC and AAC may wear ID3 tags too; then the extension tells.
	if (four.startsWith('ID3'))
		return extension === 'flac' || extension === 'aac' ? `audio/${extension}` : 'audio/mpeg'
	if (head[0] === 0xff && ((head[1] ?? 0) & 0xf6) === 0xf0) return 'audio/aac'
	if (head[0] === 0xff && ((head[1] ?? 0) & 0xe0) === 0xe0 && ((head[1] ?? 0) & 0x06) !== 0) return 'audio/mpeg'
	return undefined
}

/** ISO base media files by brand (ISO/IEC 14496-12). */
function fileType(brand: string, extension: string): string {
	if (/^avi[fs]$/.test(brand)) return 'image/avif'
	if (/^(hei[cxms]|hev[cx]|mif1|msf1)$/.test(brand)) return 'image/heic'
	if (brand.startsWith('M4A') || brand.startsWith('M4B')) return 'audio/mp4'
	if (brand === 'qt  ') return 'video/quicktime'
	return extension === 'm4a' || extension === 'm4b' ? 'audio/mp4' : 'video/mp4'
}

function matroska(start: string, extension: string): string {
	const sound = ['mka', 'weba', 'opus'].includes(extension)
	return `${sound ? 'audio' : 'video'}/${start.includes('webm') ? 'webm' : 'x-matroska'}`
}

/** True for UTF-8 without control characters, cut anywhere. */
function isText(head: Uint8Array): boolean {
	if (head.some((byte) => byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13)) return false
	try {
		new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true })
		return true
	} catch {
		return false
	}
}
