import { expect, test } from 'vitest'
import { parseLocation } from './content-location'
import { SOME_CID as cid } from './vectors.fixture'

test.each([
	[cid, [], ''],
	[`/ipfs/${cid}`, [], ''],
	[`ipfs/${cid}/a/b.mp3`, ['a', 'b.mp3'], 'b.mp3'],
	[`/ipfs/${cid}/a%20b/100%.mp3`, ['a b', '100%.mp3'], '100%.mp3'],
	[`ipfs://${cid}/a.mp3`, ['a.mp3'], 'a.mp3'],
	[`ipfs://${cid}?filename=x.mp3`, [], 'x.mp3'],
	[`dweb:/ipfs/${cid}/a.mp3`, ['a.mp3'], 'a.mp3'],
	[`https://gateway.example/ipfs/${cid}/a.mp3?filename=x.mp3`, ['a.mp3'], 'x.mp3'],
	[`https://${cid}.ipfs.gateway.example/a.mp3`, ['a.mp3'], 'a.mp3'],
	[`http://localhost:8080/ipfs/${cid}`, [], ''],
	[`https://gateway.example/ipfs/bafyapp/ipfs/${cid}/a.mp3`, ['a.mp3'], 'a.mp3']
])('%s', (text, segments, name) => {
	const location = parseLocation(text)
	if ('unsupported' in location) throw new Error(location.unsupported)
	expect({ ...location, cid: location.cid.toString() }).toEqual({ cid, segments, name })
})

test.each([
	[`${cid}#t=61.5,75`, { start: 61_500, end: 75_000 }],
	[`${cid}#t=npt:10`, { start: 10_000 }],
	[`${cid}#t=,5`, { start: 0, end: 5000 }],
	[`${cid}#t=9,5`, undefined],
	[`${cid}#chapter`, undefined]
])('the part of %s', (text, clip) => {
	const location = parseLocation(text)
	expect('clip' in location ? location.clip : undefined).toEqual(clip)
})

test.each([
	['', /not on IPFS/],
	['song.mp3', /not on IPFS/],
	['../a/song.mp3', /not on IPFS/],
	['https://example.org/song.mp3', /outside/],
	['https://', /not an address/],
	['file:///home/a.mp3', /file:/],
	['javascript:alert(1)', /javascript:/],
	['/ipns/example.org/a.mp3', /ipns/],
	['ipns://k51x/a', /ipns/],
	['https://k51x.ipns.gateway.example/a', /ipns/],
	[`/ipfs/${cid}/a%2Fb`, /cannot be/],
	[`/ipfs/${cid}/${'a/'.repeat(70)}`, /cannot be/],
	['x'.repeat(9000), /bound/]
])('%s points nowhere', (text, reason) => {
	const location = parseLocation(text)
	expect('unsupported' in location ? location.unsupported : 'supported').toMatch(reason)
})
