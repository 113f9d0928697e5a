import type { Messages } from '../en'

const count = (n: number) => n.toLocaleString('de')
const plural = (n: number, one: string, many: string) => `${count(n)} ${n === 1 ? one : many}`

export const keep: Messages['keep'] = {
	keep: 'Aufbewahren',
	kept: 'Aufbewahrt',
	change: 'Wo es aufbewahrt ist',
	title: (title) => `${title} aufbewahren?`,
	response: 'Es bleibt, auch wenn niemand sonst es hat.',
	where: 'Wo es aufbewahrt wird',
	counting: 'Was schon hier ist, wird gezählt',
	size: (files, bytes) => `${plural(files, 'Datei', 'Dateien')}, ${bytes}.`,
	sizeHere: (bytes) => `${bytes} davon sind schon hier.`,
	sizeUnknown: (n) => `Von ${plural(n, 'Datei', 'Dateien')} ist die Größe noch nicht bekannt.`,
	here: 'Offline in diesem Browser',
	room: (left, all) => `${left} von ${all} sind dafür noch frei.`,
	kindLines: {
		pinata: 'holt es aus dem Netz und bewahrt es in deinem Konto',
		kubo: 'holt es aus dem Netz und pinnt es',
		pinning: 'holt es aus dem Netz und pinnt es'
	},
	noPlaces: 'Auch ein eigener Knoten oder ein Konto kann es aufbewahren.',
	addPlace: 'Einen Ort hinzufügen',
	tell: 'In dem sagen, was ich veröffentliche, dass ich es aufbewahre',
	tellLine: 'Andere können es dann bei deinen Orten holen. Es gilt ab der nächsten Veröffentlichung.',
	begun: (title) => `${title} wird aufbewahrt. Wie weit es ist, steht in der Sammlung unter „Hier aufbewahrt“.`,

	kinds: { album: 'Album', playlist: 'Playlist', publisher: 'Herausgeber' },
	states: {
		no: 'Nicht in diesem Browser.',
		wanted: 'Wartet, bis es an der Reihe ist.',
		paused: 'Angehalten. Was kam, bleibt hier.',
		done: 'Ganz in diesem Browser.',
		failed: 'Noch nicht ganz.'
	},
	progress: (done, all, bytesDone, bytes) => `${done} von ${all} Dateien, ${bytesDone} von ${bytes}`,
	fetching: (title) => `${title} wird geholt`,
	at: {
		wanted: 'noch nicht gefragt.',
		asked: 'holt es gerade.',
		held: 'bewahrt es.',
		failed: 'bewahrt es nicht.',
		gone: 'bewahrt es nicht mehr.'
	},
	ofAll: (held, all) => `${held} von ${all} Dateien sind dort.`,
	pause: 'Anhalten',
	resume: 'Weiter',
	again: 'Noch einmal',
	remove: (title) => `${title} nicht mehr aufbewahren`,
	removed: (title) => `${title} wird nicht mehr aufbewahrt. Der Platz wird frei.`,
	untold: (places) => `${places} war nicht zu erreichen und bewahrt es vielleicht noch.`,
	removeTitle: (title) => `${title} nicht mehr aufbewahren?`,
	removeLine: (places) => `Der Platz in diesem Browser wird frei, und ${places} soll es auch nicht mehr bewahren.`,
	removeAct: 'Freigeben',
	used: (used, budget) => `${used} von ${budget} sind hier aufbewahrt.`,
	served:
		'Andere bekommen es aus diesem Browser, solange er offen ist, so schnell wie die Einstellungen erlauben.',
	budget: 'Höchstens',
	budgetAuto: 'Die Hälfte dessen, was der Browser erlaubt',
	pieces: 'Stücke',
	piecesResponse: 'Sie spielen ohne Netz.'
}
