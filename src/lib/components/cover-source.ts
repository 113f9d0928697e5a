import { getContext, setContext } from 'svelte'

const KEY = Symbol('cover-source')

/** Where an image is read from, by CID; undefined while nothing can answer. Read anew when what it depends on changes. */
export type CoverSource = (cid: string) => string | undefined

/** Tells all covers below where their images come from. */
export function provideCoverSource(source: CoverSource): void {
	setContext(KEY, source)
}

/** Without a provider (a component alone in a test) there are no images, only drawn sleeves. */
export const useCoverSource = (): CoverSource => getContext<CoverSource | undefined>(KEY) ?? (() => undefined)
