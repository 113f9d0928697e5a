import type { IAudioMetadata, ICommonTagsResult, ITrackInfo } from 'music-metadata'
import type { DraftEntry } from '../../publishing'
import type { NativeTags } from './native-tags'
import { bounded, given, list } from './values'

export function creditedArtists(common: ICommonTagsResult): string[] {
	const all = list(common.artists)
	return all.length > 0 ? all : list(common.artist)
}

export const bitrateOf = (sizeBytes: number, durationS: number | undefined) =>
	durationS !== undefined && durationS > 0 ? (sizeBytes * 8) / durationS : undefined

/** `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; the release that this file is of, not the first one. */
export function dateOf(
	{ date, releasedate, originaldate, year }: ICommonTagsResult,
	others: readonly (string | undefined)[]
): string {
	for (const text of [date, releasedate, originaldate, ...others]) {
		const found = /^\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?(?=$|\D)/.exec(text ?? '')?.[0]
		if (found !== undefined) return found
	}
	return year !== undefined && year >= 1000 && year <= 9999 ? `${year}` : ''
}

export function codecOf({ format }: IAudioMetadata, isVideo: boolean): string | undefined {
	const ofVideo = isVideo ? format.trackInfo.find((track: ITrackInfo) => track.video !== undefined) : undefined
	const name = ofVideo?.codecName ?? ofVideo?.codecId ?? format.codec
	if (/^MPEG .* Layer 3$/.test(name ?? '')) return 'MP3'
	return bounded(name?.replace(/^[AV]_/, ''))
}

export function gainOf(common: ICommonTagsResult, { trackGain, albumGain }: NativeTags): DraftEntry['gain'] {
	const finite = (value: number | undefined) => (Number.isFinite(value) ? value : undefined)
	const gain = given({
		track: finite(common.replaygain_track_gain?.dB) ?? trackGain,
		album: finite(common.replaygain_album_gain?.dB) ?? albumGain,
		trackPeak: finite(common.replaygain_track_peak?.ratio),
		albumPeak: finite(common.replaygain_album_peak?.ratio)
	})
	return Object.keys(gain).length > 0 ? gain : undefined
}

export function mbidOf(common: ICommonTagsResult): DraftEntry['mbid'] {
	const ids = (value: readonly string[] | undefined) => {
		const found = list(value)
		return found.length > 0 ? found : undefined
	}
	const mbid = given({
		recording: bounded(common.musicbrainz_recordingid),
		track: bounded(common.musicbrainz_trackid),
		release: bounded(common.musicbrainz_albumid),
		releaseGroup: bounded(common.musicbrainz_releasegroupid),
		artists: ids(common.musicbrainz_artistid),
		albumArtists: ids(common.musicbrainz_albumartistid)
	})
	return Object.keys(mbid).length > 0 ? mbid : undefined
}

export function chaptersOf({ format }: IAudioMetadata): DraftEntry['chapters'] {
	const chapters = (format.chapters ?? []).flatMap(({ title, start, timeScale, sampleOffset }) => {
		const startMs = timeScale !== undefined && timeScale > 0 ? (start / timeScale) * 1000 : start
		const ofSample =
			sampleOffset !== undefined && format.sampleRate ? (sampleOffset / format.sampleRate) * 1000 : startMs
		const ms = Math.round(Number.isFinite(startMs) ? startMs : ofSample)
		const name = bounded(title)
		return name !== undefined && ms >= 0 ? [{ start: ms, title: name }] : []
	})
	return chapters.length > 0 ? chapters.slice(0, 1000) : undefined
}
