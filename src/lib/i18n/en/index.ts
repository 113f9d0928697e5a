import { errors } from './errors'
import { library } from './library'
import { listen } from './listen'
import { player } from './player'
import { shell } from './shell'

/** Every word that is shown, by part. A language is one such object; a part is a file of its own in each language. */
export const en = {
	/** BCP 47 tag for numbers and dates. */
	locale: 'en',
	dir: 'ltr' as 'ltr' | 'rtl',
	shell,
	errors,
	listen,
	player,
	library
}

export type Messages = typeof en
