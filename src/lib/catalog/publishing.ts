import type { CID } from 'multiformats/cid'
import type { AppErrorCode } from '../errors'
import type { EntryKind } from './entry'
import type { BytePatch } from './publish/byte-patch'
import type { FileLeaves } from './publish/file-blocks'
import type { LocationFinding } from './publish/location'

/** One file chosen for publishing. `path` is relative to what was dropped, in NFC, with `/`. */
export interface ChosenFile {
	readonly path: string
	readonly file: File
	/** Bytes that are written over in what is published, as those that say where a picture was taken. */
	readonly patches?: readonly BytePatch[]
	/** What the file tells of places. */
	readonly location?: LocationFinding
}

/** `slow`: a parser did not come to an end with it in time. */
export type FileProblem = 'empty' | 'unreadable' | 'slow' | 'damaged'

/** What was read from one media file, for the table that a person checks and edits. */
export interface DraftEntry extends ChosenFile {
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
	readonly coverFrom?: 'file' | 'folder' | 'chosen' | 'frame'
	/** A data file of audiowaveform. */
	readonly waveform?: Uint8Array<ArrayBuffer>
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
	/** Why the tags could not be read; the file can still be published. */
	readonly problem?: FileProblem
}

/** A publication of somebody else that is kept: `root` is a CID, `of` an IPNS name. */
export interface Mirror {
	readonly root: string
	readonly of: string
}

/** A playlist that goes with a publication, as the block that is signed with it. */
export interface SignedPlaylist {
	/** Below the root. */
	readonly path: string
	readonly bytes: Uint8Array
}

export interface Draft {
	/** Display name of the publisher. */
	name: string
	about: string
	licence: string
	entries: DraftEntry[]
	/** Files that go along but are not entries (covers, lyrics, texts). */
	others: ChosenFile[]
	/** What the head says is kept of others. */
	readonly mirrors?: readonly Mirror[]
	/** Each at a path of its own. */
	readonly playlists?: readonly SignedPlaylist[]
}

export interface PublishProgress {
	readonly step: 'reading' | 'hashing' | 'packing' | 'sending' | 'naming' | 'announcing'
	readonly filesDone: number
	readonly files: number
	readonly bytesDone: number
	readonly bytes: number
	/** Path of the file at work. */
	readonly path?: string
	/** The files at work, where several are. */
	readonly atWork?: readonly { readonly path: string; readonly bytesDone: number; readonly bytes: number }[]
	/** Of `bytesDone`, those that were known from another time and cost nothing. */
	readonly bytesKnown?: number
	/** By the last seconds. */
	readonly bytesPerS?: number
	/** Seconds left at that speed. */
	readonly leftS?: number
}

export interface BuiltPublication {
	readonly root: CID
	/** Bytes of all blocks below the root. */
	readonly sizeBytes: number
	readonly entries: number
	readonly pages: number
	/** Every block below the root in CAR order (root first, depth first), each once. */
	readonly blocks: readonly CID[]
	/** The leaves that are in the chosen files alone; absent when all blocks were stored. See `FileBlocks`. */
	readonly leaves?: readonly FileLeaves[]
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
	/** Why, where not `ok`. */
	readonly problem?: Problem
}

/** What a place needs to go on with a publication, or to find it again. */
export type PlaceMark = Readonly<Record<string, string | number | boolean>>

/** Why something did not go, as plain values that can be stored. `detail` is what the other side said, as text. */
export interface Problem {
	readonly code: AppErrorCode | 'unknown'
	readonly detail?: string
}

/** How one place stands to one publication. */
export interface AtPlace {
	/** What the user calls the place; kept here because the place itself may be gone. */
	readonly label: string
	/** `asked`: it fetches by itself and has not finished; `gone`: it had it and has it no more. */
	readonly state: 'sending' | 'asked' | 'held' | 'failed' | 'gone'
	readonly mark?: PlaceMark
	readonly bytesDone?: number
	/** Why it failed, or why it could not be asked when it was last looked at. */
	readonly problem?: Problem
	/** When the place last answered whether it holds it, Unix ms. */
	readonly checkedMs?: number
}

/** All that the steps have yielded so far. Plain values, so that it can be stored and taken up again after a reload. */
export interface PublishResults {
	readonly name: string
	/** Root CID. */
	readonly root?: string
	readonly sizeBytes?: number
	readonly entries?: number
	readonly pages?: number
	/** Where it is and how it fares there, by the id of the place. */
	readonly places?: Readonly<Record<string, AtPlace>>
	/** The signed IPNS record, protobuf, and its sequence. */
	readonly record?: Uint8Array
	readonly sequence?: bigint
	readonly named?: readonly NamedAt[]
	/** Peers that the announcement was sent to. */
	readonly peers?: number
}
