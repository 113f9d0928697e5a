import type { Messages } from '../en'

const count = (n: number) => n.toLocaleString('de')
const plural = (n: number, one: string, many: string) => `${count(n)} ${n === 1 ? one : many}`

export const finding: Messages['finding'] = {
	suggestions: 'Vorschläge',
	suggested: (n) => plural(n, 'Vorschlag', 'Vorschläge'),
	kinds: {
		query: 'Suche',
		artist: 'Künstler',
		album: 'Album',
		title: 'Titel',
		genre: 'Genre',
		publisher: 'Herausgeber'
	},
	fresh: (n) => `${count(n)} neu`,
	notified: (text) => `Neu zu „${text}“`,
	notifiedBody: (n) => plural(n, 'neues Stück', 'neue Stücke'),
	anything: 'Alles',
	degraded: {
		full: 'Die Platte ist voll.',
		lost: 'Der Browser hat den Speicher des Index zurückgenommen.'
	},
	degradedLine: 'Die Suche geht weiter; was jetzt gehört wird, ist vergessen, wenn der Tab schließt.'
}
