import { draft } from './draft'
import { errors } from './errors'
import { keep } from './keep'
import { library } from './library'
import { listen } from './listen'
import { network } from './network'
import { places } from './places'
import { player } from './player'
import { playlists } from './playlists'
import { proof } from './proof'
import { publish } from './publish'
import { secrets } from './secrets'
import { settings } from './settings'
import { share } from './share'
import { shell } from './shell'

/** Every word that is shown, by part. A language is one such object; a part is a file of its own in each language. */
export const en = {
	/** BCP 47 tag for numbers and dates. */
	locale: 'en',
	dir: 'ltr' as 'ltr' | 'rtl',
	shell,
	draft,
	errors,
	listen,
	player,
	keep,
	library,
	playlists,
	places,
	proof,
	publish,
	network,
	secrets,
	settings,
	share
}

export type Messages = typeof en
