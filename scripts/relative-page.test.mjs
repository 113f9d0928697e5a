import { expect, test } from 'vitest'
import { withRelativeAddresses } from './relative-page.mjs'

test('addresses of the page become relative, those of other hosts stay', () => {
	const html =
		'<link href="/_app/a.js"><script src="/b.js">import("/c.js")</script><a href="//x.org/"></a><a href="https://x.org/">'
	expect(withRelativeAddresses(html)).toBe(
		'<link href="./_app/a.js"><script src="./b.js">import("./c.js")</script><a href="//x.org/"></a><a href="https://x.org/">'
	)
})
