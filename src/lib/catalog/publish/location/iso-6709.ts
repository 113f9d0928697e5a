import type { Place } from './index'

/** `+48.8577+002.2950/`. @see https://en.wikipedia.org/wiki/ISO_6709 */
export function iso6709(text: string): Place | undefined {
	const [, latitude, longitude] = /([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)/.exec(text) ?? []
	return latitude === undefined ? undefined : { latitude: Number(latitude), longitude: Number(longitude) }
}
