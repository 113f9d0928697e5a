import { contentUrl } from '$lib/gateway/content-path'
import type { EntryRow } from '$lib/catalog/row'

const EXTENSIONS: Readonly<Record<string, string>> = {
	'audio/mpeg': 'mp3',
	'audio/mp4': 'm4a',
	'audio/aac': 'aac',
	'audio/flac': 'flac',
	'audio/ogg': 'ogg',
	'audio/opus': 'opus',
	'audio/wav': 'wav',
	'audio/webm': 'weba',
	'video/mp4': 'mp4',
	'video/webm': 'webm',
	'video/ogg': 'ogv',
	'video/x-matroska': 'mkv',
	'image/jpeg': 'jpg',
	'image/png': 'png',
	'image/webp': 'webp',
	'application/pdf': 'pdf',
	'text/plain': 'txt'
}

type Named = Pick<EntryRow, 'k' | 'title' | 'mime'>

/** A file name to save under. Its extension also tells the worker the type, so it is never left out where it is known. */
export function fileName(row: Named): string {
	const last = row.k.split('/').at(-1) ?? ''
	if (/^[^.].*\.[A-Za-z0-9]{1,5}$/.test(last)) return last
	const mime = row.mime.split(';', 1)[0]?.trim().toLowerCase() ?? ''
	const extension = EXTENSIONS[mime]
	const name =
		row.title
			.replace(/[\p{Cc}/\\:*?"<>|]+/gu, ' ')
			.trim()
			.slice(0, 120) || 'file'
	return extension === undefined ? name : `${name}.${extension}`
}

/** Where the worker answers with the bytes of a row, each checked. */
export function mediaUrl(
	row: Named & Pick<EntryRow, 'file'>,
	options: { readonly download?: boolean } = {}
): string {
	const url = contentUrl(document.baseURI, row.file, { filename: fileName(row) })
	return options.download === true ? `${url}&download=1` : url
}
