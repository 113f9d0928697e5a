import type { AllMessages } from '../en'

const count = (n: number) => n.toLocaleString('de')
const plural = (n: number, one: string, many: string) => `${count(n)} ${n === 1 ? one : many}`

export const places: AllMessages['places'] = {
	title: 'Orte',
	response: 'wo leben kann, was du veröffentlichst',
	none: 'Noch kein Ort. Was du veröffentlichst, lebt nur in diesem Browser.',
	add: 'Einen Ort hinzufügen',
	kinds: { pinata: 'Pinata', kubo: 'Kubo-Knoten oder Filebase', pinning: 'Pinning-Dienst' },
	kindLines: {
		pinata: 'nimmt die Bytes und bewahrt sie, mit einem Schlüssel deines Kontos',
		kubo: 'dein eigener Knoten, oder ein Dienst, der dessen RPC spricht',
		pinning: 'ein Spiegel: er holt, was ein anderer Ort schon hat'
	},
	remove: (what) => `${what} entfernen`,
	removeTitle: (what) => `${what} entfernen?`,
	removeLine: 'Sein Schlüssel wird hier vergessen. Was er bewahrt, bleibt dort.',
	removeAct: 'Entfernen',
	removed: (what) => `${what} steht nicht mehr auf der Liste.`,
	keyed: 'mit Schlüssel',
	accountLook: 'Ansehen',
	accountLookAt: (what) => `${what} ansehen`,
	account: (what) => `Was bei ${what} liegt`,
	accountHolds: (files, bytes) => `${plural(files, 'Datei', 'Dateien')}, ${bytes} im Ganzen`,
	accountAsks: 'Wird gefragt',
	accountNone: 'Dort liegt noch nichts.',
	accountMore: 'Mehr zeigen',
	accountUnnamed: 'ohne Namen',
	accountDelete: (what) => `${what} löschen`,
	accountDeleteTitle: (what) => `${what} dort löschen?`,
	accountDeleteLine:
		'Es ist dann endgültig aus deinem Konto fort. Wer einem Link folgt, findet es nur, wo es sonst noch lebt.',
	accountDeleteAct: 'Löschen',
	accountDeleted: (what) => `${what} ist dort gelöscht.`,

	wizard: 'Ein neuer Ort',
	kind: 'Welcher Art',
	label: 'Wie du ihn nennst',
	endpoint: 'Seine Adresse',
	presets: 'Bekannte',
	token: 'Schlüssel',
	tokenLines: {
		pinata:
			'Lege bei Pinata unter API Keys einen Schlüssel an, der Dateien lesen und schreiben darf, und füge sein JWT hier ein. Es wird verschlüsselt bewahrt, nur in diesem Browser.',
		kubo: 'Nur, wo der Knoten oder Dienst einen verlangt. Der eigene Knoten tut das meist nicht.',
		pinning: 'Der Dienst gibt ihn dir, als „Access Token“ oder „JWT“.'
	},
	tokenShow: 'Schlüssel zeigen',
	check: 'Prüfen und hinzufügen',
	checkAgain: 'Noch einmal prüfen',
	checking: 'Wird geprüft',
	addAnyway: 'Trotzdem hinzufügen',
	added: (what) => `${what} ist hinzugefügt.`,
	steps: {
		address: 'Die Adresse',
		answers: 'Er antwortet',
		page: 'Er lässt diese Seite ein',
		version: 'Seine Version',
		key: 'Er nimmt den Schlüssel an',
		read: 'Der Schlüssel darf lesen',
		write: 'Er nimmt, was gesendet wird',
		room: 'Was das Konto hält'
	},
	stepStates: { waiting: 'wartet', running: 'läuft', ok: 'in Ordnung', failed: 'nicht in Ordnung' },
	advice: {
		address: 'Das ist keine Adresse. Sie beginnt mit http:// oder https://.',
		'needs-https':
			'Diese Seite ist gesichert, die Adresse ist es nicht, und sie gehört nicht zu diesem Gerät. Setze einen https-Proxy vor den Knoten oder öffne die App aus dem Netz des Knotens.',
		'local-network':
			'Der Browser soll diese Seite nicht ins lokale Netz lassen. Erlaube es in den Einstellungen dieser Seite (neben der Adresse, „Zugriff auf das lokale Netzwerk“) und prüfe noch einmal.',
		'not-running':
			'Nichts antwortet. Läuft der Knoten, und stimmt die Adresse? Fragt der Browser, ob diese Seite Geräte im lokalen Netz erreichen darf, dann erlaube es. Safari braucht eine https-Adresse.',
		late: 'Die Antwort dauerte zu lange. Versuche es später noch einmal.',
		cors: 'Er ist da, lässt diese Seite aber nicht ein. Führe dies auf dem Knoten aus und starte ihn neu:',
		'service-cors':
			'Er ist da, lässt aber keine Webseiten ein (CORS). Das kann nur der Dienst ändern; frage ihn oder wähle einen anderen Ort.',
		'not-kubo':
			'Etwas antwortet, aber nicht das RPC eines Kubo-Knotens. Es liegt meist auf Port 5001, nicht 8080.',
		'not-pinning': 'Etwas antwortet, aber kein Pinning-Dienst. Die Adresse ist die vor „/pins“.',
		'too-old': 'Dieser Knoten ist zu alt, um Namen zu veröffentlichen. Nötig ist Kubo 0.40 oder neuer.',
		'no-key': 'Er verlangt einen Schlüssel. Füge einen ein.',
		'key-shape':
			'Das ist kein Schlüssel von Pinata. Nimm den langen namens JWT, mit zwei Punkten und ohne Leerzeichen.',
		'key-refused':
			'Er kennt diesen Schlüssel nicht. Vielleicht wurde er widerrufen oder beim Kopieren abgeschnitten.',
		'key-scope':
			'Der Schlüssel ist bekannt, darf das aber nicht. Lege einen an, der Dateien lesen und schreiben darf (Files: Write).',
		quota: 'Das Konto nimmt nichts mehr. Schaffe dort Platz, ändere den Tarif oder wähle einen anderen Ort.',
		'rate-limited': 'Er möchte eine Weile in Ruhe gelassen werden. Warte eine Minute und prüfe noch einmal.',
		'shared-origin':
			'An dieser Adresse können andere Seiten lesen, was gespeichert ist. Öffne die App an einer eigenen Adresse, um Schlüssel zu nutzen.',
		unknown: 'Er antwortete auf eine Art, die hier nicht bekannt ist.'
	},
	words: 'Was er sagte',
	holds: (bytes) => `${bytes} bisher`,

	here: 'Dieser Browser',
	hereLine: 'immer: wird geliefert, solange ein Tab offen ist',
	alone:
		'Ist dieser Tab geschlossen, kann niemand es holen, außer andere haben es bewahrt. Du kannst es später an einen Ort senden.',
	mirrorAlone: 'Ein Pinning-Dienst holt von anderen Orten: wähle auch einen, der die Bytes nimmt.',

	large: 'Eine große Sammlung auf dem eigenen Knoten',
	largeLine:
		'Dateien, die neben deinem Knoten liegen, müssen nicht durch diesen Browser. Lass den Knoten sie lesen, wo sie sind: unterhalb des Ordners, in dem sein eigener liegt, meist dein Benutzerordner. Einmal, und danach neu starten:',
	largeThen: 'Dann, während der Knoten läuft:',
	largeCid: 'Die CID, die das zuletzt ausgibt',
	largeReplaces:
		'Die Liste tritt an die Stelle von allem, was unter diesem Schlüssel schon veröffentlicht ist. Mit einem neuen Schlüssel bleibt das, wie es ist.',
	largeAct: 'Liste lesen und veröffentlichen',
	largeFiles: (n) => `${plural(n, 'Datei', 'Dateien')} gefunden`,
	largeNoNode: 'Richte zuerst deinen eigenen Knoten ein.',
	largeDone: (n) => `${plural(n, 'Eintrag', 'Einträge')} angekündigt, und keine Datei wurde bewegt.`,

	lives: 'Wo es lebt',
	livesResponse: 'täglich nachgesehen',
	published: 'Was du veröffentlicht hast',
	of: (entries, bytes) => `${plural(entries, 'Eintrag', 'Einträge')}, ${bytes}`,
	made: (day) => `vom ${day}`,
	states: {
		sending: 'unterwegs',
		asked: 'erbeten, noch nicht da',
		held: 'bewahrt',
		failed: 'ging nicht',
		gone: 'nicht mehr bewahrt'
	},
	looked: (day) => `nachgesehen ${day}`,
	unanswered: 'ließ sich nicht fragen',
	stopped: 'Es blieb unterwegs stehen. Was getan ist, bleibt.',
	goOn: 'Weiter',
	again: 'Noch einmal senden',
	look: 'Jetzt nachsehen',
	sendTo: 'An einen weiteren Ort senden',
	removeFrom: (what) => `${what} es vergessen lassen`,
	nowhere: 'Nirgends als hier',
	forget: 'Von dieser Liste nehmen',
	edit: 'Bearbeiten',
	editTitle: (what) => `${what} bearbeiten`,
	editLine: 'Dateien, die bleiben, werden nicht neu gesendet.',
	editRemove: (what) => `${what} weglassen`,
	editBack: (what) => `${what} behalten`,
	editAct: 'Änderungen veröffentlichen',
	editLists: 'Playlisten',
	editListsMore: 'Eigene Playlisten dazunehmen',
	editNone: 'Noch ist nichts geändert.',
	editOnly: (n) => `Die ersten ${count(n)} sind zu sehen. Die Suche findet die anderen.`,
	editSearch: 'Darin suchen',
	withdraw: 'Zurückziehen',
	withdrawTitle: (what) => `${what} zurückziehen?`,
	withdrawLines: [
		'An seiner Stelle wird ein leerer Katalog angekündigt, mit deinem Schlüssel signiert. Wer ihn hört, nimmt deine Einträge aus seiner Suche.',
		'Deine Orte werden gebeten zu vergessen, was sie davon bewahren, alles unter diesem Namen.',
		'Kopien, die andere gemacht haben, bleiben bei ihnen, und Links darauf gehen dort weiter. Das kann niemand zurücknehmen.',
		'Der Name bleibt deiner: du kannst wieder unter ihm veröffentlichen.'
	],
	withdrawAct: 'Zurückziehen',
	withdrawn: (what) => `${what} ist zurückgezogen.`
}
