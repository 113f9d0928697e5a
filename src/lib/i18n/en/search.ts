/** Filters, sorting, the language of the search box, standing searches. */
export const search = {
	didYouMean: 'Did you mean',

	filters: 'Filters',
	more: 'More filters',
	clear: 'Clear the filters',
	sort: 'Order',
	sorts: {
		relevance: 'Best first',
		newest: 'Newest first',
		title: 'By title',
		duration: 'Longest first',
		bitrate: 'Highest bitrate first'
	},
	genre: 'Genre',
	decade: 'Decade',
	decadeOf: (year: string) => `${year}s`,
	format: 'Format',
	quality: 'Quality',
	qualities: {
		lossless: 'Lossless',
		high: '256 kbit/s and more',
		medium: '128 to 256 kbit/s',
		low: 'Below 128 kbit/s'
	},
	licence: 'Licence',
	licences: { cc: 'Creative Commons', free: 'Free', other: 'Other', none: 'Not stated' },
	publisher: 'Publisher',
	available: 'Plays now',
	kept: 'Kept here',
	noFacet: 'Nothing to choose from.',
	counting: 'Counting',
	playlists: 'Playlists',

	problem: {
		'bad-number': (text: string) => `“${text}” needs a number.`,
		'bad-range': (text: string) => `“${text}” leaves nothing over.`,
		'unknown-value': (text: string) => `“${text}” is not known here.`,
		'too-long': () => 'The search is very long; its end was left out.'
	},

	help: 'How to search',
	helpResponse: 'words, and what narrows them',
	helpLine: 'Words may stand in any order, with a letter wrong, and the last may be unfinished.',
	example: 'Written so',
	meaning: 'It finds',
	tryIt: (text: string) => `Search for ${text}`,
	rules: [
		[
			'nadia tide',
			'Both words, in any of title, artist, album, composer, genre, label, publisher, path, description.'
		],
		['"low tide"', 'These words side by side.'],
		['tide -live', 'Without the word; also -"a phrase" and -kind:video.'],
		[
			'artist:nadia album:neap',
			'A word in one place alone. Also title, composer, genre, label, publisher, path, description.'
		],
		['year:1990..1999', 'Years; also year:1994, year:>=1990, year:1990s.'],
		['kind:video', 'Also audio, image, document, subtitle, other.'],
		['lossless:yes bitrate:>=256k', 'How it sounds. Also format:flac.'],
		['duration:<5m', 'How long it is: 90s, 4:30, 1h30m.'],
		['licence:cc', 'Also free, other, none.'],
		['available:yes kept:yes', 'What plays now; what is kept on this device.'],
		['genre:="Drum and Bass"', 'This genre alone, and no other with its words.'],
		['mbid:b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d', 'By MusicBrainz id; cid: finds a file by its address.']
	] as readonly (readonly [string, string])[],

	why: 'Why here?',
	whyPoints: (points: string) => `${points} points`,
	whyGone: 'It is not among the results any more.',
	parts: {
		word: 'Word',
		completeness: 'How much of its name is said',
		publisher: 'Publisher',
		availability: 'Can be played',
		quality: 'Sound',
		popularity: 'Heard here before'
	},
	wordFound: (typed: string, found: string, field: string) =>
		typed === found ? `“${found}” in ${field}` : `“${typed}”, found as “${found}” in ${field}`,
	hows: {
		exact: 'as typed',
		prefix: 'a longer word',
		typo: 'another spelling',
		split: 'written as two words',
		joined: 'written as one word'
	},
	fields: {
		title: 'the title',
		artists: 'the artist',
		album: 'the album',
		composers: 'the composer',
		genres: 'the genre',
		label: 'the label',
		publisher: 'the publisher’s name',
		path: 'the path',
		description: 'the description'
	},
	total: 'Together',

	wishes: 'Standing searches',
	wishesNone: 'Search for something, then have this tab listen for it.',
	listenFor: 'Listen for this',
	listening: 'This tab listens for it',
	since: (date: string) => `since ${date}`,
	forgetWish: (text: string) => `Stop listening for ${text}`,
	wishAdded: (text: string) => `New pieces for “${text}” are counted from now on.`,
	wishGone: (text: string) => `No longer listening for “${text}”.`,
	tell: 'Tell me of new ones',
	telling: 'This browser tells you when something new comes.',

	keepers: 'Also kept by',
	keepersMore: (n: number) => `and ${n.toLocaleString('en')} more`,
	keepersEarlier: 'an earlier edition',
	keepersWord: 'They say so in what they sign.',
	lists: 'Their playlists',
	listsResponse: 'signed with the catalog',
	listReading: 'Reading a playlist',
	listUnread: 'This playlist could not be read.',

	standing: 'In results',
	standings: { high: 'Higher', normal: 'As it comes', low: 'Lower', last: 'After all others' },

	queriesStay: 'What you search for never leaves this tab: nobody is asked.',

	index: 'Index',
	indexResponse: 'of all that was heard',
	indexEntries: 'Pieces',
	indexBytes: 'On the disk',
	indexLeft: 'Publishers that had to leave',
	budget: 'It may take at most',
	budgetAuto: 'What the browser lets it have',
	budgetLine:
		'When it is full, those you care for least leave first: low in your results, not followed, heard long ago.'
}
