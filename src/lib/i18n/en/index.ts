import { errors } from './errors'
import { finding } from './finding'
import { keep } from './keep'
import { library } from './library'
import { link } from './link'
import { listen } from './listen'
import { player } from './player'
import { playlists } from './playlists'
import { share } from './share'
import { shell } from './shell'
import type { doing } from './doing'
import type { proof } from './proof'
import type { search } from './search'

/**
 * Every word that is shown, by part; those of screens on which more is done than listening are in `doing.ts`,
 * those of the results in `search.ts`, and of what proves where bytes came from in `proof.ts`. A part is a file of its own in
 * each language.
 */
export const en = {
	/** BCP 47 tag for numbers and dates. */
	locale: 'en',
	dir: 'ltr' as 'ltr' | 'rtl',
	shell,
	errors,
	listen,
	player,
	keep,
	library,
	finding,
	link,
	playlists,
	share
}

/** What the first page has. */
export type Messages = typeof en
/** All words of a language. */
export type AllMessages = Messages &
	typeof doing & {
		readonly search: typeof search
		readonly proof: typeof proof
	}
