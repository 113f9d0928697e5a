import { AppError } from '../../errors'
import { readBounded } from '../../p2p/bounded-fetch'
import type { DraftEntry } from '../publishing'

/** What MusicBrainz knows of a recording, as far as an entry can hold it. */
export interface MusicBrainzMatch {
	/** 0 to 100: how well it fits what was asked. */
	readonly score: number
	readonly recording: string
	readonly title: string
	readonly artists: readonly string[]
	readonly artistIds: readonly string[]
	readonly release?: string
	readonly releaseGroup?: string
	readonly album?: string
	/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`. */
	readonly date?: string
	readonly track?: number
	readonly tracks?: number
	readonly durationMs?: number
}

export interface MusicBrainzInit {
	readonly fetch?: typeof fetch
	readonly origin?: string
	/** Waits; given by tests, which have no second to lose. */
	readonly wait?: (ms: number, signal: AbortSignal) => Promise<void>
	readonly nowMs?: () => number
}

/** Asked of everyone. @see https://musicbrainz.org/doc/MusicBrainz_API/Rate_Limiting */
const BETWEEN_MS = 1000
const BUSY_MS = 5000
const TRIES = 3
const ANSWER_MS = 15_000
const MAX_ANSWER_BYTES = 1024 * 1024
const LIMIT = 5
/** Two recordings of one name differ at least this much, or are one. */
const LENGTH_MS = 15_000

/** Asks MusicBrainz, at most once a second. It is told the title, artist and album that are asked for. */
export class MusicBrainz {
	readonly #fetch: typeof fetch
	readonly #origin: string
	readonly #wait: (ms: number, signal: AbortSignal) => Promise<void>
	readonly #nowMs: () => number
	#turn: Promise<unknown> = Promise.resolve()
	#askedMs = -Infinity

	constructor({
		fetch: ask = (...args) => fetch(...args),
		origin = 'https://musicbrainz.org',
		wait = sleep,
		nowMs = () => performance.now()
	}: MusicBrainzInit = {}) {
		this.#fetch = ask
		this.#origin = origin
		this.#wait = wait
		this.#nowMs = nowMs
	}

	/**
	 * The recording that fits best; undefined when none does.
	 * @throws AppError `rate-limited`, `unreachable`, `refused`
	 */
	async find(entry: DraftEntry, signal: AbortSignal): Promise<MusicBrainzMatch | undefined> {
		const query = queryOf(entry)
		if (query === undefined) return undefined
		const address = new URL('/ws/2/recording', this.#origin)
		address.search = new URLSearchParams({ query, fmt: 'json', limit: String(LIMIT) }).toString()
		const answer = await this.#inTurn(() => this.#ask(address, signal))
		return bestOf(answer, entry)
	}

	/** One at a time, in the order that they came. */
	#inTurn<T>(work: () => Promise<T>): Promise<T> {
		const done = this.#turn.then(work, work)
		this.#turn = done.catch(() => undefined)
		return done
	}

	async #ask(address: URL, signal: AbortSignal): Promise<unknown> {
		for (let tries = 1; ; tries++) {
			signal.throwIfAborted()
			const early = this.#askedMs + BETWEEN_MS - this.#nowMs()
			if (early > 0) await this.#wait(early, signal)
			this.#askedMs = this.#nowMs()
			const deadline = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)])
			const response = await this.#fetch(address, {
				signal: deadline,
				headers: { accept: 'application/json' }
			}).catch((cause: unknown) => {
				signal.throwIfAborted()
				throw new AppError('unreachable', 'MusicBrainz does not answer', { cause, detail: address.host })
			})
			if (response.ok)
				return JSON.parse(new TextDecoder().decode(await readBounded(response, MAX_ANSWER_BYTES, deadline)))
			await response.body?.cancel()
			const isBusy = response.status === 503 || response.status === 429
			if (!isBusy)
				throw new AppError('refused', `MusicBrainz: ${response.status}`, { detail: String(response.status) })
			if (tries === TRIES) throw new AppError('rate-limited', 'MusicBrainz is busy', { detail: address.host })
			const afterS = Number(response.headers.get('retry-after'))
			await this.#wait(afterS > 0 && afterS < 60 ? afterS * 1000 : BUSY_MS, signal)
		}
	}
}

/** An entry with what a match tells: ids always, the rest where there was nothing. */
export function withMatch(entry: DraftEntry, match: MusicBrainzMatch): DraftEntry {
	const { recording, release, releaseGroup, artistIds, album, date, track, tracks } = match
	const isSameAlbum = entry.album === '' || entry.album === album
	return {
		...entry,
		mbid: {
			...entry.mbid,
			recording,
			...(artistIds.length > 0 && { artists: artistIds }),
			...(isSameAlbum && release !== undefined && { release }),
			...(isSameAlbum && releaseGroup !== undefined && { releaseGroup })
		},
		artists: entry.artists.length > 0 ? entry.artists : [...match.artists],
		...(entry.album === '' && album !== undefined && { album }),
		...(entry.date === '' && isSameAlbum && date !== undefined && { date }),
		...(entry.track === undefined && isSameAlbum && track !== undefined && { track }),
		...(entry.tracks === undefined && isSameAlbum && tracks !== undefined && { tracks })
	}
}

/** @see https://musicbrainz.org/doc/MusicBrainz_API/Search */
function queryOf({ title, artists, album }: DraftEntry): string | undefined {
	if (title.trim() === '' || artists.length === 0) return undefined
	const quoted = (text: string) => `"${text.replace(/[\\"]/g, '\\$&')}"`
	return [
		`recording:${quoted(title)}`,
		`artist:${quoted(artists[0] ?? '')}`,
		...(album === '' ? [] : [`release:${quoted(album)}`])
	].join(' AND ')
}

