import { expect, test } from 'vitest'
import { DEFAULT_SETTINGS } from '$lib/storage/settings'
import { uncheckedLink } from './unchecked-link'

const FILE = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy'
const row = { file: FILE, k: 'Album/01 Two Valleys.flac', title: 'Two Valleys', mime: 'audio/flac' }

test('leads to the first gateway that gives files', () => {
	const gateways = ['nonsense', 'javascript:alert(1)', 'https://trustless-gateway.link', 'https://one.example/']
	expect(uncheckedLink(row, [...gateways, 'https://two.example'])).toEqual({
		href: `https://one.example/ipfs/${FILE}?filename=01+Two+Valleys.flac`,
		host: 'one.example'
	})
	expect(uncheckedLink(row, DEFAULT_SETTINGS.gateways)).toBeDefined()
})

test('leads nowhere without such a gateway', () => {
	expect(uncheckedLink(row, [])).toBeUndefined()
	expect(uncheckedLink(row, ['https://trustless-gateway.link'])).toBeUndefined()
})
