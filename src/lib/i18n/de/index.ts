import type { Messages } from '../en'
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

export const de: Messages = {
	locale: 'de',
	dir: 'ltr',
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
