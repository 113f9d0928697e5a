import { readFile } from 'node:fs/promises'

/** What our search answered, as far as it is judged. */
export interface Asked {
	readonly hits: readonly {
		readonly title: string
		readonly artists: readonly string[]
		readonly album?: string
	}[]
	/** Names, in order. */
	readonly albums: readonly string[]
	readonly artists: readonly string[]
}

/** One line of `queries.txt`. */
export interface Expectation {
	readonly group: string
	readonly query: string
	readonly wanted: string
}

export interface Judgement {
	/** What was in mind comes first. */
	readonly first: boolean
	/** It is among the first ten. */
	readonly ten: boolean
}

/** Reads `queries.txt`; its first lines say how it is written. */
export async function readExpectations(): Promise<Expectation[]> {
	const text = await readFile(new URL('queries.txt', import.meta.url), 'utf8')
	const expectations: Expectation[] = []
	let group = ''
	for (const line of text.split('\n')) {
		if (line.startsWith('## ')) group = line.slice(3)
		const [query, wanted] = line.split(' => ')
		if (!line.startsWith('#') && query !== undefined && wanted !== undefined)
			expectations.push({ group, query, wanted })
	}
	return expectations
}

export function judge({ wanted }: Expectation, { hits, albums, artists }: Asked): Judgement {
	const named = /^(album|artist) (.+)$/.exec(wanted)
	if (named !== null) {
		const place = (named[1] === 'album' ? albums : artists).indexOf(named[2] ?? '')
		return { first: place === 0, ten: place >= 0 && place < 10 }
	}
	if (wanted === 'none') return { first: hits.length === 0, ten: hits.length === 0 }
	const only = wanted.startsWith('only ')
	const alternatives = (only ? wanted.slice(5) : wanted).split(' | ').map((one) => one.split(' / '))
	const meant = hits.map((hit) => alternatives.some((alternative) => isMeant(hit, alternative)))
	const first = meant[0] === true && (!only || meant.every(Boolean))
	return { first, ten: first || (!only && meant.slice(0, 10).includes(true)) }
}

function isMeant(
	hit: Asked['hits'][number],
	[title = '*', artist = '*', album = '*']: readonly string[]
): boolean {
	return (
		(title === '*' || hit.title === title) &&
		(artist === '*' || hit.artists.includes(artist)) &&
		(album === '*' || hit.album === album)
	)
}
