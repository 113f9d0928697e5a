import type { PublishMessages } from '../en/publish'

const count = (n: number) => n.toLocaleString('de')
const plural = (n: number, one: string, many: string) => `${count(n)} ${n === 1 ? one : many}`

export const publish: PublishMessages = {
	title: 'Veröffentlichen',
	response: 'und Antwort hören',
	choose: 'Auswählen',
	files: (n, bytes) => `${plural(n, 'Datei', 'Dateien')}, ${bytes}`,
	drop: 'Leg einen Ordner ab.',
	dropResponse: 'Seine Angaben werden hier gelesen.',
	dropLine: 'Nichts verlässt dieses Gerät, bis du auf Veröffentlichen drückst.',
	dropNow: 'Loslassen, und diese Dateien werden gelesen.',
	dropMore: 'Mehr hier ablegen, oder',
	dropMoreLine: 'Sie bleiben auf diesem Gerät, bis du veröffentlichst.',
	chooseFiles: 'Dateien wählen',
	chooseFolder: 'Ordner wählen',
	chooseMore: 'Dateien wählen',
	chooseMoreFolder: 'einen Ordner',
	nothingIn: 'Darin war keine Datei.',
	reading: 'Liest Angaben',
	readingOf: (done, files, bytes, all) =>
		`${count(done)} von ${plural(files, 'Datei', 'Dateien')}, ${bytes} von ${all}`,
	readingFailed: 'Diese Dateien ließen sich nicht lesen.',
	left: (time) => `noch etwa ${time}`,
	stop: 'Anhalten',
	others: (n) => `${plural(n, 'weitere Datei geht', 'weitere Dateien gehen')} mit: Hüllen, Liedtexte, Texte.`,
	check: 'Angaben prüfen',
	checkFine: 'nichts auszubessern',
	toMend: (n) => (n === 1 ? 'eine Stelle auszubessern' : `${count(n)} Stellen auszubessern`),
	onlyToMend: 'Nur Auszubesserndes zeigen',
	table: 'Was veröffentlicht wird',
	fields: {
		track: 'Nr.',
		title: 'Titel',
		artists: 'Interpret',
		album: 'Album',
		date: 'Jahr',
		genres: 'Genre',
		albumArtists: 'Album-Interpret',
		disc: 'Disc'
	},
	trackName: 'Titelnummer',
	time: 'Dauer',
	cell: (field, row) => `${field} von ${row}`,
	several: 'Mehrere werden durch Semikolon getrennt.',
	problems: {
		'needs-title': 'Braucht einen Titel',
		'too-long': 'Höchstens 500 Zeichen',
		'not-a-date': 'Ein Jahr oder 2026-11-21',
		'not-a-number': 'Eine Zahl ab 1'
	},
	from: (file) => `aus ${file}`,
	unread: {
		empty: 'Diese Datei ist leer.',
		unreadable: 'Sie lässt sich nicht mehr lesen. Wähle sie noch einmal.',
		slow: 'Die Angaben zu lesen dauerte zu lange. Veröffentlichen geht trotzdem.',
		damaged: 'Die Angaben ließen sich nicht lesen; vielleicht ist sie beschädigt. Veröffentlichen geht trotzdem.'
	},
	removeRow: (title) => `${title} weglassen`,
	rowRemoved: (title) => `${title} bleibt weg.`,
	showMore: (n) => `${count(n)} weitere zeigen`,
	applyAll: 'Für alle gleich',
	applyValue: 'Wert',
	applyTo: (n) => `Allen ${count(n)} geben`,
	applied: (n) => `${plural(n, 'Zeile', 'Zeilen')} geändert.`,
	clear: 'Neu beginnen',
	clearTitle: 'Neu beginnen?',
	clearLine: 'Die Liste und deine Änderungen daran gehen weg. Die Dateien bleiben, wo sie sind.',
	clearAct: 'Neu beginnen',
	covers: 'Hüllen',
	coverFrom: {
		file: 'Hülle aus der Datei',
		folder: 'Hülle aus dem Ordner',
		chosen: 'Von dir gewählte Hülle'
	},
	coverNone: 'Keine Hülle',
	coverChange: 'Ändern',
	coverChoose: 'Eine wählen',
	coverChangeOf: (album) => `Hülle von ${album} ändern`,
	coverSize: (width, height, bytes) => `${count(width)} × ${count(height)}, ${bytes}`,
	noAlbum: 'Kein Album',
	who: 'Wer veröffentlicht',
	whoResponse: 'ein Name und ein Schlüssel',
	name: 'Name, den andere sehen',
	licence: 'Lizenz',
	licenceNone: 'Keine genannt',
	about: 'Ein paar Worte',
	key: 'Schlüssel',
	keyNew: 'Ein neuer Schlüssel',
	keyNewLine: 'Entsteht beim Veröffentlichen, nur in diesem Browser. Sichere dann eine Kopie.',
	keyIs: 'Unterschrieben mit deinem Schlüssel',
	keySave: 'Eine Kopie sichern',
	keySaved: 'Die Kopie ist gesichert. Wer sie hat, kann in deinem Namen veröffentlichen.',
	published: (n) => `Dieser Schlüssel hat ${plural(n, 'Eintrag', 'Einträge')} veröffentlicht.`,
	publishedElsewhere: 'Dieser Schlüssel hat schon veröffentlicht, von einem anderen Gerät aus.',
	join: 'Dazu veröffentlichen',
	joinLine: 'Was veröffentlicht ist, bleibt, wie es ist. Eine Datei am selben Platz tritt an dessen Stelle.',
	replace: 'Ersetzen',
	replaces: (n) =>
		`${n === 1 ? 'Jener Eintrag verlässt' : 'Jene Einträge verlassen'} den Katalog. Kopien, die andere bewahren, bleiben bei ihnen.`,
	lists: 'Playlisten, die mitgehen',
	listsOf: (n: number) => (n === 0 ? 'keine' : count(n)),
	listsLine:
		'Sie werden mit deinem Katalog unterschrieben und stehen auf deiner Seite. Eine gleichnamige, die schon da ist, macht Platz.',
	listsNone: 'Du hast keine eigene Playlist. Leg in der Sammlung eine an, dann kann sie mitgehen.',
	replacesAll: 'All das verlässt den Katalog. Kopien, die andere bewahren, bleiben bei ihnen.',
	where: 'Wo es wohnt',
	whereResponse: 'damit es zu hören ist, wenn dieser Tab zu ist',
	node: 'Dein eigener Kubo-Knoten',
	nodeLine: 'er bewahrt alles auf und antwortet für dich',
	send: 'Veröffentlichen',
	sendWaits: 'nichts hat dieses Gerät verlassen',
	sendRuns: 'unterwegs',
	sendStopped: 'angehalten; was getan ist, bleibt',
	sendFailed: 'ein Schritt ging nicht; was getan ist, bleibt',
	act: 'Veröffentlichen',
	whyNot: {
		empty: 'Wähle zuerst Dateien.',
		mend: 'Bessere zuerst das Markierte aus.',
		name: 'Gib einen Namen an, den andere sehen.',
		node: 'Gib die Adresse deines Knotens an, oder lass ihn weg.'
	},
	steps: {
		build: 'In Stücke schneiden und prüfbar machen',
		send: 'An die Orte senden',
		sign: 'Unterschreiben',
		name: 'Ihm seinen Namen geben',
		announce: 'Ankündigen'
	},
	doing: {
		reading: 'liest',
		hashing: 'macht jedes Stück prüfbar',
		packing: 'schreibt den Katalog',
		sending: 'sendet',
		naming: 'benennt',
		announcing: 'kündigt an'
	},
	stepStates: {
		waiting: 'wartet',
		running: 'in Arbeit',
		done: 'getan',
		failed: 'ging nicht',
		skipped: 'nicht nötig'
	},
	progress: (done, all) => `${done} von ${all}`,
	again: 'Noch einmal',
	goOn: 'Weiter',
	namedAt: (ok, all) =>
		ok === all
			? `${plural(all, 'Stelle nahm', 'Stellen nahmen')} ihn an`
			: `${count(ok)} von ${plural(all, 'Stelle', 'Stellen')} ${ok === 1 ? 'nahm' : 'nahmen'} ihn an`,
	done: 'Angekündigt',
	doneResponse: (peers) =>
		peers === 0
			? 'noch ist kein Peer nah'
			: peers === 1
				? '1 Peer hat es gehört'
				: `${count(peers)} Peers haben es gehört`,
	doneAlone: 'Es wird wieder angekündigt, sobald jemand nah ist, und jede halbe Stunde.',
	doneTab: 'Lass diesen Tab offen: Nur er hat es.',
	entries: (n, bytes) => `${plural(n, 'Eintrag', 'Einträge')}, ${bytes}`,
	linkUser: 'Dein Katalog, immer der neueste',
	linkRoot: 'Diese Veröffentlichung, wie sie jetzt ist',
	copyLink: 'Link kopieren',
	copyRoot: 'Diesen Link kopieren',
	copyName: 'Deinen IPNS-Namen kopieren',
	share: 'Teilen',
	saveKey: 'Kopie des Schlüssels sichern',
	saveKeyLine: 'Der Schlüssel ist nur in diesem Browser. Ohne Kopie geht der Name mit ihm verloren.',
	another: 'Mehr veröffentlichen'
}
