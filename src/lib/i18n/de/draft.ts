import type { DraftMessages } from '../en/draft'

const count = (n: number) => n.toLocaleString('de')
const plural = (n: number, one: string, many: string) => `${count(n)} ${n === 1 ? one : many}`

export const draft: DraftMessages = {
	saved: 'Du wolltest etwas veröffentlichen.',
	savedLine: (files, bytes, when) =>
		`${plural(files, 'Datei', 'Dateien')}, ${bytes}, ${when}. Was du geändert hast, ist noch da.`,
	savedAgain:
		'Wähl dieselben Dateien noch einmal: was schon summiert war, ist bekannt, und deine Änderungen kommen wieder.',
	savedOpen: 'Weitermachen',
	savedForget: 'Vergessen',
	savedClosed: 'Dieser Ordner ließ sich nicht wieder öffnen. Wähl ihn unten.',
	tooMany: 'Das waren mehr Dateien, als auf einmal gehen; die ersten 100.000 sind dabei.',
	notShared: 'Das Geteilte ließ sich nicht aufheben: zu wenig Platz.',
	pause: 'Pause',
	goOn: 'Weiter',
	paused: 'Angehalten',
	speed: (perSecond) => `${perSecond} je Sekunde`,
	known: (bytes) => `${bytes} von früher bekannt`,
	fileOf: (done, all) => `${done} von ${all}`,
	filesOf: (done, all) => `${count(done)} von ${plural(all, 'Datei', 'Dateien')}`,
	atWork: 'Dateien in Arbeit',
	undo: 'Rückgängig',
	redo: 'Wiederholen',
	chooseAll: 'Alle Zeilen wählen',
	chooseRow: (title) => `${title} wählen`,
	chosen: (n) =>
		`${plural(n, 'Zeile', 'Zeilen')} gewählt: was du hier tust, gilt nur ${n === 1 ? 'ihr' : 'ihnen'}.`,
	chosenNone: 'Was du hier tust, gilt allen Zeilen. Wähl einige, um nur sie zu ändern.',
	unchoose: 'Keine wählen',
	fields: { composers: 'Komponist', licence: 'Lizenz', lang: 'Sprache', comment: 'Bemerkung' },
	applyChosen: 'Gleich für die gewählten',
	apply: (n) => `${plural(n, 'Zeile', 'Zeilen')} geben`,
	number: 'Durchzählen',
	fill: 'Aus dem Pfad füllen',
	fillPattern: 'Muster des Pfades',
	fillHelp: (names) => `Namen in Klammern: ${names}. {any} wird übergangen.`,
	fillAct: 'Füllen',
	filled: (n, of) =>
		n === 0
			? 'Es passt auf keinen Pfad.'
			: n === of
				? `${plural(n, 'Zeile', 'Zeilen')} gefüllt.`
				: `${count(n)} von ${plural(of, 'Zeile', 'Zeilen')} gefüllt.`,
	fillSees: (path) => `Erster Pfad: ${path}`,
	patternProblems: {
		'unknown-name': (name) => `{${name}} gibt es nicht.`,
		'names-nothing': () => 'Es nennt nichts. Schreib Namen in Klammern, wie {title}.',
		'named-twice': (name) => `{${name}} steht zweimal da.`
	},
	problems: {
		'not-a-licence': 'Ein SPDX-Kürzel wie CC-BY-4.0, oder eine Adresse',
		'not-a-language': 'Ein Sprachkürzel wie de oder pt-BR'
	},
	coverFromFrame: 'Ein Bild aus dem Film',
	places: 'Wo es aufgenommen wurde',
	placesFound: (n) =>
		`${plural(n, 'Datei verrät', 'Dateien verraten')}, wo sie entstanden ${n === 1 ? 'ist' : 'sind'}.`,
	placesOut: 'Herausnehmen',
	placesOutLine: 'Deine eigenen Dateien bleiben, wie sie sind. Bild und Ton werden nicht angerührt.',
	placesIn: 'Wer die Datei hat, kann diese Orte lesen.',
	placesShow: 'Zeigen',
	placeUnknown: 'Ortsnamen, oder eine Spur von Orten',
	sound: 'Lautheit',
	soundMeasuring: (done, all) => `Misst die Lautheit: ${count(done)} von ${count(all)}`,
	soundUnknown: (n) =>
		`${plural(n, 'Stück hat', 'Stücke haben')} keine Lautheit, so dass Spieler sie nicht angleichen können.`,
	soundAct: 'Messen',
	soundDone: (n, of) =>
		n === of
			? `Die Lautheit von ${plural(n, 'Stück', 'Stücken')} wurde gemessen.`
			: `Die Lautheit von ${count(n)} von ${plural(of, 'Stück', 'Stücken')} wurde gemessen; die anderen lassen sich hier nicht entschlüsseln.`,
	lookUp: 'Bei MusicBrainz nachschlagen',
	lookUpLine:
		'Fragt musicbrainz.org, einmal je Sekunde. Es erfährt Titel, Interpret und Album. Nur Leeres wird gefüllt.',
	lookingUp: (done, all) => `Fragt MusicBrainz: ${count(done)} von ${count(all)}`,
	lookedUp: (n, of) => `${count(n)} von ${plural(of, 'Zeile', 'Zeilen')} bei MusicBrainz gefunden.`
}
