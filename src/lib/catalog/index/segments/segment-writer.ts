import { DictionaryWriter } from './dictionary'
import { PageWriter, wordBytes } from './posting-page'
import type { PostingsWriter } from './postings'
import { DICTIONARY, FACTS, TITLE_KEYS, type Content, type SegmentStore } from './segment-store'
import { ID_MARK } from './id-mark'
import type { ColumnsBuilder } from './columns'
import { TITLE_KEY_BYTES } from './columns'
import type { VarintWriter } from './varints'

/** Raised whenever segments are written in another way, or words come out differently: older ones are made anew from the rows. */
export const SEGMENT_FORMAT = 3

/** Pages wait until they are so many bytes, to share a transaction. */
const TRANSACTION_BYTES = 2 * 1024 * 1024

/** All that is read of a segment when it is opened, beside its columns. */
export interface RawSegment {
	readonly id: number
	readonly format: number
	readonly documents: number
	/** First document and count of each run, see `Runs`. */
	readonly runs: Uint32Array
	/** First word of each page of postings, in order. */
	readonly firstWords: readonly string[]
	/** Words of the dictionary. */
	readonly words: number
	readonly sizeBytes: number
	/** When the newest of its documents were flushed, Unix ms. */
	readonly flushedMs: number
}

/** Writes one segment: its words in order, then its documents. Nothing of it is valid before {@link SegmentWriter.finish}'s record is committed. */
export class SegmentWriter {
	readonly id: number
	readonly #store: SegmentStore
	readonly #pages: PageWriter
	readonly #dictionary = new DictionaryWriter()
	readonly #firstWords: string[] = []
	#waiting: Content[] = []
	#waitingBytes = 0
	#sizeBytes = 0

	constructor(store: SegmentStore, id: number) {
		this.#store = store
		this.id = id
		this.#pages = new PageWriter(({ firstWord, postings, positions }) => {
			const part = this.#firstWords.length
			this.#firstWords.push(firstWord)
			this.#put({ store: 'postings', part, bytes: postings })
			this.#put({ store: 'positions', part, bytes: positions })
		})
	}

	get postings(): PostingsWriter {
		return this.#pages.postings
	}

	get positions(): VarintWriter {
		return this.#pages.positions
	}

	startWord(): void {
		this.#pages.start()
	}

	/** One without documents leaves no trace. */
	endWord(word: string): void {
		const bytes = wordBytes(word)
		this.#pages.end(word, bytes)
		const { documents } = this.#pages.postings
		if (documents > 0 && !word.startsWith(ID_MARK)) this.#dictionary.add(word, bytes, documents)
	}

	/** Writes what waits, if it is enough. */
	async drain(atLeastBytes = TRANSACTION_BYTES): Promise<void> {
		if (this.#waitingBytes < atLeastBytes || this.#waiting.length === 0) return
		const contents = this.#waiting
		this.#waiting = []
		this.#waitingBytes = 0
		await this.#store.write(this.id, contents)
	}

	/** Writes what is left. Returns the record, to be committed, and what else stays in memory. */
	async finish(
		runs: ArrayLike<number>,
		columns: ColumnsBuilder,
		flushedMs: number
	): Promise<{ record: RawSegment; facts: Uint8Array }> {
		this.#pages.finish()
		const { count } = columns
		const titleKeys = columns.titleKeys.slice(0, count * TITLE_KEY_BYTES)
		const facts = columns.encode()
		this.#put({ store: 'columns', part: FACTS, bytes: facts })
		this.#put({ store: 'columns', part: TITLE_KEYS, bytes: titleKeys })
		this.#put({ store: 'columns', part: DICTIONARY, bytes: this.#dictionary.finish() })
		await this.drain(0)
		const record: RawSegment = {
			id: this.id,
			format: SEGMENT_FORMAT,
			documents: count,
			runs: Uint32Array.from(runs),
			firstWords: this.#firstWords,
			words: this.#dictionary.words,
			sizeBytes: this.#sizeBytes,
			flushedMs
		}
		return { record, facts }
	}

	#put(content: Content): void {
		this.#waiting.push(content)
		this.#waitingBytes += content.bytes.byteLength
		this.#sizeBytes += content.bytes.byteLength
	}
}
