export const secrets = {
	title: 'Passphrase',
	response: 'guards your keys on this device',
	none: 'Keys are kept encrypted, and open by themselves in this browser.',
	set: 'Keys are kept encrypted, and open with your passphrase.',
	refused:
		'At this address every other site of the gateway can read what is stored. No key is made or kept here: open the app at an address of its own to publish.',
	locked: 'Your keys are locked.',
	lockedLine: 'What is announced stays so. Publishing and renewing wait for the passphrase.',
	passphrase: 'Passphrase',
	passphraseNow: 'The present passphrase',
	passphraseNew: 'A new passphrase',
	passphraseTwice: 'Once more',
	passphraseLine: 'At least 8 letters. It cannot be had back: without it the keys on this device are lost.',
	short: 'At least 8 letters.',
	differ: 'These are not the same.',
	wrong: 'This is not the passphrase.',
	unlock: 'Unlock',
	lock: 'Lock now',
	setAct: 'Set a passphrase',
	changeAct: 'Change the passphrase',
	removeAct: 'Use no passphrase',
	changed: 'The passphrase is changed.',
	removed: 'The keys open by themselves again.',

	backUp: 'Save a backup of all keys',
	backUpTitle: 'A backup of all keys',
	backUpLine: 'One file, encrypted. It opens with this passphrase alone, on any device.',
	backUpAct: 'Save the file',
	backedUp: 'The backup is saved.',
	restoreTitle: 'Open the backup',
	restoreLine: 'The passphrase that it was saved with.',
	restoreAct: 'Bring the keys',
	restored: (n: number) => (n === 1 ? '1 key is here.' : `${n.toLocaleString('en')} keys are here.`),

	phrase: (what: string) => `Show the words of ${what}`,
	phraseTitle: (what: string) => `The 24 words of ${what}`,
	phraseLine:
		'They are the key itself. Whoever reads them can publish in your name. Write them down; keep no picture.',
	phraseShow: 'Show them now',
	phrasePrint: 'Print',
	importPhrase: 'Bring a key by its words',
	importPhraseLine: 'All 24, in their order.',
	importPhraseWrong: 'These are not the words of a key. Look for a word that was misread or left out.',

	helpLost: 'I lost a key',
	helpStolen: 'Someone has my key',
	lost: {
		title: 'A lost key',
		response: 'what can still be done',
		parts: [
			{
				head: 'If it is on another device, or in a backup',
				text: 'Nothing is lost. Open Settings there, save a backup of all keys, and bring it here with “Bring a key”. The 24 words on paper do the same.'
			},
			{
				head: 'If it is nowhere',
				text: 'No one can make it again: not we, not the network, not your places. No one can publish under that name any more, and no one can take back what was published.'
			},
			{
				head: 'What you published',
				text: 'It stays heard as long as the last record holds, 90 days after it was signed, while others pass it on. Then it goes quiet and leaves the search. The files stay wherever someone keeps them, and links to them go on working.'
			},
			{
				head: 'What to do',
				text: 'Make a new key, publish the same files under it (they have the same addresses, so nothing need be sent again where it is kept), and tell people the new name. Save a backup this time.'
			}
		]
	},
	stolen: {
		title: 'A stolen key',
		response: 'what can and cannot be done',
		parts: [
			{
				head: 'What the thief can do',
				text: 'Publish in your name, and replace your catalog for all who follow it. They cannot read your other keys, change files that are published, or reach your places unless they have those keys too.'
			},
			{
				head: 'What cannot be done',
				text: 'A name is a key. It cannot be revoked, blocked by us, or given another key. You and the thief can both publish under it, and the later one is heard.'
			},
			{
				head: 'What to do at once',
				text: 'Make a new key and publish under it. Then publish once more under the old one, with a few words that say where you have gone; do so again if the thief replaces it.'
			},
			{
				head: 'And then',
				text: 'Tell those who follow you, by another way than this. Each can block the old name on its page. If a key of Pinata or another place was stolen, revoke it there: that does work, and at once.'
			}
		]
	}
}
