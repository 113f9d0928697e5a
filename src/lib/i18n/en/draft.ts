const count = (n: number) => n.toLocaleString('en')
const plural = (n: number, one: string, many: string) => `${count(n)} ${n === 1 ? one : many}`

/** Import and what is known of files: the draft that a person checks before it is published. */
export const draft = {
	saved: 'You were about to publish.',
	savedLine: (files: number, bytes: string, when: string) =>
		`${plural(files, 'file', 'files')}, ${bytes}, ${when}. What you changed is kept.`,
	savedAgain: 'Choose the same files again: those that were summed up are known, and your changes come back.',
	savedOpen: 'Go on',
	savedForget: 'Forget it',
	savedClosed: 'This folder could not be opened again. Choose it below.',
	tooMany: 'That were more files than can be taken at once; the first 100,000 were taken.',
	notShared: 'What was shared could not be kept: there is too little room.',
	pause: 'Pause',
	goOn: 'Go on',
	paused: 'Paused',
	speed: (perSecond: string) => `${perSecond} a second`,
	known: (bytes: string) => `${bytes} known from before`,
	fileOf: (done: string, all: string) => `${done} of ${all}`,
	filesOf: (done: number, all: number) => `${count(done)} of ${plural(all, 'file', 'files')}`,
	atWork: 'Files at work',
	undo: 'Undo',
	redo: 'Do again',
	chooseAll: 'Choose all rows',
	chooseRow: (title: string) => `Choose ${title}`,
	chosen: (n: number) =>
		`${plural(n, 'row', 'rows')} chosen: what you do here is done to ${n === 1 ? 'it' : 'them'}.`,
	chosenNone: 'What you do here is done to all rows. Choose some to change only those.',
	unchoose: 'Choose none',
	fields: { composers: 'Composer', licence: 'Licence', lang: 'Language', comment: 'Comment' },
	applyChosen: 'Same for those chosen',
	apply: (n: number) => `Give it to ${plural(n, 'row', 'rows')}`,
	number: 'Number them',
	fill: 'Fill from path',
	fillPattern: 'Pattern of the path',
	fillHelp: (names: string) => `Names in braces: ${names}. {any} is passed over.`,
	fillAct: 'Fill',
	filled: (n: number, of: number) =>
		n === 0
			? 'It fits no path.'
			: n === of
				? `${plural(n, 'row', 'rows')} filled.`
				: `${count(n)} of ${plural(of, 'row', 'rows')} filled.`,
	fillSees: (path: string) => `First path: ${path}`,
	patternProblems: {
		'unknown-name': (name: string) => `There is no {${name}}.`,
		'names-nothing': () => 'It names nothing. Write names in braces, as {title}.',
		'named-twice': (name: string) => `{${name}} stands there twice.`
	},
	problems: {
		'not-a-licence': 'An SPDX id such as CC-BY-4.0, or an address',
		'not-a-language': 'A language tag such as en or pt-BR'
	},
	coverFromFrame: 'A picture of the film',
	places: 'Where it was taken',
	placesFound: (n: number) => `${plural(n, 'file tells', 'files tell')} where it was made.`,
	placesOut: 'Take it out',
	placesOutLine: 'Your own files stay as they are. Pictures and sound are not touched.',
	placesIn: 'Everyone who has the file can read these places.',
	placesShow: 'Show them',
	placeUnknown: 'names of places, or a track of positions',
	sound: 'Loudness',
	soundMeasuring: (done: number, all: number) => `Measuring loudness: ${count(done)} of ${count(all)}`,
	soundUnknown: (n: number) =>
		`${plural(n, 'song has', 'songs have')} no loudness, so that players cannot even them out.`,
	soundAct: 'Measure it',
	soundDone: (n: number, of: number) =>
		n === of
			? `The loudness of ${plural(n, 'song', 'songs')} was measured.`
			: `The loudness of ${count(n)} of ${plural(of, 'song', 'songs')} was measured; the others cannot be decoded here.`,
	lookUp: 'Look up at MusicBrainz',
	lookUpLine:
		'Asks musicbrainz.org, once a second. It is told title, artist and album. Only what is empty is filled in.',
	lookingUp: (done: number, all: number) => `Asking MusicBrainz: ${count(done)} of ${count(all)}`,
	lookedUp: (n: number, of: number) => `${count(n)} of ${plural(of, 'row', 'rows')} found at MusicBrainz.`
}

export type DraftMessages = typeof draft
