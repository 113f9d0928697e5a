import { CID } from 'multiformats/cid'
import { afterEach, expect, test } from 'vitest'
import type { Entry } from '../entry'
import { encodePage } from '../page'
import { fieldWords } from './entry-words'
import { PagePreparer, servePages } from './page-preparing'
import { preparePage, readPage, splitWords, wholeRows } from './page-reading'
import { TimeSlices } from './time-slices'

const FILE = CID.parse('bafkreidbunvlvvjtjhn4eyqnjorg46zjpv4c2olxukqv2hucs6ux2kmotq')
const ORIGIN = { id: 0, publisher: 'k51', publisherName: 'Estuary', root: 'bafy' }

const entry = (k: string, title: string, more: Partial<Entry> = {}): Entry => ({
	k,
	t: 'audio',
	file: FILE,
	size: 1000,
	mime: 'audio/mpeg',
	title,
	...more
})

const bytes = encodePage([
	entry('b/AC-DC/2.mp3', 'Back in Black', { artists: ['AC/DC', 'The The'], comment: 'Loud, and twice as long' }),
	entry('a', '上を向いて', { genres: ['J-Pop', ''], album: 'Ünder' }),
	entry('c', '!!!', { chapters: [{ start: 0, title: 'One' }] })
])

const ports: MessagePort[] = []
afterEach(() => {
	for (const port of ports.splice(0)) port.close()
})

function helper(): PagePreparer {
	const { port1, port2 } = new MessageChannel()
	ports.push(port1, port2)
	servePages(port1)
	return new PagePreparer(port2)
}

test('a page that is prepared elsewhere has the rows and words of one that is read here', async () => {
	const here = await readPage(bytes, ORIGIN, new TimeSlices())
	const prepared = await helper().read(bytes, ORIGIN, new TimeSlices())
	if (!('blocks' in prepared)) throw new Error('it was read here')
	expect(wholeRows(prepared)).toEqual(here.rows)
	expect(splitWords(prepared.words)).toEqual(here.rows.map((row) => fieldWords(row)))
	expect(prepared.rows.map(({ k }) => k)).toEqual(['a', 'b/AC-DC/2.mp3', 'c'])
})

test('what cannot be read fails with the same error', async () => {
	const broken = Uint8Array.of(0xff)
	await expect(helper().read(broken, ORIGIN, new TimeSlices())).rejects.toMatchObject({ code: 'invalid-page' })
	await expect(preparePage(broken, ORIGIN, new TimeSlices())).rejects.toMatchObject({ code: 'invalid-page' })
})

test('when the helper goes, pages are read here', async () => {
	const { port1, port2 } = new MessageChannel()
	const gone = new PagePreparer(port2)
	const reading = gone.read(bytes, ORIGIN, new TimeSlices())
	port1.close()
	expect((await reading).rows).toHaveLength(3)
	expect((await gone.read(bytes, ORIGIN, new TimeSlices())).rows).toHaveLength(3)
})
