import type { Messages } from '../en'

const count = (n: number) => n.toLocaleString('de')
const plural = (n: number, one: string, many: string) => `${count(n)} ${n === 1 ? one : many}`

export const library: Messages['library'] = {
	title: 'Sammlung',
	response: (n) => (n === 0 ? 'auf diesem Gerät aufbewahrt' : plural(n, 'Favorit', 'Favoriten')),
	favourites: 'Favoriten',
	history: 'Verlauf',
	playlists: 'Playlisten',
	keptHere: 'Hier aufbewahrt',
	emptyTitle: 'Noch nichts aufbewahrt.',
	emptyResponse: 'Behalte etwas.',
	emptyLine: 'Drück bei irgendetwas auf das Herz.',
	emptyHistory: 'Noch nichts gespielt.',
	emptyHistoryResponse: 'Es bleibt auf diesem Gerät.',
	emptyHistoryLine: 'Was du spielst, wird hier notiert und nirgends sonst.',
	emptyPlaylists: 'Noch keine Playlist.',
	emptyPlaylistsResponse: 'Leg eine an.',
	emptyPlaylistsLine: 'Oder wähle irgendwo „Zu einer Playlist“.',
	emptyKept: 'Nichts ist offline aufbewahrt.',
	emptyKeptResponse: 'Wähle, was bleiben soll.',
	emptyKeptLine: '„Offline aufbewahren“ holt jedes Stück, prüft es und behält es in diesem Browser.',
	emptyPlaylist: 'Diese Playlist ist leer.',
	emptyPlaylistResponse: 'Füge etwas hinzu.',
	newPlaylist: 'Neue Playlist',
	name: 'Name',
	create: 'Anlegen',
	rename: 'Umbenennen',
	save: 'Sichern',
	deletePlaylist: 'Löschen',
	deleted: (title) => `${title} wurde gelöscht.`,
	added: (title, playlist) => `${title} ist in ${playlist}.`,
	addTo: (title) => `${title} hinzufügen`,
	addToResponse: 'zu welcher Playlist',
	takeOut: 'Aus dieser Playlist nehmen',
	playlist: 'Playlist',
	missing: 'Diese Playlist ist nicht auf diesem Gerät.',
	missingResponse: 'Vielleicht wurde sie gelöscht.',
	clearHistory: 'Verlauf leeren',
	historyCleared: 'Der Verlauf wurde geleert.',
	find: 'Zum Start'
}
