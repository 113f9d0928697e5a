/**
 * Bounds of what is read from the network. Those with a section are the protocol's, and every implementation shares
 * them; those marked "own" are where the protocol states none, wide enough that no honest publisher meets them.
 * A length of text is counted in Unicode code points after NFC.
 */

// Heads and pages (section 2)
export const MAX_HEAD_BYTES = 1024 * 1024
export const MAX_PAGE_BYTES = 1024 * 1024
export const MAX_PAGES = 16_384
export const MAX_FOLLOWS = 10_000
export const MAX_MIRRORS = 10_000
export const MAX_PLAYLISTS = 10_000
export const MAX_NAME_LENGTH = 200
export const MAX_HEAD_TEXT_LENGTH = 2000

// How a writer ends pages (section 2)
export const PAGE_ENTRIES = 1024
export const PAGE_BYTES = 900 * 1024
/** A page ends after an entry whose hashed key starts with a number below this, of 65,536. */
export const PAGE_END_BELOW = 256

/** Own: more than 1 MiB can hold of valid entries, which are longer than 100 bytes each. */
export const MAX_PAGE_ITEMS = 16_384
/** Own: reasons that are kept of dropped entries. */
export const MAX_REASONS = 20
/** Own: lists and maps inside one another. */
export const MAX_DEPTH = 32

// Entries (section 2)
export const MAX_KEY_LENGTH = 1024
export const MAX_TITLE_LENGTH = 500
export const MAX_THUMB_BYTES = 64
/** Own: album, label, codec and the like, and each name of a list. */
export const MAX_TAG_LENGTH = 2000
/** Own. */
export const MAX_COMMENT_LENGTH = 20_000
/** Own: artists, genres and so on of one entry. */
export const MAX_TAGS = 1000
/** Own. */
export const MAX_SUBTITLES = 200
/** Own. */
export const MAX_CHAPTERS = 5000
/** Own: a gain past this, in dB, is a mistake or an attack on ears. */
export const MAX_GAIN_DB = 100
/** Own: 255 for each of type and subtype (RFC 6838, 4.2, has 127), and parameters. */
export const MAX_MIME_LENGTH = 255

// Other roots (section 2)
export const MAX_WALKED_FILES = 10_000
/** Own: folders inside one another. */
export const MAX_WALK_DEPTH = 32
/** Own: directories looked into in one walk, empty ones included. */
export const MAX_WALKED_FOLDERS = 10_000
/** Own: names in all folders of one walk. */
export const MAX_WALKED_LINKS = 100_000
/** Own: files whose root block is fetched to learn their size; the sizes of the rest stay unknown. */
export const MAX_MEASURED_FILES = 1000
/** Own: paths into other directories that are followed from one list. */
export const MAX_FOLLOWED_PATHS = 2000
/** Own: blocks that one reading may fetch; what ends a hostile DAG that refers to itself many times over. */
export const MAX_READ_BLOCKS = 50_000
/** Own: blocks fetched at a time. */
export const READ_CONCURRENCY = 8
/** Own: a list, playlist or JSON file that is read whole. */
export const MAX_LIST_BYTES = 8 * 1024 * 1024
/** Own: entries of a list, map, album or playlist file that is read as a catalog. */
export const MAX_LISTED_ENTRIES = 50_000

// Playlists and share links (section 5)
export const MAX_LINK_LENGTH = 8000
/** Own. */
export const MAX_PLAYLIST_BYTES = 1024 * 1024
/** Own. */
export const MAX_PLAYLIST_ITEMS = 10_000
/** Own. */
export const MAX_NOTE_LENGTH = 20_000

// CUE sheets
/** Own. */
export const MAX_CUE_BYTES = 1024 * 1024
/** A playlist of segments; four hours of them are a fifth of it. */
export const MAX_HLS_BYTES = 1024 * 1024
/** Two digits in the sheet. */
export const MAX_CUE_TRACKS = 99
