const count = (n: number) => n.toLocaleString('en')
const plural = (n: number, one: string, many: string) => `${count(n)} ${n === 1 ? one : many}`

export const places = {
	title: 'Places',
	response: 'where what you publish can live',
	none: 'No place yet. What you publish lives in this browser alone.',
	add: 'Add a place',
	kinds: { pinata: 'Pinata', kubo: 'Kubo node or Filebase', pinning: 'Pinning service' },
	kindLines: {
		pinata: 'takes the bytes and keeps them, with a key of your account',
		kubo: 'your own node, or a service that speaks its RPC',
		pinning: 'a mirror: it fetches what another place already has'
	},
	remove: (what: string) => `Remove ${what}`,
	removeTitle: (what: string) => `Remove ${what}?`,
	removeLine: 'Its key is forgotten here. What it keeps stays there.',
	removeAct: 'Remove',
	removed: (what: string) => `${what} is gone from the list.`,
	keyed: 'with a key',
	accountLook: 'Look',
	accountLookAt: (what: string) => `Look at ${what}`,
	account: (what: string) => `What lies at ${what}`,
	accountHolds: (files: number, bytes: string) => `${plural(files, 'file', 'files')}, ${bytes} in all`,
	accountAsks: 'Asking',
	accountNone: 'Nothing lies there yet.',
	accountMore: 'Show more',
	accountUnnamed: 'without a name',
	accountDelete: (what: string) => `Delete ${what}`,
	accountDeleteTitle: (what: string) => `Delete ${what} there?`,
	accountDeleteLine:
		'It is gone from your account for good. Who follows a link finds it only where else it lives.',
	accountDeleteAct: 'Delete',
	accountDeleted: (what: string) => `${what} is deleted there.`,

	wizard: 'A new place',
	kind: 'What kind',
	label: 'What you call it',
	endpoint: 'Its address',
	presets: 'Known ones',
	token: 'Key',
	tokenLines: {
		pinata:
			'At Pinata, under API Keys, make a key that may read and write files, and paste its JWT here. It is kept encrypted, in this browser alone.',
		kubo: 'Only where the node or service asks for one. Your own node usually does not.',
		pinning: 'The service gives it to you, as “access token” or “JWT”.'
	},
	tokenShow: 'Show the key',
	check: 'Test and add',
	checkAgain: 'Test again',
	checking: 'Testing',
	addAnyway: 'Add it all the same',
	added: (what: string) => `${what} was added.`,
	steps: {
		address: 'The address',
		answers: 'It answers',
		page: 'It lets this page in',
		version: 'Its version',
		key: 'It accepts the key',
		read: 'The key may read',
		write: 'It takes what is sent',
		room: 'What the account holds'
	},
	stepStates: { waiting: 'waits', running: 'at work', ok: 'well', failed: 'not well' },
	advice: {
		address: 'This is no address. It begins with http:// or https://.',
		'needs-https':
			'This page is secure and the address is not, and it is no address of this machine. Put an https proxy before the node, or open this app from the node’s own network.',
		'local-network':
			'The browser was told not to let this page reach the local network. Allow it in the settings of this site (beside the address, “Local network access”), then test again.',
		'not-running':
			'Nothing answers. Is the node running, and is the address right? If the browser asks whether this page may reach devices on the local network, allow it. Safari needs an https address.',
		late: 'It took too long to answer. Try again in a while.',
		cors: 'It is there, but does not let this page in. Run this on the node, then start it again:',
		'service-cors':
			'It is there, but does not let web pages in (CORS). Only the service can change that; ask it, or choose another place.',
		'not-kubo': 'Something answers, but it is not the RPC of a Kubo node. That is usually on port 5001, not 8080.',
		'not-pinning': 'Something answers, but it is not a pinning service. The address is the one before “/pins”.',
		'too-old': 'This node is too old to publish names. It takes Kubo 0.40 or newer.',
		'no-key': 'It asks for a key. Paste one.',
		'key-shape': 'This is not a Pinata key. Take the long one called JWT, with two dots in it, and no space.',
		'key-refused': 'It does not know this key. It may have been revoked, or cut when it was copied.',
		'key-scope':
			'The key is known, but may not do this. Make one whose scopes allow to read and to write files (Files: Write).',
		quota: 'The account takes no more. Make room there, change the plan, or choose another place.',
		'rate-limited': 'It asks to be left alone for a while. Wait a minute, then test again.',
		'shared-origin':
			'At this address other sites can read what is stored. Open the app at an address of its own to use keys.',
		unknown: 'It answered in a way that is not known here.'
	},
	words: 'What it said',
	holds: (bytes: string) => `${bytes} so far`,

	here: 'This browser',
	hereLine: 'always: served while a tab is open',
	alone: 'Once this tab is closed no one can fetch it, unless others kept it. You can send it to a place later.',
	mirrorAlone: 'A pinning service fetches from other places: choose one that takes the bytes as well.',

	large: 'A large collection on your own node',
	largeLine:
		'Files that lie beside your node need not be sent through this browser. Let the node read them where they are: below the folder that holds its own, usually your home folder. Once, and then start it again:',
	largeThen: 'Then, with the node running:',
	largeCid: 'The CID that this prints last',
	largeReplaces:
		'The list takes the place of all that was published under this key before. Choose a new key to leave that as it is.',
	largeAct: 'Read the list and publish',
	largeFiles: (n: number) => `${plural(n, 'file', 'files')} found`,
	largeNoNode: 'Set up your own node first.',
	largeDone: (n: number) => `${plural(n, 'entry', 'entries')} announced, and no file was moved.`,

	lives: 'Where it lives',
	livesResponse: 'looked at once a day',
	published: 'What you published',
	of: (entries: number, bytes: string) => `${plural(entries, 'entry', 'entries')}, ${bytes}`,
	made: (day: string) => `made ${day}`,
	states: {
		sending: 'on its way',
		asked: 'asked for, not there yet',
		held: 'kept',
		failed: 'did not go',
		gone: 'no longer kept'
	},
	looked: (day: string) => `looked at ${day}`,
	unanswered: 'could not be asked',
	stopped: 'It stopped on its way. What was done is kept.',
	goOn: 'Go on',
	again: 'Send again',
	look: 'Look now',
	sendTo: 'Send to another place',
	removeFrom: (what: string) => `Have ${what} forget it`,
	nowhere: 'Nowhere but here',
	forget: 'Take it off this list',
	edit: 'Edit',
	editTitle: (what: string) => `Edit ${what}`,
	editLine: 'Files that stay are not sent again.',
	editRemove: (what: string) => `Leave ${what} out`,
	editBack: (what: string) => `Keep ${what}`,
	editAct: 'Publish the changes',
	editLists: 'Playlists',
	editListsMore: 'Add playlists of yours',
	editNone: 'Nothing is changed yet.',
	editOnly: (n: number) => `The first ${count(n)} are shown. Search finds the others.`,
	editSearch: 'Search in it',
	withdraw: 'Withdraw',
	withdrawTitle: (what: string) => `Withdraw ${what}?`,
	withdrawLines: [
		'An empty catalog is announced in its place, signed with your key. Whoever hears it takes your entries out of their search.',
		'Your places are asked to forget what they keep of it, all of it under this name.',
		'Copies that others made stay with them, and links to them go on working there. No one can take that back.',
		'The name stays yours: you can publish under it again.'
	],
	withdrawAct: 'Withdraw',
	withdrawn: (what: string) => `${what} is withdrawn.`
}
