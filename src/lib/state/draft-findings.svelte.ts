import type { MusicBrainzMatch } from '$lib/catalog/publish/musicbrainz'
import type { MeasuredSound } from '$lib/catalog/publish/sound/measure'
import type { DraftEntry } from '$lib/catalog/publishing'
import { isAbort } from '$lib/errors'
import type { DraftTable } from './draft-table.svelte'

/** What finds things out about files, file by file. Each is loaded when it is first asked for. */
export interface FindingDoors {
	/** Undefined when the sound cannot be decoded here. */
	readonly measure?: (entry: DraftEntry, signal: AbortSignal) => Promise<MeasuredSound | undefined>
	/** Turns what was measured of an album's tracks, or of one, into ReplayGain. */
	readonly gainOf?: (blocks: readonly Float32Array[]) => Promise<number | undefined>
	readonly lookUp?: (entry: DraftEntry, signal: AbortSignal) => Promise<MusicBrainzMatch | undefined>
	readonly withMatch?: (entry: DraftEntry, match: MusicBrainzMatch) => DraftEntry
}

/** How far one of the two has come. */
export interface Finding {
	readonly done: number
	readonly all: number
	readonly found: number
	readonly running: boolean
	readonly error?: unknown
}

/** An album or three are measured unasked; a whole collection takes a processor's hour. */
const UNASKED = 40
/** MusicBrainz' own measure of how well it fits; below this a person should look. */
const SURE = 90

const albumOf = ({ album, albumArtists, path }: DraftEntry) =>
	album === '' ? path : `${album}\n${albumArtists.join()}\n${path.slice(0, path.lastIndexOf('/') + 1)}`

/** Loudness and waveforms of what has none, and ids from MusicBrainz: both go on in the background and can be stopped. */
export class DraftFindings {
	#sound = $state.raw<Finding>()
	#lookUp = $state.raw<Finding>()
	#soundAbort = new AbortController()
	#lookUpAbort = new AbortController()
	/** Paths of what cannot be measured here: it is not tried again. */
	#mute = $state.raw<ReadonlySet<string>>(new Set())
	readonly #table: DraftTable
	readonly #doors: FindingDoors

	constructor(table: DraftTable, doors: FindingDoors) {
		this.#table = table
		this.#doors = doors
	}

	get sound(): Finding | undefined {
		return this.#sound
	}

	get lookedUp(): Finding | undefined {
		return this.#lookUp
	}

	get canLookUp(): boolean {
		return this.#doors.lookUp !== undefined
	}

	/** Songs whose loudness nobody knows yet. */
	get unmeasured(): readonly DraftEntry[] {
		if (this.#doors.measure === undefined) return []
		return this.#table.entries.filter(
			({ kind, path, gain, problem }) =>
				kind === 'audio' && problem === undefined && gain?.track === undefined && !this.#mute.has(path)
		)
	}

	/** Measures at once where that is soon done. */
	async begin(): Promise<void> {
		const count = this.unmeasured.length
		if (count > 0 && count <= UNASKED) await this.measure()
	}

	/** Measures all that was not; the gain of an album once all of its tracks were measured here. */
	async measure(): Promise<void> {
		const { measure, gainOf } = this.#doors
		if (measure === undefined || gainOf === undefined || this.#sound?.running) return
		const entries = this.unmeasured
		if (entries.length === 0) return
		this.#soundAbort = new AbortController()
		const { signal } = this.#soundAbort
		let finding: Finding = { done: 0, all: entries.length, found: 0, running: true }
		this.#sound = finding
		const albums = Map.groupBy(entries, albumOf)
		try {
			for (const tracks of albums.values()) {
				const measured: [DraftEntry, MeasuredSound, number | undefined][] = []
				for (const entry of tracks) {
					const sound = await measure(entry, signal)
					signal.throwIfAborted()
					const gain = sound && (await gainOf([sound.blocks]))
					if (sound === undefined) this.#mute = new Set([...this.#mute, entry.path])
					else {
						measured.push([entry, sound, gain])
						this.#table.enrich(entry.path, {
							waveform: sound.waveform,
							...(gain !== undefined && { gain: { ...entry.gain, track: gain, trackPeak: sound.peak } })
						})
						// Silence has no loudness, and is not measured again.
						if (gain === undefined) this.#mute = new Set([...this.#mute, entry.path])
					}
					finding = { ...finding, done: finding.done + 1, found: finding.found + (sound === undefined ? 0 : 1) }
					this.#sound = finding
				}
				await this.#ofAlbum(tracks, measured, gainOf)
			}
			this.#sound = { ...finding, running: false }
		} catch (error) {
			this.#sound = { ...finding, running: false, ...(!isAbort(error) && { error }) }
		}
	}

	/** Asks MusicBrainz for the rows that are addressed and have no id; one step that can be undone. */
	async lookUp(): Promise<void> {
		const { lookUp, withMatch } = this.#doors
		if (lookUp === undefined || withMatch === undefined || this.#lookUp?.running) return
		const entries = this.#table.addressed.filter(
			({ kind, mbid }) => kind === 'audio' && mbid?.recording === undefined
		)
		this.#lookUpAbort = new AbortController()
		const { signal } = this.#lookUpAbort
		let finding: Finding = { done: 0, all: entries.length, found: 0, running: true }
		this.#lookUp = finding
		const matches = new Map<string, MusicBrainzMatch>()
		let error: unknown
		try {
			for (const entry of entries) {
				const match = await lookUp(entry, signal)
				if (match !== undefined && match.score >= SURE) matches.set(entry.path, match)
				finding = { ...finding, done: finding.done + 1, found: matches.size }
				this.#lookUp = finding
			}
		} catch (cause) {
			if (!isAbort(cause)) error = cause
		}
		// What was found before it was stopped is worth having.
		this.#table.change(new Set(matches.keys()), (entry) => {
			const match = matches.get(entry.path)
			return match === undefined ? entry : withMatch(entry, match)
		})
		this.#lookUp = { ...finding, running: false, ...(error !== undefined && { error }) }
	}

	stopSound(): void {
		this.#soundAbort.abort()
	}

	stopLookUp(): void {
		this.#lookUpAbort.abort()
	}

	/** Forgets what belongs to a draft that is gone. */
	clear(): void {
		this.stopSound()
		this.stopLookUp()
		this.#sound = undefined
		this.#lookUp = undefined
		this.#mute = new Set()
	}

	async #ofAlbum(
		tracks: readonly DraftEntry[],
		measured: readonly [DraftEntry, MeasuredSound, number | undefined][],
		gainOf: NonNullable<FindingDoors['gainOf']>
	): Promise<void> {
		const [first] = tracks
		if (first === undefined || first.album === '') return
		const key = albumOf(first)
		const all = this.#table.entries.filter((entry) => entry.kind === 'audio' && albumOf(entry) === key)
		if (all.length !== measured.length) return
		const album = await gainOf(measured.map(([, { blocks }]) => blocks))
		const albumPeak = Math.max(...measured.map(([, { peak }]) => peak))
		if (album === undefined) return
		for (const [entry, { peak }, track] of measured) {
			const ofTrack = track === undefined ? {} : { track, trackPeak: peak }
			this.#table.enrich(entry.path, { gain: { ...entry.gain, ...ofTrack, album, albumPeak } })
		}
	}
}
