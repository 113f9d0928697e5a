import { errors } from './errors'
import { library } from './library'
import { listen } from './listen'
import { network } from './network'
import { player } from './player'
import { proof } from './proof'
import { publish } from './publish'
import { search } from './search'
import { settings } from './settings'
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
	library,
	search,
	proof,
	publish,
	network,
	settings
}

export type Messages = typeof en
