const count = (n: number) => n.toLocaleString('en')
const plural = (n: number, one: string, many: string) => `${count(n)} ${n === 1 ? one : many}`

export const network = {
	title: 'Network',
	reach: {
		reachable: 'You can be reached',
		outgoing: 'You reach others, they cannot reach you',
		gateways: 'Gateways only',
		alone: 'No one is near',
		starting: 'Looking for others',
		offline: 'You are offline'
	},
	reachLine: {
		reachable: 'Others come to this browser directly, and what you have is heard.',
		outgoing: 'You hear and are heard. Others fetch from you only over connections that you began.',
		gateways: 'No peer answers yet. What gateways send is checked in the same way.',
		alone: 'No peer answers, and no gateway is in Settings. Add a hub below, or a gateway in Settings.',
		starting: 'The first connections take a few seconds.',
		offline: 'What is kept on this device still plays.'
	},
	peersAndHubs: (peers: number, hubs: number) =>
		`${plural(peers, 'peer', 'peers')}, ${plural(hubs, 'hub', 'hubs')}`,
	gatewaysAsked: (n: number) => `${plural(n, 'gateway', 'gateways')} asked`,
	asking: 'asking hubs and routers',
	lead: 'This tab holds the connections.',
	follow: 'Another tab of this browser holds the connections. This one asks it.',
	leadless: 'No tab holds the connections yet.',
	private: 'Searches never leave this tab.',
	bytes: 'Bytes',
	bytesResponse: 'this session',
	bytesNone: 'Nothing has come in or gone out yet.',
	fromPeers: (bytes: string) => `Peers ${bytes}`,
	fromGateways: (bytes: string) => `Gateways ${bytes}`,
	fromHere: (bytes: string) => `Here ${bytes}`,
	given: (bytes: string) => `Given ${bytes}`,
	bytesLabel: (peers: string, gateways: string, here: string, given: string) =>
		`In: ${peers} from peers, ${gateways} from gateways, ${here} from this device. Out: ${given}.`,
	checked: (bytes: string) => `All ${bytes} that came in were checked.`,
	wrong: (blocks: number, who: string) =>
		blocks === 1
			? `1 piece was wrong and thrown away; it came from ${who}.`
			: `${count(blocks)} pieces were wrong and thrown away; they came from ${who}.`,
	peers: 'Peers',
	peersResponse: (n: number) => (n === 1 ? '1' : `${count(n)}, nearest first`),
	peersNone: 'No peer yet. Hubs introduce them.',
	who: 'Who',
	how: 'How',
	away: 'Away',
	in: 'In',
	out: 'Out',
	listener: (id: string) => `A listener, ${id}`,
	node: (id: string) => `A node, ${id}`,
	morePeers: (n: number) => `and ${count(n)} more`,
	ms: (n: number) => `${count(Math.round(n))} ms`,
	unmeasured: 'not measured',
	transports: {
		webtransport: 'WebTransport',
		webrtc: 'WebRTC, browser to browser',
		'webrtc-direct': 'WebRTC, direct',
		websocket: 'WebSocket',
		relay: 'Through a hub',
		other: 'Another way'
	},
	ways: 'How others reach you',
	wayIn: 'Yes',
	waysIn: (n: number) => `Yes, ${count(n)}`,
	wayOut: 'Out only',
	wayIdle: 'Not now',
	wayMissing: 'Not in this browser',
	copyAddress: 'Copy my address',
	copied: 'Copied.',
	noAddress: 'There is no address yet: a hub has to give one first.',
	hubs: 'Hubs',
	hubsResponse: 'introduce peers to each other',
	hubsNone: 'No hub is known yet.',
	hubStates: { connected: 'Answers', dialing: 'Dialling', waiting: 'Waiting', failed: 'Silent' },
	hubFrom: { configured: 'from Settings', router: 'found by a router', hint: 'named in an announcement' },
	hubRelays: 'holds a place for you',
	hubAgain: (when: string) => `tried again ${when}`,
	hubRetry: (what: string) => `Dial ${what} now`,
	hubRemove: (what: string) => `Remove ${what}`,
	hubCopy: (what: string) => `Copy the address of ${what}`,
	hubRemoved: (what: string) => `${what} is no longer dialled.`,
	hubAdded: (what: string) => `${what} is being dialled.`,
	addHub: 'Add a hub',
	hubAddress: 'Hub address',
	hubHelp: 'A public Kubo node can be a hub. Its address ends with its key.',
	add: 'Add',
	heard: 'Heard on',
	topicNames: { announce: 'Hear announcements', query: 'Hear questions' },
	announcements: 'Announcements',
	announcementsHeard: (heard: number, refused: number) =>
		refused === 0 ? `${count(heard)} heard` : `${count(heard)} heard, ${count(refused)} refused`,
	queries: 'Questions',
	queriesOf: (asked: number, answered: number) => `${count(asked)} asked, ${count(answered)} answered`,
	ask: 'Ask for announcements again',
	asked: 'Asked. Answers come within ten seconds.',
	me: 'This peer',
	meSince: (when: string) => `since ${when}`
}

export type NetworkMessages = typeof network
