import type { Messages } from '../en'

export const link: Messages['link'] = {
	publisher: 'Herausgeber',
	checking: 'Wer es signiert hat, wird geprüft',
	signedBy: 'Signiert von',
	piecesSignedBy: 'Die Liste steht im Link, niemand hat sie signiert. Die Stücke sind signiert von',
	unlisted: 'als Urheber genannt, hat diese Liste aber nicht signiert.',
	published: (when) => `veröffentlicht ${when}, Signatur geprüft`,
	newer: 'Seitdem kam Neueres; das hier ist von davor.',
	gone: 'Dort steht es nicht mehr auf der Liste.',
	withdrawn: 'was veröffentlicht war, ist zurückgenommen. Was andere aufbewahrt haben, spielt vielleicht noch.',
	ended: (when) => `was signiert war, endete ${when} und wurde nicht erneuert.`,
	unread: 'die Signatur stimmt, aber was veröffentlicht ist, kommt gerade nicht.',
	unknown: 'niemand antwortet mit der Signatur, also bürgt hier niemand.',
	wrong: 'was als Signatur kam, ist nicht richtig signiert.',
	unsigned: 'Niemand hat das signiert. Die Adresse selbst legt jedes Byte fest.',
	newest: 'Öffnen, was jetzt veröffentlicht ist',
	byMany: (n) => `Stücke von ${n.toLocaleString('de')} Herausgebern`,
	asking: 'Wer diesen Namen kennt, wird gefragt',
	reading: 'Was veröffentlicht ist, wird gelesen',
	damaged: 'Dieser Link ist abgeschnitten oder vertippt.',
	damagedResponse: 'Er nennt nichts, was sich öffnen lässt.',
	damagedLine:
		'Lass ihn dir noch einmal schicken, oder kopiere ihn ganz: vielleicht ging unterwegs das Ende verloren.',
	why: 'Was daran nicht stimmt',
	toHome: 'Zum Start'
}
