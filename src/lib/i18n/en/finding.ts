const count = (n: number) => n.toLocaleString('en')
const plural = (n: number, one: string, many: string) => `${count(n)} ${n === 1 ? one : many}`

/** What of searching is said on every page. */
export const finding = {
	suggestions: 'Suggestions',
	suggested: (n: number) => plural(n, 'suggestion', 'suggestions'),
	kinds: {
		query: 'search',
		artist: 'artist',
		album: 'album',
		title: 'title',
		genre: 'genre',
		publisher: 'publisher'
	},
	fresh: (n: number) => `${count(n)} new`,
	notified: (text: string) => `New for “${text}”`,
	notifiedBody: (n: number) => plural(n, 'new piece', 'new pieces'),
	anything: 'Anything',
	degraded: {
		full: 'The disk is full.',
		lost: 'The browser took back the storage of the index.'
	},
	degradedLine: 'Search goes on; what is heard now is forgotten when the tab closes.'
}
