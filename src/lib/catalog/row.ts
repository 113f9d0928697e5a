import type { EntryKind } from './entry'

/**
 * An entry as the index keeps it and the screens show it: plain values only, so that it passes `postMessage` and
 * IndexedDB. CIDs are text. Made by `toRow` in `entry.ts` from a validated {@link Entry}; never from raw input.
 */
export interface EntryRow {
	/** Number of the document in this browser's index; 0 for a row that is not indexed. */
	readonly id: number
	/** IPNS name of the publisher; empty for a root opened without an announcement. */
	readonly publisher: string
	readonly publisherName: string
	/** Root CID of the publication. */
	readonly root: string
	/** Key within the publication, its path below the root where there is one. */
	readonly k: string
	readonly kind: EntryKind
	/** Root CID of the media file. */
	readonly file: string
	readonly sizeBytes: number
	readonly mime: string
	readonly title: string
	readonly artists: readonly string[]
	readonly albumArtists: readonly string[]
	readonly genres: readonly string[]
	readonly composers?: readonly string[]
	readonly album?: string
	readonly date?: string
	readonly label?: string
	readonly licence?: string
	readonly comment?: string
	readonly track?: number
	readonly disc?: number
	readonly durationMs?: number
	/** bit/s */
	readonly bitrate?: number
	/** Hz */
	readonly sampleRate?: number
	readonly channels?: number
	readonly width?: number
	readonly height?: number
	readonly codec?: string
	readonly lossless?: boolean
	/** CID of the cover image. */
	readonly cover?: string
	/** ThumbHash of the cover, at most 64 bytes. */
	readonly thumb?: Uint8Array
	/** Hue of the cover, 0 to 359, worked out from `thumb`; absent when the cover is grey or missing. */
	readonly hue?: number
	/** This row is a part of the file, in ms. */
	readonly clip?: { readonly start: number; readonly end?: number }
	readonly lyrics?: string
	readonly waveform?: string
	readonly subtitles?: readonly { readonly lang: string; readonly file: string; readonly mime: string }[]
	readonly chapters?: readonly { readonly start: number; readonly title: string }[]
	/** dB */
	readonly gain?: { readonly track?: number; readonly album?: number }
	/** MusicBrainz ids of whatever kind, lower case. */
	readonly mbids?: readonly string[]
	/** Unix seconds. */
	readonly added?: number
}
