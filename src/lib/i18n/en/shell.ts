const count = (n: number) => n.toLocaleString('en')
const plural = (n: number, one: string, many: string) => `${count(n)} ${n === 1 ? one : many}`

export const shell = {
	name: 'Antiphon',
	skip: 'Skip to content',
	main: 'Main',
	home: 'Home',
	search: 'Search',
	library: 'Library',
	publish: 'Publish',
	publishers: 'Publishers',
	network: 'Network',
	settings: 'Settings',
	queue: 'Queue',
	more: 'More',
	moreResponse: 'the rest of the house',
	publishersHint: 'Who has been heard, and whom you follow',
	networkHint: 'Peers, hubs and where bytes come from',
	settingsHint: 'Gateways, language, light and dark',
	queueHint: 'What plays next',
	playlists: 'Playlists',
	narrow: 'Narrow the navigation',
	widen: 'Widen the navigation',
	theme: 'Light or dark',
	back: 'Back',
	close: 'Close',
	cancel: 'Not now',
	undo: 'Undo',
	copied: 'Copied.',
	retry: 'Ask again',
	showMore: 'Show more',
	clear: 'Clear',
	asking: 'Asking',
	loading: 'Loading',
	peers: (n: number) => plural(n, 'peer', 'peers'),
	/** The tab's ways to others, in the foot of the navigation. */
	ways: (peers: number, gateways: number) =>
		peers === 0 && gateways === 0
			? 'No one is asked'
			: [
					peers > 0 ? plural(peers, 'peer', 'peers') : '',
					gateways > 0 ? plural(gateways, 'gateway', 'gateways') : ''
				]
					.filter(Boolean)
					.join(' · '),
	offline: 'You are offline.',
	offlineLine: 'What is kept here still plays.',
	offlineHere: (time: string, title: string) => `${time} of “${title}” are here.`,
	tracks: (n: number) => plural(n, 'track', 'tracks'),
	pieces: (n: number) => plural(n, 'piece', 'pieces'),
	albums: (n: number) => plural(n, 'album', 'albums'),
	wrongPage: 'There is nothing at this address.',
	wrongPageResponse: 'The rest is where it was.',
	toHome: 'Go to Home',
	startFailed: 'Antiphon could not start.',
	startFailedResponse: 'Nothing you kept is lost.',
	startFailedLine: 'The browser refused its storage. A private window or a full disk can be the reason.',
	reload: 'Load again',
	updateReady: 'A newer version is here.',
	workerMissing: 'This window cannot check bytes, so it plays nothing.',
	workerMissingLine: 'A private window or a blocked service worker can be the reason. Search and links work.',
	openUnchecked: (title: string, host: string) => `Open “${title}” at ${host}, unchecked`,
	shortcuts: 'Keyboard',
	shortcutsResponse: 'everything works without a mouse',
	keys: {
		search: 'Search',
		playPause: 'Play or pause',
		seek: 'Back or on by 5 seconds',
		volume: 'Louder or quieter',
		track: 'Previous or next',
		mute: 'Mute',
		full: 'Open or close the player',
		queue: 'Queue',
		shuffle: 'Shuffle',
		repeat: 'Repeat',
		help: 'This list',
		rows: 'Move among rows'
	},
	space: 'Space'
}
