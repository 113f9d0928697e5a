import { expect, test } from 'vitest'
import { anEntry } from './draft.fixture'
import { MusicBrainz, withMatch } from './musicbrainz'

const signal = new AbortController().signal
const RECORDING = '11111111-2222-3333-4444-555555555555'
const ARTIST = '21111111-2222-3333-4444-555555555555'
const RELEASE = '31111111-2222-3333-4444-555555555555'
const GROUP = '41111111-2222-3333-4444-555555555555'

const recording = (more: object = {}) => ({
	id: RECORDING,
	score: 100,
	title: 'Neap',
	length: 211_000,
	'artist-credit': [{ name: 'Nadia Ório', artist: { id: ARTIST } }],
	releases: [
		{ id: 'not an id', title: 'Other' },
		{
			id: RELEASE,
			title: 'Tides',
			date: '2023-05',
			'release-group': { id: GROUP },
			media: [{ 'track-count': 9, track: [{ number: '4' }] }]
		}
	],
	...more
})

/** A MusicBrainz that answers one after the other, and a clock that only waiting moves. */
function fake(...answers: (Response | (() => Response))[]) {
	const asked: { url: URL; atMs: number }[] = []
	const clock = { ms: 0 }
	const client = new MusicBrainz({
		nowMs: () => clock.ms,
		wait: (ms) => {
			clock.ms += ms
			return Promise.resolve()
		},
		fetch: (input) => {
			asked.push({ url: new URL(input as URL), atMs: clock.ms })
			const answer = answers.shift()
			if (answer === undefined) return Promise.reject(new TypeError('failed to fetch'))
			return Promise.resolve(typeof answer === 'function' ? answer() : answer)
		}
	})
	return { client, asked }
}
const found = (...recordings: object[]) => Response.json({ recordings })
const neap = anEntry('a.mp3', { title: 'Neap', artists: ['Nadia Ório'], durationMs: 212_000 })

test('asks by title, artist and album, and fills what was empty', async () => {
	const { client, asked } = fake(found(recording()))
	const entry = { ...neap, album: 'Tides' }
	const match = await client.find(entry, signal)
	if (match === undefined) throw new Error('nothing was found')
	expect(asked[0]?.url.searchParams.get('query')).toBe(
		'recording:"Neap" AND artist:"Nadia Ório" AND release:"Tides"'
	)
	expect(withMatch(entry, match)).toMatchObject({
		mbid: { recording: RECORDING, artists: [ARTIST], release: RELEASE, releaseGroup: GROUP },
		date: '2023-05',
		track: 4,
		tracks: 9
	})
	expect(withMatch({ ...entry, date: '1999', album: 'Best of' }, match)).toMatchObject({
		date: '1999',
		album: 'Best of',
		mbid: { recording: RECORDING }
	})
})

test('what a title holds does not change the question', async () => {
	const { client, asked } = fake(found())
	await client.find({ ...neap, title: 'x" OR artist:"y\\' }, signal)
	expect(asked[0]?.url.searchParams.get('query')).toContain('recording:"x\\" OR artist:\\"y\\\\"')
})

test('at most once a second, however many ask at once', async () => {
	const { client, asked } = fake(found(), found(), found())
	await Promise.all([neap, neap, neap].map((entry) => client.find(entry, signal)))
	expect(asked.map(({ atMs }) => atMs)).toEqual([0, 1000, 2000])
})

test('waits as long as it is told to when MusicBrainz is busy, and gives up in the end', async () => {
	const busy = () => new Response('', { status: 503, headers: { 'retry-after': '7' } })
	const { client, asked } = fake(busy, found(recording()))
	expect(await client.find(neap, signal)).toMatchObject({ recording: RECORDING })
	expect(asked.map(({ atMs }) => atMs)).toEqual([0, 7000])
	await expect(fake(busy, busy, busy).client.find(neap, signal)).rejects.toMatchObject({ code: 'rate-limited' })
})

test('another length is another recording', async () => {
	const other = recording({ id: RELEASE, length: 400_000 })
	expect(await fake(found(other, recording())).client.find(neap, signal)).toMatchObject({ recording: RECORDING })
	expect(await fake(found(other)).client.find(neap, signal)).toBeUndefined()
})

test('an answer of any other shape is none; without title and artist nothing is asked', async () => {
	const odd = [{}, { recordings: 'x' }, { recordings: [null, { id: 1 }, { id: RECORDING, title: '' }] }]
	for (const answer of odd) expect(await fake(Response.json(answer)).client.find(neap, signal)).toBeUndefined()
	const { client, asked } = fake()
	expect(await client.find({ ...neap, artists: [] }, signal)).toBeUndefined()
	expect(asked).toEqual([])
	await expect(client.find(neap, signal)).rejects.toMatchObject({ code: 'unreachable' })
	await expect(fake(new Response('', { status: 400 })).client.find(neap, signal)).rejects.toMatchObject({
		code: 'refused'
	})
})
