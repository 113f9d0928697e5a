import { draft } from './draft'
import { network } from './network'
import { places } from './places'
import { publish } from './publish'
import { secrets } from './secrets'
import { settings } from './settings'

/** Words of Publish, Network, Settings and what belongs to them. They come with those screens. */
export const doing = {
	draft,
	network,
	places,
	publish,
	secrets,
	settings
}
