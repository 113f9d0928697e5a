import type { AllMessages } from '../en'
import { draft } from './draft'
import { errors } from './errors'
import { finding } from './finding'
import { keep } from './keep'
import { library } from './library'
import { link } from './link'
import { listen } from './listen'
import { network } from './network'
import { places } from './places'
import { player } from './player'
import { playlists } from './playlists'
import { proof } from './proof'
import { publish } from './publish'
import { search } from './search'
import { secrets } from './secrets'
import { settings } from './settings'
import { share } from './share'
import { shell } from './shell'

export const de: AllMessages = {
	locale: 'de',
	dir: 'ltr',
	shell,
	draft,
	errors,
	listen,
	player,
	keep,
	library,
	finding,
	search,
	link,
	playlists,
	places,
	proof,
	publish,
	network,
	secrets,
	settings,
	share
}
