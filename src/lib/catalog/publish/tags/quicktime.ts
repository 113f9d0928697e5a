import { boxes, type Box } from '../location/boxes'

/** The index of a film; of hours it has some megabytes. */
const MAX_MOOV_BYTES = 64 * 1024 * 1024
const MAX_BOXES = 1000
const HOLDERS = new Set(['moov', 'trak', 'udta'])

export interface QuickTimeLook {
	readonly width?: number
	readonly height?: number
	readonly durationS?: number
	/** By their four letters, as `©nam`. */
	readonly texts: ReadonlyMap<string, string>
}

/**
 * What the index of a MOV or MP4 says where the parser of tags does not look: the size of its picture, and QuickTime's own
 * texts. @see https://developer.apple.com/documentation/quicktime-file-format/user_data_atoms
 */
export async function quickTimeLook(file: Blob): Promise<QuickTimeLook | undefined> {
	for (let at = 0, n = 0; at + 8 <= file.size && n < MAX_BOXES; n++) {
		const [box] = boxes(new Uint8Array(await file.slice(at, at + 16).arrayBuffer()), file.size - at)
		if (box === undefined) return undefined
		if (box.type === 'moov') {
			if (box.size > MAX_MOOV_BYTES) return undefined
			return lookOf(new Uint8Array(await file.slice(at, at + box.size).arrayBuffer()))
		}
		at += box.size
	}
	return undefined
}

function lookOf(bytes: Uint8Array): QuickTimeLook {
	const texts = new Map<string, string>()
	const look: { width?: number; height?: number; durationS?: number } = {}
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
	const visit = (from: number, to: number, depth: number) => {
		for (const inner of boxes(bytes.subarray(from, to), to - from)) {
			const box: Box = { ...inner, content: from + inner.content, end: from + inner.end }
			const length = box.end - box.content
			if (HOLDERS.has(box.type) && depth < 4) {
				visit(box.content, box.end, depth + 1)
			} else if (box.type === 'tkhd' && length >= 84) {
				const [width, height] = [view.getUint32(box.end - 8) >>> 16, view.getUint32(box.end - 4) >>> 16]
				if (width > (look.width ?? 0)) Object.assign(look, { width, height })
			} else if (box.type === 'mvhd' && length >= 32) {
				const isLong = view.getUint8(box.content) === 1
				const scale = view.getUint32(box.content + (isLong ? 20 : 12))
				const duration = isLong ? Number(view.getBigUint64(box.content + 24)) : view.getUint32(box.content + 16)
				if (scale > 0) look.durationS = duration / scale
			} else if (box.type.startsWith('\u00a9') && length >= 4) {
				const text = bytes.subarray(
					box.content + 4,
					Math.min(box.end, box.content + 4 + view.getUint16(box.content))
				)
				texts.set(box.type, new TextDecoder().decode(text))
			}
		}
	}
	visit(0, bytes.byteLength, 0)
	return { ...look, texts }
}
