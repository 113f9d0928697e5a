import type { NetworkMessages } from '../en/network'

const count = (n: number) => n.toLocaleString('de')
const plural = (n: number, one: string, many: string) => `${count(n)} ${n === 1 ? one : many}`

export const network: NetworkMessages = {
	title: 'Netz',
	reach: {
		reachable: 'Du bist erreichbar',
		outgoing: 'Du erreichst andere, sie dich nicht',
		gateways: 'Nur Gateways',
		alone: 'Niemand ist in der Nähe',
		starting: 'Sucht andere',
		offline: 'Du bist offline'
	},
	reachLine: {
		reachable: 'Andere kommen direkt zu diesem Browser, und was du hast, wird gehört.',
		outgoing: 'Du hörst und wirst gehört. Andere holen nur über Verbindungen, die du begonnen hast.',
		gateways: 'Noch antwortet kein Peer. Was Gateways schicken, wird genauso geprüft.',
		alone:
			'Kein Peer antwortet, und kein Gateway ist eingestellt. Füge unten einen Hub hinzu oder in den Einstellungen ein Gateway.',
		starting: 'Die ersten Verbindungen brauchen ein paar Sekunden.',
		offline: 'Was auf diesem Gerät aufbewahrt ist, läuft weiter.'
	},
	peersAndHubs: (peers, hubs) => `${plural(peers, 'Peer', 'Peers')}, ${plural(hubs, 'Hub', 'Hubs')}`,
	gatewaysAsked: (n) => `${plural(n, 'Gateway wird', 'Gateways werden')} gefragt`,
	asking: 'fragt Hubs und Router',
	lead: 'Dieser Tab hält die Verbindungen.',
	follow: 'Ein anderer Tab dieses Browsers hält die Verbindungen. Dieser fragt ihn.',
	leadless: 'Noch hält kein Tab die Verbindungen.',
	private: 'Suchen verlassen diesen Tab nie.',
	bytes: 'Bytes',
	bytesResponse: 'in dieser Sitzung',
	bytesNone: 'Noch ist nichts gekommen oder gegangen.',
	fromPeers: (bytes) => `Peers ${bytes}`,
	fromGateways: (bytes) => `Gateways ${bytes}`,
	fromHere: (bytes) => `Von hier ${bytes}`,
	given: (bytes) => `Gegeben ${bytes}`,
	bytesLabel: (peers, gateways, here, given) =>
		`Gekommen: ${peers} von Peers, ${gateways} von Gateways, ${here} von diesem Gerät. Gegeben: ${given}.`,
	checked: (bytes) => `Alles Gekommene, ${bytes}, wurde geprüft.`,
	wrong: (blocks, who) =>
		blocks === 1
			? `1 Stück war falsch und wurde weggeworfen; es kam von ${who}.`
			: `${count(blocks)} Stücke waren falsch und wurden weggeworfen; sie kamen von ${who}.`,
	peers: 'Peers',
	peersResponse: (n) => (n === 1 ? '1' : `${count(n)}, die nächsten zuerst`),
	peersNone: 'Noch kein Peer. Hubs machen sie bekannt.',
	who: 'Wer',
	how: 'Wie',
	away: 'Entfernt',
	in: 'Herein',
	out: 'Hinaus',
	listener: (id) => `Hörer ${id}`,
	node: (id) => `Knoten ${id}`,
	morePeers: (n) => `und ${count(n)} weitere`,
	ms: (n) => `${count(Math.round(n))} ms`,
	unmeasured: 'nicht gemessen',
	transports: {
		webtransport: 'WebTransport',
		webrtc: 'WebRTC, Browser zu Browser',
		'webrtc-direct': 'WebRTC, direkt',
		websocket: 'WebSocket',
		relay: 'Über einen Hub',
		other: 'Anders'
	},
	ways: 'Wie andere dich erreichen',
	wayIn: 'Ja',
	waysIn: (n) => `Ja, ${count(n)}`,
	wayOut: 'Nur hinaus',
	wayIdle: 'Gerade nicht',
	wayMissing: 'Nicht in diesem Browser',
	copyAddress: 'Meine Adresse kopieren',
	copied: 'Kopiert.',
	noAddress: 'Noch gibt es keine Adresse: Ein Hub muss erst eine geben.',
	hubs: 'Hubs',
	hubsResponse: 'machen Peers miteinander bekannt',
	hubsNone: 'Noch ist kein Hub bekannt.',
	hubStates: { connected: 'Antwortet', dialing: 'Wählt', waiting: 'Wartet', failed: 'Stumm' },
	hubFrom: { configured: 'aus den Einstellungen', router: 'von einem Router', hint: 'aus einer Ankündigung' },
	hubRelays: 'hält dir einen Platz',
	hubAgain: (when) => `nächster Versuch ${when}`,
	hubRetry: (what) => `${what} jetzt anwählen`,
	hubRemove: (what) => `${what} entfernen`,
	hubCopy: (what) => `Adresse von ${what} kopieren`,
	hubRemoved: (what) => `${what} wird nicht mehr angewählt.`,
	hubAdded: (what) => `${what} wird angewählt.`,
	addHub: 'Hub hinzufügen',
	hubAddress: 'Adresse des Hubs',
	hubHelp: 'Ein öffentlicher Kubo-Knoten kann Hub sein. Seine Adresse endet mit seinem Schlüssel.',
	add: 'Hinzufügen',
	heard: 'Gehört auf',
	topicNames: { announce: 'Hören Ankündigungen', query: 'Hören Fragen' },
	announcements: 'Ankündigungen',
	announcementsHeard: (heard, refused) =>
		refused === 0 ? `${count(heard)} gehört` : `${count(heard)} gehört, ${count(refused)} abgelehnt`,
	queries: 'Fragen',
	queriesOf: (asked, answered) => `${count(asked)} gestellt, ${count(answered)} beantwortet`,
	ask: 'Noch einmal nach Ankündigungen fragen',
	asked: 'Gefragt. Antworten kommen binnen zehn Sekunden.',
	me: 'Dieser Peer',
	meSince: (when) => `seit ${when}`
}
