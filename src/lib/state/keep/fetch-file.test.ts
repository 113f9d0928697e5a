import { expect, test } from 'vitest'
import { fetchFile } from './fetch-file'

test('the whole file is read part by part, and no part twice', async () => {
	const parts: string[] = []
	const told: number[] = []
	const sizeBytes = await fetchFile({
		file: 'bafy-kept',
		url: 'ipfs/bafy-kept',
		sizeBytes: 9_000_000,
		signal: AbortSignal.timeout(10_000),
		onprogress: (bytes) => told.push(bytes),
		fetchPart: (url, { from, to, ahead }) => {
			parts.push(`${url} ${from}-${to} ${ahead}`)
			return Promise.resolve()
		}
	})
	expect(sizeBytes).toBe(9_000_000)
	expect(parts).toEqual([
		'ipfs/bafy-kept 0-4194303 soon',
		'ipfs/bafy-kept 4194304-8388607 soon',
		'ipfs/bafy-kept 8388608-8999999 soon'
	])
	expect(told).toEqual([0, 4194304, 8388608, 9_000_000])
})

test('a part that cannot be had ends it', async () => {
	const parts: number[] = []
	const fetching = fetchFile({
		file: 'bafy-gone',
		url: 'ipfs/bafy-gone',
		sizeBytes: 9_000_000,
		signal: AbortSignal.timeout(10_000),
		onprogress: () => undefined,
		fetchPart: (_, { from }) => {
			parts.push(from)
			return from > 0 ? Promise.reject(new Error('gone')) : Promise.resolve()
		}
	})
	await expect(fetching).rejects.toThrow('gone')
	expect(parts).toEqual([0, 4194304])
})