type Json = Readonly<Record<string, unknown>>
const map = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {})
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(map) : [])
const text = (value: unknown) =>
	typeof value === 'string' && value !== '' && value.length <= 500 ? value : undefined
const whole = (value: unknown) => (Number.isSafeInteger(value) && Number(value) > 0 ? Number(value) : undefined)
const id = (value: unknown) =>
	typeof value === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value) ? value : undefined
const day = (value: unknown) =>
	typeof value === 'string' && /^\d{4}(?:-\d{2}(?:-\d{2})?)?$/.test(value) ? value : undefined

function bestOf(answer: unknown, { album, durationMs }: DraftEntry): MusicBrainzMatch | undefined {
	const matches = list(map(answer).recordings).flatMap((recording) => matchOf(recording, album) ?? [])
	const fits = (match: MusicBrainzMatch) =>
		durationMs === undefined ||
		match.durationMs === undefined ||
		Math.abs(match.durationMs - durationMs) <= LENGTH_MS
	return matches.filter(fits).sort((one, other) => other.score - one.score)[0]
}

function matchOf(recording: Json, album: string): MusicBrainzMatch | undefined {
	const [recordingId, title] = [id(recording.id), text(recording.title)]
	if (recordingId === undefined || title === undefined) return undefined
	const credits = list(recording['artist-credit'])
	const releases = list(recording.releases)
	const release = releases.find((one) => text(one.title)?.toLowerCase() === album.toLowerCase()) ?? releases[0]
	const medium = list(release?.media)[0]
	const fields = {
		release: id(release?.id),
		releaseGroup: id(map(release?.['release-group']).id),
		album: text(release?.title),
		date: day(release?.date),
		track: whole(Number(list(medium?.track)[0]?.number)),
		tracks: whole(medium?.['track-count']),
		durationMs: whole(recording.length)
	}
	return {
		score: whole(Number(recording.score)) ?? 0,
		recording: recordingId,
		title,
		artists: credits.flatMap((credit) => text(credit.name) ?? []),
		artistIds: credits.flatMap((credit) => id(map(credit.artist).id) ?? []),
		...(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<
			typeof fields
		>)
	} as MusicBrainzMatch
}

const sleep = (ms: number, signal: AbortSignal) =>
	new Promise<void>((resolve, reject) => {
		const timer = setTimeout(() => {
			signal.removeEventListener('abort', stop)
			resolve()
		}, ms)
		const stop = () => {
			clearTimeout(timer)
			reject(signal.reason as Error)
		}
		signal.addEventListener('abort', stop, { once: true })
	})
