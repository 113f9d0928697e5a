import type { AllMessages } from '../en'

const count = (n: number) => n.toLocaleString('de')

export const proof: AllMessages['proof'] = {
	title: 'Beweis',
	of: (title) => `Beweis zu ${title}`,
	what: 'Worum es geht',
	workTitle: 'Titel',
	artist: 'Von',
	file: 'Datei',
	size: 'Größe',
	publication: 'Veröffentlichung',
	path: 'Pfad',
	signature: 'Unterschrift',
	signed: 'Der Eintrag des Herausgebers ist richtig unterschrieben.',
	signedOther:
		'Der neueste Eintrag des Herausgebers ist richtig unterschrieben und führt zu einer anderen Veröffentlichung als dieser.',
	unsigned:
		'Dafür hat niemand unterschrieben: es wurde über seine Adresse geöffnet. Die Adresse selbst legt jedes Byte fest.',
	wrong: 'Der Eintrag, der hier liegt, ist nicht richtig unterschrieben.',
	checking: 'Die Unterschrift wird geprüft',
	name: 'Schlüssel',
	sequence: 'Nummer des Eintrags',
	leadsTo: 'Führt zu',
	made: 'Veröffentlichung gemacht',
	validUntil: 'Unterschrieben bis',
	heard: 'Hier gehört',
	checkedAt: 'Geprüft',
	signedLine:
		'Ein Eintrag nennt seine Nummer und sein Ende, nicht den Moment der Unterschrift. Wann die Veröffentlichung gemacht wurde, steht in ihr selbst, und der Eintrag legt sie durch ihre Adresse fest.',
	bytes: 'Bytes',
	since: (when) => `seit ${when}`,
	none: 'In diesem Tab wurde noch kein Byte davon gelesen.',
	source: 'Quelle',
	kind: 'Art',
	kinds: { peer: 'Peer', gateway: 'Gateway', local: 'Dieses Gerät' },
	thisDevice: 'Dieses Gerät',
	sourceBytes: 'Bytes',
	pieces: 'Stücke',
	sourceWrong: 'Falsch',
	wasted: 'Ungenutzt',
	inAll: 'Alle Quellen',
	fromOthers: 'Kam von anderen',
	ofFile: (bytes, share) => `${bytes}, ${share} der Datei`,
	checked: (pieces) => `${count(pieces)}, jedes gegen seine Adresse, bevor ein Byte davon herauskam`,
	piecesChecked: 'Geprüfte Stücke',
	wrongPieces: 'Falsche Stücke',
	wrongNone: 'Keine',
	wrongThrown: (n) => `${count(n)}, weggeworfen`,
	wastedBytes: 'Kam umsonst',
	bytesLine:
		'Bytes von diesem Gerät werden aus dem gelesen, was aufbewahrt wurde, und dabei wieder geprüft. Die Stücke einer Datei sind etwas mehr als die Datei: sie enthalten auch ihren Aufbau.',
	tried: 'Zuletzt vergeblich versucht',
	save: 'Als Text sichern',
	copy: 'Als Text kopieren',
	fileName: (title) => `Beweis zu ${title}.txt`,
	morePeers: (n) => `und ${count(n)} weitere`
}
