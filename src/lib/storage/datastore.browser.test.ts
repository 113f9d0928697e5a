import { afterEach, expect, test, vi } from 'vitest'
import { openDatastore } from './datastore'

afterEach(() => {
	vi.restoreAllMocks()
})

type Key = Parameters<Awaited<ReturnType<typeof openDatastore>>['put']>[0]
const keyOf = (path: string) => ({ toString: () => path }) as unknown as Key
const BYTES = new Uint8Array([1, 2, 3])

test('an earlier session is remembered, but for the peers that it met', async () => {
	const name = crypto.randomUUID()
	const before = await openDatastore(name)
	await before.put(keyOf('/version'), BYTES)
	await before.put(keyOf('/peers/one'), BYTES)
	await before.close()
	const after = await openDatastore(name)
	expect(await after.get(keyOf('/version'))).toEqual(BYTES)
	expect(await after.has(keyOf('/peers/one'))).toBe(false)
	await after.close()
})

test('what a full disk does not take is held until the store is closed', async () => {
	const store = await openDatastore(crypto.randomUUID())
	const key = keyOf('/peers/one')
	const full = vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(() => {
		throw new DOMException('full', 'QuotaExceededError')
	})
	await store.put(key, BYTES)
	expect(full).toHaveBeenCalled()
	expect(await store.has(key)).toBe(true)
	expect(await store.get(key)).toEqual(BYTES)
	await store.delete(key)
	expect(await store.has(key)).toBe(false)
	await store.close()
})
