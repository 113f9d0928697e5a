import type { CID } from 'multiformats/cid'
import type { EntryKind } from './entry'

/** One file chosen for publishing. `path` is relative to what was dropped, in NFC, with `/`. */
export interface ChosenFile {
	readonly path: string
	readonly file: File
}

/** What was read from one media file, for the table that a person checks and edits. */
export interface DraftEntry {
	readonly path: string
	readonly file: File
	readonly kind: EntryKind
	readonly mime: string
	readonly sizeBytes: number
	readonly durationMs?: number
	readonly bitrate?: number
	readonly sampleRate?: number
	readonly channels?: number
	readonly width?: number
	readonly height?: number
	readonly codec?: string
	readonly lossless?: boolean
	readonly gain?: {
		readonly track?: number
		readonly album?: number
		readonly trackPeak?: number
		readonly albumPeak?: number
	}
	readonly mbid?: Readonly<Record<string, string | readonly string[]>>
	/** Cover embedded in the file, or found beside it in the folder. */
	readonly cover?: Blob
	readonly coverFrom?: 'file' | 'folder' | 'chosen'
	/** What can be edited. */
	title: string
	artists: string[]
	albumArtists: string[]
	album: string
	genres: string[]
	date: string
	track?: number
	tracks?: number
	disc?: number
	discs?: number
	composers: string[]
	licence: string
	comment: string
	label?: string
	isrc?: string
	bpm?: number
	compilation?: boolean
	/** BCP 47 or ISO 639 tag of what is sung or said. */
	lang?: string
	/** `start` in ms. */
	chapters?: readonly { readonly start: number; readonly title: string }[]
	/** Why the tags could not be read, in words; the file can still be published. */
	readonly problem?: string
}

export interface Draft {
	/** Display name of the publisher. */
	name: string
	about: string
	licence: string
	entries: DraftEntry[]
	/** Files that go along but are not entries (covers, lyrics, texts). */
	others: ChosenFile[]
}

export interface PublishProgress {
	readonly step: 'reading' | 'hashing' | 'packing' | 'sending' | 'naming' | 'announcing'
	readonly filesDone: number
	readonly files: number
	readonly bytesDone: number
	readonly bytes: number
	/** Path of the file at work. */
	readonly path?: string
}

export interface BuiltPublication {
	readonly root: CID
	/** Bytes of all blocks below the root. */
	readonly sizeBytes: number
	readonly entries: number
	readonly pages: number
	/** Every block below the root in CAR order (root first, depth first), each once. */
	readonly blocks: readonly CID[]
}

/** The five steps of publishing, in their order. */
export type PublishStepName = 'build' | 'send' | 'sign' | 'name' | 'announce'

/** One step as a person sees it. `skipped` is a step that no chosen place asks for. */
export interface PublishStep {
	readonly name: PublishStepName
	readonly state: 'waiting' | 'running' | 'done' | 'failed' | 'skipped'
	readonly progress?: PublishProgress
	/** What was thrown, while `failed`. */
	readonly error?: unknown
}

/** How one place took the signed record. */
export interface NamedAt {
	/** Origin that was asked. */
	readonly place: string
	readonly ok: boolean
	/** What was thrown, where not `ok`. */
	readonly error?: unknown
}

/** All that the steps have yielded so far. Plain values, so that it can be stored and taken up again after a reload. */
export interface PublishResults {
	readonly name: string
	/** Root CID. */
	readonly root?: string
	readonly sizeBytes?: number
	readonly entries?: number
	readonly pages?: number
	/** CIDs of all blocks, in CAR order. */
	readonly blocks?: readonly string[]
	/** How many of `blocks` the node has confirmed. */
	readonly blocksSent?: number
	/** True once the node has pinned the root. */
	readonly pinned?: boolean
	/** The signed IPNS record, protobuf, and its sequence. */
	readonly record?: Uint8Array
	readonly sequence?: bigint
	readonly named?: readonly NamedAt[]
	/** Peers that the announcement was sent to. */
	readonly peers?: number
}
