import type { AllMessages } from '../en'

export const search: AllMessages['search'] = {
	didYouMean: 'Gemeint war vielleicht',

	filters: 'Filter',
	more: 'Mehr Filter',
	clear: 'Filter aufheben',
	sort: 'Reihenfolge',
	sorts: {
		relevance: 'Beste zuerst',
		newest: 'Neueste zuerst',
		title: 'Nach Titel',
		duration: 'Längste zuerst',
		bitrate: 'Höchste Bitrate zuerst'
	},
	genre: 'Genre',
	decade: 'Jahrzehnt',
	decadeOf: (year) => `${year}er`,
	format: 'Format',
	quality: 'Klang',
	qualities: {
		lossless: 'Verlustfrei',
		high: '256 kbit/s und mehr',
		medium: '128 bis 256 kbit/s',
		low: 'Unter 128 kbit/s'
	},
	licence: 'Lizenz',
	licences: { cc: 'Creative Commons', free: 'Frei', other: 'Andere', none: 'Nicht genannt' },
	publisher: 'Herausgeber',
	available: 'Spielt jetzt',
	kept: 'Hier aufbewahrt',
	noFacet: 'Hier gibt es nichts zu wählen.',
	counting: 'Wird gezählt',
	playlists: 'Playlisten',

	problem: {
		'bad-number': (text) => `„${text}“ braucht eine Zahl.`,
		'bad-range': (text) => `„${text}“ lässt nichts übrig.`,
		'unknown-value': (text) => `„${text}“ ist hier nicht bekannt.`,
		'too-long': () => 'Die Suche ist sehr lang; ihr Ende wurde weggelassen.'
	},

	help: 'So wird gesucht',
	helpResponse: 'Wörter und was sie eingrenzt',
	helpLine: 'Wörter dürfen in jeder Reihenfolge stehen, ein Buchstabe darf falsch, das letzte unfertig sein.',
	example: 'So geschrieben',
	meaning: 'Das findet es',
	tryIt: (text) => `Nach ${text} suchen`,
	rules: [
		[
			'nadia tide',
			'Beide Wörter, in Titel, Künstler, Album, Komponist, Genre, Label, Herausgeber, Pfad oder Beschreibung.'
		],
		['"low tide"', 'Diese Wörter nebeneinander.'],
		['tide -live', 'Ohne das Wort; auch -"eine Wortfolge" und -kind:video.'],
		[
			'artist:nadia album:neap',
			'Ein Wort nur an einer Stelle. Auch title, composer, genre, label, publisher, path, description.'
		],
		['year:1990..1999', 'Jahre; auch year:1994, year:>=1990, year:1990s.'],
		['kind:video', 'Auch audio, image, document, subtitle, other.'],
		['lossless:yes bitrate:>=256k', 'Wie es klingt. Auch format:flac.'],
		['duration:<5m', 'Wie lang es ist: 90s, 4:30, 1h30m.'],
		['licence:cc', 'Auch free, other, none.'],
		['available:yes kept:yes', 'Was jetzt spielt; was auf diesem Gerät aufbewahrt ist.'],
		['genre:="Drum and Bass"', 'Nur dieses Genre, kein anderes mit seinen Wörtern.'],
		[
			'mbid:b10bbbfc-cf9e-42e0-be17-e2c3e1d2600d',
			'Nach MusicBrainz-Kennung; cid: findet eine Datei nach ihrer Adresse.'
		]
	],

	why: 'Warum hier?',
	whyPoints: (points) => `${points} Punkte`,
	whyGone: 'Es ist nicht mehr unter den Ergebnissen.',
	parts: {
		word: 'Wort',
		completeness: 'Wie viel von seinem Namen gesagt ist',
		publisher: 'Herausgeber',
		availability: 'Lässt sich spielen',
		quality: 'Klang',
		popularity: 'Hier schon gehört'
	},
	wordFound: (typed, found, field) =>
		typed === found ? `„${found}“ ${field}` : `„${typed}“, gefunden als „${found}“ ${field}`,
	hows: {
		exact: 'wie getippt',
		prefix: 'ein längeres Wort',
		typo: 'andere Schreibung',
		split: 'in zwei Wörtern geschrieben',
		joined: 'in einem Wort geschrieben'
	},
	fields: {
		title: 'im Titel',
		artists: 'im Künstler',
		album: 'im Album',
		composers: 'im Komponisten',
		genres: 'im Genre',
		label: 'im Label',
		publisher: 'im Namen des Herausgebers',
		path: 'im Pfad',
		description: 'in der Beschreibung'
	},
	total: 'Zusammen',

	wishes: 'Ständige Suchen',
	wishesNone: 'Suche etwas, dann lauscht dieser Tab darauf.',
	listenFor: 'Darauf lauschen',
	listening: 'Dieser Tab lauscht darauf',
	since: (date) => `seit ${date}`,
	forgetWish: (text) => `Nicht mehr auf ${text} lauschen`,
	wishAdded: (text) => `Neue Stücke zu „${text}“ werden von jetzt an gezählt.`,
	wishGone: (text) => `Auf „${text}“ wird nicht mehr gelauscht.`,
	tell: 'Neues melden',
	telling: 'Dieser Browser meldet, wenn Neues kommt.',

	keepers: 'Auch aufbewahrt von',
	keepersMore: (n: number) => `und ${n.toLocaleString('de')} weiteren`,
	keepersEarlier: 'eine frühere Ausgabe',
	keepersWord: 'So steht es in dem, was sie unterschreiben.',
	lists: 'Ihre Playlisten',
	listsResponse: 'mit dem Katalog unterschrieben',
	listReading: 'Eine Playlist wird gelesen',
	listUnread: 'Diese Playlist ließ sich nicht lesen.',

	standing: 'In Ergebnissen',
	standings: { high: 'Weiter oben', normal: 'Wie es kommt', low: 'Weiter unten', last: 'Nach allen anderen' },

	queriesStay: 'Was du suchst, verlässt diesen Tab nie: niemand wird gefragt.',

	index: 'Index',
	indexResponse: 'von allem, was gehört wurde',
	indexEntries: 'Stücke',
	indexBytes: 'Auf der Platte',
	indexLeft: 'Herausgeber, die gehen mussten',
	budget: 'Es darf höchstens nehmen',
	budgetAuto: 'Was der Browser ihm lässt',
	budgetLine:
		'Ist es voll, gehen zuerst die, an denen dir am wenigsten liegt: weit unten in Ergebnissen, nicht gefolgt, lange nicht gehört.'
}
