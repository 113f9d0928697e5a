import type { Messages } from '../en'

export const share: Messages['share'] = {
	menu: 'Teilen',
	title: (title) => `${title} teilen.`,
	response: 'Wer es öffnet, braucht kein Konto.',
	link: 'Link',
	copy: 'Link kopieren',
	send: 'Senden',
	clip: 'Nur ein Teil',
	from: 'Von, Sekunden',
	to: 'Bis, Sekunden',
	clipWrong: 'Das Ende kommt nach dem Anfang.',
	scan: 'Mit einem Telefon scannen.',
	qr: (title) => `QR-Code des Links zu ${title}`,
	tooLongForQr: 'Dieser Link ist zu lang für einen QR-Code.',
	embed: 'In eine Seite einbetten',
	copyEmbed: 'Schnipsel kopieren',
	embedCopied: 'Der Schnipsel wurde kopiert.',
	elsewhere: 'In einem anderen Player öffnen',
	elsewhereLine: (host) =>
		`Eine Playlist-Datei mit einfachen Links zu ${host}. Andere Player prüfen nicht, was kommt.`,
	noGateway: 'Kein Gateway ist eingestellt, also käme kein anderer Player heran.',
	saveM3u: 'Playlist-Datei sichern',
	openInApp: 'In Antiphon öffnen',
	nothingHere: 'Dieser Link zeigt nichts.',
	nothingHereResponse: 'Vielleicht ist er abgeschnitten.',
	pinTitle: (title) => `${title} teilen?`,
	pinResponse: 'Für einen Link, der sie enthält, ist sie zu lang.',
	pinLine:
		'Sie wird hier unter einer eigenen Adresse bewahrt, und andere bekommen sie aus diesem Browser, solange er offen ist. An einem Ort öffnet sie sich jederzeit.',
	pinAct: 'Bewahren und Link kopieren',
	pinned: 'Der Link ist kopiert.',
	notPinned: (what) => `Der Link ist kopiert. Nicht überall kam sie an: ${what}`
}
