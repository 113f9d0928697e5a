/** What a file is for. */
export type MediaKind = 'audio' | 'video' | 'image' | 'document' | 'subtitle' | 'other'

/** Of a playlist of segments (RFC 8216, section 4). */
export const HLS_TYPE = 'application/vnd.apple.mpegurl'

/** Extension, its media type, its kind. Where one type has more extensions, the first is the one for file names. */
const table: readonly (readonly [extension: string, mime: string, kind: MediaKind])[] = [
	['mp3', 'audio/mpeg', 'audio'],
	['flac', 'audio/flac', 'audio'],
	['ogg', 'audio/ogg', 'audio'],
	['oga', 'audio/ogg', 'audio'],
	['opus', 'audio/ogg', 'audio'],
	['spx', 'audio/ogg', 'audio'],
	['m4a', 'audio/mp4', 'audio'],
	['m4b', 'audio/mp4', 'audio'],
	['aac', 'audio/aac', 'audio'],
	['wav', 'audio/wav', 'audio'],
	['weba', 'audio/webm', 'audio'],
	['mka', 'audio/matroska', 'audio'],
	['aif', 'audio/aiff', 'audio'],
	['aiff', 'audio/aiff', 'audio'],
	['wma', 'audio/x-ms-wma', 'audio'],
	['ape', 'audio/x-ape', 'audio'],
	['wv', 'audio/x-wavpack', 'audio'],
	['dsf', 'audio/x-dsf', 'audio'],
	['mid', 'audio/midi', 'audio'],
	['midi', 'audio/midi', 'audio'],
	['mp4', 'video/mp4', 'video'],
	['m4v', 'video/mp4', 'video'],
	['webm', 'video/webm', 'video'],
	['mkv', 'video/matroska', 'video'],
	['mov', 'video/quicktime', 'video'],
	['ogv', 'video/ogg', 'video'],
	['avi', 'video/x-msvideo', 'video'],
	['mpg', 'video/mpeg', 'video'],
	['mpeg', 'video/mpeg', 'video'],
	['m2ts', 'video/mp2t', 'video'],
	['wmv', 'video/x-ms-wmv', 'video'],
	['flv', 'video/x-flv', 'video'],
	['3gp', 'video/3gpp', 'video'],
	['jpg', 'image/jpeg', 'image'],
	['jpeg', 'image/jpeg', 'image'],
	['png', 'image/png', 'image'],
	['webp', 'image/webp', 'image'],
	['avif', 'image/avif', 'image'],
	['jxl', 'image/jxl', 'image'],
	['gif', 'image/gif', 'image'],
	['bmp', 'image/bmp', 'image'],
	['tif', 'image/tiff', 'image'],
	['tiff', 'image/tiff', 'image'],
	['heic', 'image/heic', 'image'],
	['svg', 'image/svg+xml', 'image'],
	['pdf', 'application/pdf', 'document'],
	['epub', 'application/epub+zip', 'document'],
	['mobi', 'application/x-mobipocket-ebook', 'document'],
	['djvu', 'image/vnd.djvu', 'document'],
	['cbz', 'application/vnd.comicbook+zip', 'document'],
	['txt', 'text/plain', 'document'],
	['md', 'text/markdown', 'document'],
	['nfo', 'text/plain', 'document'],
	['rtf', 'application/rtf', 'document'],
	['odt', 'application/vnd.oasis.opendocument.text', 'document'],
	['docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'document'],
	['vtt', 'text/vtt', 'subtitle'],
	['srt', 'application/x-subrip', 'subtitle'],
	['ass', 'text/x-ssa', 'subtitle'],
	['ssa', 'text/x-ssa', 'subtitle'],
	['lrc', 'text/x-lrc', 'other'],
	['cue', 'application/x-cue', 'other'],
	['log', 'text/plain', 'other'],
	['m3u', 'audio/x-mpegurl', 'other'],
	['m3u8', HLS_TYPE, 'other'],
	['pls', 'audio/x-scpls', 'other'],
	['xspf', 'application/xspf+xml', 'other'],
	['jspf', 'application/jspf+json', 'other'],
	['json', 'application/json', 'other'],
	['xml', 'application/xml', 'other'],
	['html', 'text/html', 'other'],
	['zip', 'application/zip', 'other'],
	['torrent', 'application/x-bittorrent', 'other']
]

const byExtension = new Map(table.map(([extension, mime, kind]) => [extension, { mime, kind }]))
const byMime = new Map(table.toReversed().map(([extension, mime, kind]) => [mime, { extension, kind }]))

/** Other names of types in {@link table}, as taggers and servers write them. */
const aliases = new Map([
	['audio/mp3', 'audio/mpeg'],
	['audio/x-mp3', 'audio/mpeg'],
	['audio/x-mpeg', 'audio/mpeg'],
	['audio/x-flac', 'audio/flac'],
	['application/ogg', 'audio/ogg'],
	['audio/opus', 'audio/ogg'],
	['audio/vorbis', 'audio/ogg'],
	['audio/x-m4a', 'audio/mp4'],
	['audio/m4a', 'audio/mp4'],
	['audio/x-m4b', 'audio/mp4'],
	['audio/aacp', 'audio/aac'],
	['audio/x-wav', 'audio/wav'],
	['audio/wave', 'audio/wav'],
	['audio/vnd.wave', 'audio/wav'],
	['audio/x-aiff', 'audio/aiff'],
	['audio/x-matroska', 'audio/matroska'],
	['audio/x-ms-asf', 'audio/x-ms-wma'],
	['audio/ape', 'audio/x-ape'],
	['audio/wavpack', 'audio/x-wavpack'],
	['video/x-matroska', 'video/matroska'],
	['video/x-m4v', 'video/mp4'],
	['video/vnd.avi', 'video/x-msvideo'],
	['video/x-ms-asf', 'video/x-ms-wmv'],
	['application/x-mpegurl', HLS_TYPE],
	['image/jpg', 'image/jpeg'],
	['application/x-pdf', 'application/pdf'],
	['application/srt', 'application/x-subrip'],
	['text/srt', 'application/x-subrip']
])

/** The extension of a file name in lower case, without the dot; empty when it has none. */
export function extensionOf(name: string): string {
	return /[^/]\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1]?.toLowerCase() ?? ''
}

/** What the extension of a file name says; `undefined` for one that is not known here. Advice, as all names are. */
export function typeOfName(name: string): { readonly mime: string; readonly kind: MediaKind } | undefined {
	return byExtension.get(extensionOf(name))
}

/** A media type in lower case, without parameters, under its first name. */
export function plainMime(mime: string): string {
	const plain = mime.replace(/;.*$/s, '').trim().toLowerCase()
	return aliases.get(plain) ?? plain
}

/** The extension for a media type, without the dot; `undefined` for one that is not known here. */
export function extensionOfMime(mime: string): string | undefined {
	return byMime.get(plainMime(mime))?.extension
}

/** The kind of a media type: that of the table, else the part before the slash. */
export function kindOfMime(mime: string): MediaKind {
	const plain = plainMime(mime)
	const known = byMime.get(plain)
	if (known !== undefined) return known.kind
	const family = plain.split('/')[0]
	if (family === 'audio' || family === 'video' || family === 'image') return family
	return family === 'text' ? 'document' : 'other'
}

/** True for kinds that run in time, and so can go into the queue of a player. */
export function isPlayable(kind: MediaKind): kind is 'audio' | 'video' {
	return kind === 'audio' || kind === 'video'
}
