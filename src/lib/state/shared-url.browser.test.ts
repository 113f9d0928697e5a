import { expect, test } from 'vitest'
import { embedSnippet, sharedUrl } from './shared-url'

const base = 'https://antiphon.example/sub/?hubs=&local=1'

test('a link for others has nothing of this visit', () => {
	expect(sharedUrl(base, '#/e/bafy?t=61.5,75')).toBe('https://antiphon.example/sub/#/e/bafy?t=61.5,75')
})

test('the snippet frames the same link, with the title as text', () => {
	const snippet = embedSnippet(base, '#/p/~abc', 'A "B" <script>')
	expect(snippet).toContain('src="https://antiphon.example/sub/#/embed/p/~abc"')
	expect(snippet).toContain('title="A &quot;B&quot; &lt;script&gt;"')
	const frame = new DOMParser().parseFromString(snippet, 'text/html').querySelector('iframe')
	expect(frame?.title).toBe('A "B" <script>')
})
