import type { Messages } from '../en'

const count = (n: number) => n.toLocaleString('de')
const plural = (n: number, one: string, many: string) => `${count(n)} ${n === 1 ? one : many}`

export const player: Messages['player'] = {
	region: 'Player',
	play: 'Abspielen',
	pause: 'Pause',
	next: 'Weiter',
	previous: 'Zurück',
	position: 'Position',
	volume: 'Lautstärke',
	mute: 'Stumm',
	unmute: 'Ton an',
	positionText: (at, of, buffered) => `${at} von ${of}, geprüft bis ${buffered}`,
	nothing: 'Es läuft nichts',
	nothingLine: 'Spiel irgendetwas ab',
	open: 'Player öffnen',
	close: 'Player schließen',
	from: 'Aus',
	shuffle: 'Mischen',
	repeat: { off: 'Wiederholen ist aus', all: 'Alle wiederholen', one: 'Einen wiederholen' },
	favourite: 'Favorit',
	queue: 'Warteschlange',
	details: 'Einzelheiten',
	nowPlaying: (title, artist) => (artist === '' ? `Es läuft ${title}` : `Es läuft ${title} von ${artist}`),
	waitingShort: 'Fragt',
	stall: (peers: number, gateways: readonly string[]) => {
		const who = [
			peers > 0 ? plural(peers, 'Peer', 'Peers') : '',
			gateways.length > 2 ? `${count(gateways.length)} Gateways` : gateways.join(' und ')
		].filter(Boolean)
		return who.length === 0 ? 'Wartet auf eine Antwort' : `Wartet auf ${who.join(' und ')}`
	},
	stallOffline: 'Du bist offline, und dieser Teil ist nicht hier',
	stallOrNext: 'Es geht von selbst weiter, wenn jemand antwortet. Das Nächste ist vielleicht schneller.',
	stallAlone: 'Es geht von selbst weiter, wenn jemand antwortet.',
	stallWhenBack: 'Es geht von selbst weiter, wenn du wieder online bist.',
	seconds: (n: number) => `${count(n)} s`,
	openUnchecked: (host: string) => `Bei ${host} öffnen, ungeprüft`,
	failed: (title) => `${title} läuft nicht.`,
	goesOn: 'Das Nächste folgt.',
	skip: 'Gleich weiter',
	wherefrom: 'Woher die Bytes kommen',
	thisDevice: 'Dieses Gerät',
	sources: (peers, gateways) =>
		[peers > 0 ? plural(peers, 'Peer', 'Peers') : '', gateways > 0 ? plural(gateways, 'Gateway', 'Gateways') : '']
			.filter(Boolean)
			.join(' · '),
	sleep: 'Schlummeruhr',
	sleepOff: 'Aus',
	sleepIn: (minutes) => `In ${count(minutes)} Minuten`,
	sleepEnd: 'Am Ende dieses Titels',
	sleepLeft: (time) => `Hält an in ${time}`,

	queueEmpty: 'Die Warteschlange ist leer.',
	queueEmptyResponse: 'Spiel etwas ab.',
	queueEmptyLine:
		'Hier steht, was du abspielst und was du mit „Als Nächstes“ oder „An die Warteschlange“ anfügst.',
	queueSummary: (tracks, time) => `${plural(tracks, 'Titel', 'Titel')}, ${time}`,
	clearQueue: 'Warteschlange leeren',
	saveQueue: 'Als Playlist sichern',
	remove: (title) => `${title} herausnehmen`,
	moveUp: (title) => `${title} nach oben`,
	moveDown: (title) => `${title} nach unten`,
	moved: (title, place) => `${title} ist jetzt Nummer ${count(place)}.`,
	cleared: 'Die Warteschlange wurde geleert.',

	playNext: 'Als Nächstes spielen',
	addToQueue: 'An die Warteschlange',
	addToPlaylist: 'Zu einer Playlist',
	addFavourite: 'Zu den Favoriten',
	dropFavourite: 'Aus den Favoriten nehmen',
	keepOffline: 'Offline aufbewahren',
	goToAlbum: 'Zum Album',
	goToPublisher: 'Zum Herausgeber',
	goToArtist: 'Mehr von diesem Künstler',
	copyLink: 'Link kopieren',
	copyLinkHere: 'Link ab hier kopieren',
	openFile: 'Die Datei öffnen',
	download: 'Herunterladen',
	info: 'Info',
	playsNext: (title) => `${title} läuft als Nächstes.`,
	queued: (title) => `${title} ist in der Warteschlange.`,
	linkCopied: 'Der Link wurde kopiert.',
	favoured: (title) => `${title} ist ein Favorit.`,
	unfavoured: (title) => `${title} ist kein Favorit mehr.`,

	infoAlbum: 'Album',
	infoDate: 'Datum',
	infoGenre: 'Genre',
	infoFormat: 'Format',
	infoLength: 'Länge',
	infoSize: 'Größe',
	infoLicence: 'Lizenz',
	infoPublisher: 'Herausgeber',
	infoPath: 'Pfad',
	infoFile: 'Adresse der Datei',
	infoRoot: 'Veröffentlichung'
}
