import { expect, test, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-svelte'
import { aRow } from '$lib/state/catalog.fixture'
import { NO_COUNT, withReport } from '$lib/state/source-count'
import type { TrackProof } from '$lib/state/proof/track-proof'
import Proof from './Proof.svelte'

const PEER = '12D3KooWD3eckifWpRn9wQpMG9R9hX3sD158z7EqHWmweQAJU5SA'
const row = aRow({ title: 'Two Valleys', file: 'bafyfile', sizeBytes: 3_000_000, root: 'bafyroot' })
const count = withReport(NO_COUNT, {
	type: 'bytes',
	root: 'bafyfile',
	from: [
		{ kind: 'gateway', name: 'https://ipfs.io', bytes: 2_000_000, blocks: 8 },
		{ kind: 'peer', name: PEER, bytes: 1_000_500, blocks: 4 },
		{ kind: 'local', name: 'local', bytes: 262_144, blocks: 1 }
	],
	wrong: [{ name: 'https://ipfs.io', blocks: 1 }],
	wasted: [{ name: PEER, bytes: 4096 }]
})
const proof: TrackProof = {
	row,
	signature: {
		kind: 'signed',
		name: 'k51key',
		sequence: 4n,
		value: '/ipfs/bafyroot',
		validUntilMs: Date.UTC(2027, 1, 1),
		heardMs: Date.UTC(2026, 10, 20),
		leadsHere: true,
		checkedMs: Date.UTC(2026, 10, 21)
	},
	madeMs: Date.UTC(2026, 10, 19),
	sources: { ...count, sinceMs: Date.UTC(2026, 10, 21), waiting: undefined, failed: undefined }
}

test('tells each source with what it sent, and what its signature comes to', async () => {
	await render(Proof, { proof, onsave: vi.fn() })
	const table = page.getByRole('table', { name: 'Bytes' })
	await expect.element(table.getByRole('row', { name: /ipfs\.io/ })).toMatchTextContent(/2 MB\s*8\s*1\s*0/)
	await expect.element(table.getByRole('row', { name: /Peer/ })).toMatchTextContent(/1 MB\s*4\s*0\s*4 kB/)
	await expect.element(page.getByText('3 MB (3,000,500), 100% of the file')).toBeVisible()
	await expect.element(page.getByText('The publisher’s record is rightly signed.')).toBeVisible()
	await expect.element(page.getByText('k51key')).toBeVisible()
})

test('the text has every number in full, and they add up', async () => {
	const onsave = vi.fn<(name: string, text: string) => void>()
	await render(Proof, { proof, onsave })
	await page.getByRole('button', { name: 'Save as text' }).click()
	const [name, text = ''] = onsave.mock.calls[0] ?? []
	expect(name).toBe('Proof of Two Valleys.txt')
	const lines = text.split('\n')
	const numbers = (start: string) =>
		(
			lines
				.find((line) => line.startsWith(start))
				?.slice(start.length)
				.match(/[\d,]+/g) ?? []
		).map((number) => Number(number.replaceAll(',', '')))
	expect(numbers('https://ipfs.io')).toEqual([2_000_000, 8, 1, 0])
	expect(numbers(PEER)).toEqual([1_000_500, 4, 0, 4096])
	expect(numbers('All sources')).toEqual([3_262_644, 13, 1, 4096])
	expect(lines).toContain('Record number     4')
	expect(lines).toContain('Leads to          /ipfs/bafyroot')
	expect(text).toContain('bafyfile')
})

test('a title cannot forge lines of the text', async () => {
	const onsave = vi.fn<(name: string, text: string) => void>()
	const forged = aRow({ title: 'A\nAll sources  0 0 0 0', artists: ['B\u2028C'] })
	await render(Proof, { proof: { ...proof, row: forged }, onsave })
	await page.getByRole('button', { name: 'Save as text' }).click()
	const lines = onsave.mock.calls[0]?.[1].split(/[\n\u2028]/) ?? []
	expect(lines.filter((line) => line.startsWith('All sources'))).toHaveLength(1)
})

test('says what there is not: no byte, no signature, or a wrong one', async () => {
	const shown = await render(Proof, {
		proof: { row, signature: { kind: 'none' }, madeMs: undefined, sources: undefined },
		onsave: vi.fn()
	})
	await expect.element(page.getByText('No byte of it was read in this tab yet.')).toBeVisible()
	await expect.element(page.getByText(/No one signed for this/)).toBeVisible()
	await shown.rerender({
		proof: { ...proof, signature: { kind: 'wrong', error: new Error('bad') } },
		onsave: vi.fn()
	})
	await expect.element(page.getByText('The record that is kept here is not rightly signed.')).toBeVisible()
})
