/** Text fields that are told apart, most telling first. */
export const TEXT_FIELDS = [
	'title',
	'artists',
	'album',
	'composers',
	'genres',
	'label',
	'publisher',
	'path',
	'description'
] as const
export type TextField = (typeof TEXT_FIELDS)[number]

/** One word that is asked for. */
export interface QueryWord {
	/** Folded. */
	readonly word: string
	/** Typing may go on: longer words that begin like this match too. */
	readonly open: boolean
	/** The only field it may stand in. */
	readonly field?: TextField
	/** An entry need not have it, but it counts where it does: "the" before a name, "and" between two. */
	readonly optional?: boolean
}

/** Words that must stand side by side, in this order, in one field. Never mended, never a prefix. */
export interface QueryPhrase {
	readonly words: readonly string[]
	readonly field?: TextField
}

/** Both ends included; an absent end is open. */
export interface Span {
	readonly from?: number
	readonly to?: number
}

export type LicenceClass = 'cc' | 'free' | 'other' | 'none'

/** What must hold of an entry besides its words. All that are given must hold; within a list any one. */
export interface QueryFilters {
	readonly kinds?: readonly string[]
	/** Folded names. */
	readonly genres?: readonly string[]
	/** Calendar years. */
	readonly years?: Span
	/** bit/s */
	readonly bitrate?: Span
	readonly durationMs?: Span
	readonly lossless?: boolean
	/** File formats as the facet names them: `flac`, `mp3`, `opus`, `mp4` … */
	readonly formats?: readonly string[]
	readonly licences?: readonly LicenceClass[]
	/** IPNS names. */
	readonly publishers?: readonly string[]
	/** Only what can be played now, as far as this tab knows. */
	readonly available?: boolean
	/** Only what is kept offline here. */
	readonly kept?: boolean
	/** MusicBrainz ids (of recording, track, release, release group or artist), lower case. */
	readonly mbids?: readonly string[]
	/** CIDs of the media file, as text. */
	readonly cids?: readonly string[]
}

/** A query, read. Everything in it must hold together. */
export interface ParsedQuery {
	readonly words: readonly QueryWord[]
	readonly phrases: readonly QueryPhrase[]
	/** None of these may stand in the entry. */
	readonly notWords: readonly QueryWord[]
	readonly notPhrases: readonly QueryPhrase[]
	readonly filters: QueryFilters
	/** None of these may hold: `-kind:video`, `-genre:rock`. */
	readonly notFilters: QueryFilters
	/** What was not understood, as typed, with the reason: shown to the person, never fatal. */
	readonly problems: readonly {
		readonly text: string
		readonly reason: 'bad-number' | 'bad-range' | 'unknown-value' | 'too-long'
	}[]
}
