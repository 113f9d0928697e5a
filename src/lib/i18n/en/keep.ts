const count = (n: number) => n.toLocaleString('en')
const plural = (n: number, one: string, many: string) => `${count(n)} ${n === 1 ? one : many}`

/** Keeping offline and at places. */
export const keep = {
	keep: 'Keep',
	kept: 'Kept',
	change: 'Where it is kept',
	title: (title: string) => `Keep ${title}?`,
	response: 'It stays when its publisher is away.',
	where: 'Where to keep it',
	counting: 'Counting what is here already',
	size: (files: number, bytes: string) => `${plural(files, 'file', 'files')}, ${bytes}.`,
	sizeHere: (bytes: string) => `${bytes} of it is here already.`,
	sizeUnknown: (n: number) => `Of ${plural(n, 'file', 'files')} the size is not known yet.`,
	here: 'Offline in this browser',
	room: (left: string, all: string) => `${left} of ${all} is free for what is kept.`,
	kindLines: {
		pinata: 'fetches it from the network and keeps it in your account',
		kubo: 'fetches it from the network and pins it',
		pinning: 'fetches it from the network and pins it'
	},
	noPlaces: 'A node or an account of yours could keep it too.',
	addPlace: 'Add a place',
	tell: 'Say in what I publish that I keep it',
	tellLine: 'Others can then ask your places for it. It goes out when you publish next.',
	begun: (title: string) => `${title} is being kept. Library, Kept here, shows how far it is.`,

	kinds: { album: 'Album', playlist: 'Playlist', publisher: 'Publisher' },
	states: {
		no: 'Not in this browser.',
		wanted: 'Waits for its turn.',
		paused: 'Paused. What came stays here.',
		done: 'Whole in this browser.',
		failed: 'Not whole yet.'
	},
	progress: (done: string, all: string, bytesDone: string, bytes: string) =>
		`${done} of ${all} files, ${bytesDone} of ${bytes}`,
	fetching: (title: string) => `Fetching ${title}`,
	at: {
		wanted: 'not asked yet.',
		asked: 'is fetching it.',
		held: 'keeps it.',
		failed: 'does not keep it.',
		gone: 'keeps it no longer.'
	},
	ofAll: (held: string, all: string) => `${held} of ${all} files are there.`,
	pause: 'Pause',
	resume: 'Go on',
	again: 'Try again',
	remove: (title: string) => `Keep ${title} no longer`,
	removed: (title: string) => `${title} is no longer kept. Its room is freed.`,
	untold: (places: string) => `${places} could not be told, and may still keep it.`,
	removeTitle: (title: string) => `Keep ${title} no longer?`,
	removeLine: (places: string) => `Its room in this browser is freed, and ${places} is told to let go of it.`,
	removeAct: 'Let it go',
	used: (used: string, budget: string) => `${used} of ${budget} is kept here.`,
	served: 'Others get it from this browser while it is open, as fast as Settings allow.',
	budget: 'At most',
	budgetAuto: 'Half of what the browser allows',
	pieces: 'Pieces',
	piecesResponse: 'They play without a network.'
}
