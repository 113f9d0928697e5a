import type { AllMessages } from '../en'

export const secrets: AllMessages['secrets'] = {
	title: 'Kennwort',
	response: 'schützt deine Schlüssel auf diesem Gerät',
	none: 'Schlüssel werden verschlüsselt bewahrt und öffnen sich in diesem Browser von selbst.',
	set: 'Schlüssel werden verschlüsselt bewahrt und öffnen sich mit deinem Kennwort.',
	refused:
		'An dieser Adresse kann jede andere Seite des Gateways lesen, was gespeichert ist. Hier wird kein Schlüssel gemacht oder bewahrt: öffne die App an einer eigenen Adresse, um zu veröffentlichen.',
	locked: 'Deine Schlüssel sind verschlossen.',
	lockedLine: 'Was angekündigt ist, bleibt es. Veröffentlichen und Erneuern warten auf das Kennwort.',
	passphrase: 'Kennwort',
	passphraseNow: 'Das jetzige Kennwort',
	passphraseNew: 'Ein neues Kennwort',
	passphraseTwice: 'Noch einmal',
	passphraseLine:
		'Mindestens 8 Zeichen. Es lässt sich nicht wiederbeschaffen: ohne es sind die Schlüssel auf diesem Gerät verloren.',
	short: 'Mindestens 8 Zeichen.',
	differ: 'Das ist nicht dasselbe.',
	wrong: 'Das ist nicht das Kennwort.',
	unlock: 'Öffnen',
	lock: 'Jetzt verschließen',
	setAct: 'Ein Kennwort setzen',
	changeAct: 'Das Kennwort ändern',
	removeAct: 'Kein Kennwort nutzen',
	changed: 'Das Kennwort ist geändert.',
	removed: 'Die Schlüssel öffnen sich wieder von selbst.',

	backUp: 'Alle Schlüssel sichern',
	backUpTitle: 'Eine Sicherung aller Schlüssel',
	backUpLine: 'Eine Datei, verschlüsselt. Sie öffnet sich nur mit diesem Kennwort, auf jedem Gerät.',
	backUpAct: 'Datei sichern',
	backedUp: 'Die Sicherung ist gespeichert.',
	restoreTitle: 'Die Sicherung öffnen',
	restoreLine: 'Das Kennwort, mit dem sie gesichert wurde.',
	restoreAct: 'Schlüssel holen',
	restored: (n) => (n === 1 ? '1 Schlüssel ist hier.' : `${n.toLocaleString('de')} Schlüssel sind hier.`),

	phrase: (what) => `Die Wörter von ${what} zeigen`,
	phraseTitle: (what) => `Die 24 Wörter von ${what}`,
	phraseLine:
		'Sie sind der Schlüssel selbst. Wer sie liest, kann in deinem Namen veröffentlichen. Schreibe sie auf; mache kein Bild davon.',
	phraseShow: 'Jetzt zeigen',
	phrasePrint: 'Drucken',
	importPhrase: 'Einen Schlüssel mit seinen Wörtern holen',
	importPhraseLine: 'Alle 24, in ihrer Reihenfolge.',
	importPhraseWrong:
		'Das sind nicht die Wörter eines Schlüssels. Suche nach einem Wort, das verlesen oder ausgelassen wurde.',

	helpLost: 'Ich habe einen Schlüssel verloren',
	helpStolen: 'Jemand hat meinen Schlüssel',
	lost: {
		title: 'Ein verlorener Schlüssel',
		response: 'was noch zu tun ist',
		parts: [
			{
				head: 'Wenn er auf einem anderen Gerät oder in einer Sicherung ist',
				text: 'Dann ist nichts verloren. Öffne dort die Einstellungen, sichere alle Schlüssel und hole sie hier mit „Schlüssel holen“. Die 24 Wörter auf Papier tun dasselbe.'
			},
			{
				head: 'Wenn er nirgends mehr ist',
				text: 'Niemand kann ihn wieder herstellen: wir nicht, das Netz nicht, deine Orte nicht. Niemand kann unter diesem Namen noch veröffentlichen, und niemand zurücknehmen, was veröffentlicht ist.'
			},
			{
				head: 'Was du veröffentlicht hast',
				text: 'Es bleibt zu hören, solange der letzte Eintrag gilt, 90 Tage nach dem Signieren, und andere ihn weitergeben. Dann wird es still und verlässt die Suche. Die Dateien bleiben, wo jemand sie bewahrt, und Links darauf gehen weiter.'
			},
			{
				head: 'Was zu tun ist',
				text: 'Mache einen neuen Schlüssel, veröffentliche dieselben Dateien damit (sie haben dieselben Adressen, und wo sie bewahrt sind, muss nichts neu gesendet werden) und sage den Leuten den neuen Namen. Sichere ihn diesmal.'
			}
		]
	},
	stolen: {
		title: 'Ein gestohlener Schlüssel',
		response: 'was geht und was nicht geht',
		parts: [
			{
				head: 'Was der Dieb kann',
				text: 'In deinem Namen veröffentlichen und deinen Katalog bei allen ersetzen, die ihm folgen. Er kann deine anderen Schlüssel nicht lesen, veröffentlichte Dateien nicht ändern und deine Orte nicht erreichen, außer er hat auch deren Schlüssel.'
			},
			{
				head: 'Was nicht geht',
				text: 'Ein Name ist ein Schlüssel. Er lässt sich nicht widerrufen, nicht von uns sperren und nicht mit einem anderen Schlüssel versehen. Du und der Dieb könnt beide unter ihm veröffentlichen, und wer zuletzt kommt, wird gehört.'
			},
			{
				head: 'Was sofort zu tun ist',
				text: 'Mache einen neuen Schlüssel und veröffentliche damit. Veröffentliche dann noch einmal unter dem alten, mit ein paar Worten, wohin du gegangen bist; und wieder, wenn der Dieb das ersetzt.'
			},
			{
				head: 'Und dann',
				text: 'Sage es denen, die dir folgen, auf einem anderen Weg als diesem. Jeder kann den alten Namen auf dessen Seite sperren. Wurde ein Schlüssel von Pinata oder einem anderen Ort gestohlen, widerrufe ihn dort: das geht, und sofort.'
			}
		]
	}
}
