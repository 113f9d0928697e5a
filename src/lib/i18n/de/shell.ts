import type { Messages } from '../en'

const count = (n: number) => n.toLocaleString('de')
const plural = (n: number, one: string, many: string) => `${count(n)} ${n === 1 ? one : many}`

export const shell: Messages['shell'] = {
	name: 'Antiphon',
	skip: 'Zum Inhalt',
	main: 'Hauptmenü',
	home: 'Start',
	search: 'Suche',
	library: 'Sammlung',
	publish: 'Veröffentlichen',
	publishers: 'Herausgeber',
	network: 'Netz',
	settings: 'Einstellungen',
	queue: 'Warteschlange',
	more: 'Mehr',
	moreResponse: 'was sonst noch da ist',
	publishersHint: 'Wer gehört wurde, und wem du folgst',
	networkHint: 'Peers, Hubs und woher die Bytes kommen',
	settingsHint: 'Gateways, Sprache, hell und dunkel',
	queueHint: 'Was als Nächstes läuft',
	playlists: 'Playlisten',
	narrow: 'Menü schmal machen',
	widen: 'Menü breit machen',
	theme: 'Hell oder dunkel',
	back: 'Zurück',
	close: 'Schließen',
	cancel: 'Lieber nicht',
	undo: 'Rückgängig',
	copied: 'Kopiert.',
	retry: 'Noch einmal fragen',
	showMore: 'Mehr zeigen',
	clear: 'Leeren',
	asking: 'Fragt',
	loading: 'Lädt',
	peers: (n) => plural(n, 'Peer', 'Peers'),
	ways: (peers, gateways) =>
		peers === 0 && gateways === 0
			? 'Niemand wird gefragt'
			: [
					peers > 0 ? plural(peers, 'Peer', 'Peers') : '',
					gateways > 0 ? plural(gateways, 'Gateway', 'Gateways') : ''
				]
					.filter(Boolean)
					.join(' · '),
	offline: 'Du bist offline.',
	offlineLine: 'Was hier aufbewahrt ist, läuft weiter.',
	offlineHere: (time: string, title: string) => `${time} von „${title}“ sind hier.`,
	tracks: (n) => plural(n, 'Titel', 'Titel'),
	pieces: (n) => plural(n, 'Stück', 'Stücke'),
	albums: (n) => plural(n, 'Album', 'Alben'),
	wrongPage: 'Unter dieser Adresse ist nichts.',
	wrongPageResponse: 'Alles andere ist, wo es war.',
	toHome: 'Zum Start',
	startFailed: 'Antiphon konnte nicht starten.',
	startFailedResponse: 'Nichts Aufbewahrtes ist verloren.',
	startFailedLine:
		'Der Browser gibt seinen Speicher nicht her. Ein privates Fenster oder eine volle Platte kann der Grund sein.',
	reload: 'Neu laden',
	updateReady: 'Eine neuere Fassung ist da.',
	workerMissing: 'Dieses Fenster kann Bytes nicht prüfen, darum spielt es nichts.',
	workerMissingLine:
		'Ein privates Fenster oder ein gesperrter Service Worker kann der Grund sein. Suche und Links gehen.',
	openUnchecked: (title, host) => `„${title}“ bei ${host} öffnen, ungeprüft`,
	shortcuts: 'Tastatur',
	shortcutsResponse: 'alles geht ohne Maus',
	keys: {
		search: 'Suchen',
		playPause: 'Abspielen oder anhalten',
		seek: '5 Sekunden zurück oder vor',
		volume: 'Lauter oder leiser',
		track: 'Vorheriger oder nächster Titel',
		mute: 'Stumm',
		full: 'Player öffnen oder schließen',
		queue: 'Warteschlange',
		shuffle: 'Mischen',
		repeat: 'Wiederholen',
		help: 'Diese Liste',
		rows: 'Von Zeile zu Zeile'
	},
	space: 'Leertaste'
}
