import { expect, test } from 'vitest'
import { albumHref, albumKeyOf, hashQuery, searchHref } from './page-address'

/** What the router does with the hash each time the page is opened. */
const opened = (hash: string): string => {
	const url = new URL('https://example.org/')
	url.hash = hash
	const again = new URL(url)
	again.hash = decodeURIComponent(url.hash)
	return again.hash
}

test.each(['answering hills', '100%', 'a&b=c', 'what? #1 + ~2', 'Björk', '東京', '%2F'])(
	'the words %j come back from the address, also after two reloads',
	(text) => {
		const hash = searchHref(text)
		expect(hashQuery(hash, 'q')).toBe(text)
		expect(hashQuery(opened(opened(hash)), 'q')).toBe(text)
	}
)

test('reads addresses that others wrote', () => {
	expect(hashQuery('#/search?q=two%20valleys', 'q')).toBe('two valleys')
	expect(hashQuery('#/e/bafy?t=61.5,75', 't')).toBe('61.5,75')
	expect(hashQuery('#/search', 'q')).toBeUndefined()
})

test('an album key comes back from the address whatever it holds', () => {
	const key = 'k51qzi\nbjörk/guests\n100% live? #1'
	const hash = opened(opened(albumHref(key)))
	expect(albumKeyOf(hash.split('/')[2] ?? '')).toBe(key)
	expect(albumKeyOf('***')).toBeUndefined()
})
