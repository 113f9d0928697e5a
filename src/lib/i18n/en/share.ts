/** Links, embedding, opening elsewhere. */
export const share = {
	menu: 'Share',
	title: (title: string) => `Share ${title}.`,
	response: 'Whoever opens it needs no account.',
	link: 'Link',
	copy: 'Copy the link',
	send: 'Send',
	clip: 'Only a part',
	from: 'From, seconds',
	to: 'To, seconds',
	clipWrong: 'The end comes after the start.',
	scan: 'Scan it with a phone.',
	qr: (title: string) => `QR code of the link to ${title}`,
	tooLongForQr: 'This link is too long for a QR code.',
	embed: 'Embed in a page',
	copyEmbed: 'Copy the snippet',
	embedCopied: 'The snippet was copied.',
	elsewhere: 'Open in another player',
	elsewhereLine: (host: string) =>
		`A playlist file of plain links to ${host}. Other players do not check what comes.`,
	noGateway: 'No gateway is set, so no other player could reach it.',
	saveM3u: 'Save the playlist file',
	openInApp: 'Open in Antiphon',
	nothingHere: 'This link shows nothing.',
	nothingHereResponse: 'It may be cut off.',
	pinTitle: (title: string) => `Share ${title}?`,
	pinResponse: 'It is too long for a link that holds it.',
	pinLine:
		'It is held here under an address of its own, and others get it from this browser while it is open. Sent to a place, it opens at any time.',
	pinAct: 'Hold it and copy the link',
	pinned: 'The link was copied.',
	notPinned: (what: string) => `The link was copied. Not everywhere it was to go: ${what}`
}
