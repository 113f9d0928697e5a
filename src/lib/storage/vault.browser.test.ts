import { deleteDB } from 'idb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openAntiphonDatabase, type AntiphonDatabase } from './database'
import { Vault } from './vault'

const OPTIONS = { cost: 2 ** 10 }
const secret = new TextEncoder().encode('a token')
let database: AntiphonDatabase
let vaults: Vault[] = []

const aVault = (location = { pathname: '/' }) => {
	const vault = new Vault(database, { ...OPTIONS, location })
	vaults.push(vault)
	return vault
}

beforeEach(async () => {
	database = await openAntiphonDatabase(`vault-test-${crypto.randomUUID()}`)
})
afterEach(async () => {
	for (const vault of vaults) vault.dispose()
	vaults = []
	database.close()
	await deleteDB(database.name)
})

test('what is sealed opens in a later visit, under its own name alone', async () => {
	const sealed = await aVault().seal('pinata', secret)
	const later = aVault()
	expect(await later.unseal('pinata', sealed)).toEqual(secret)
	await expect(later.unseal('other', sealed)).rejects.toMatchObject({ code: 'wrong-passphrase' })
})

test('two tabs that open it first at once share one vault', async () => {
	const [one, two] = [aVault(), aVault()]
	await Promise.all([one.open(), two.open()])
	expect(await two.unseal('a', await one.seal('a', secret))).toEqual(secret)
})

test('with a passphrase nothing opens without it', async () => {
	const first = aVault()
	const sealed = await first.seal('a', secret)
	await first.setPassphrase('staple')
	expect(await first.unseal('a', sealed)).toEqual(secret)
	first.dispose()

	const later = aVault()
	expect(await later.open()).toBe('locked')
	expect(later.protected).toBe(true)
	await expect(later.unseal('a', sealed)).rejects.toMatchObject({ code: 'locked' })
	await expect(later.unlock('Staple')).rejects.toMatchObject({ code: 'wrong-passphrase' })
	await later.unlock('staple')
	expect(await later.unseal('a', sealed)).toEqual(secret)
	later.lock()
	await expect(later.seal('b', secret)).rejects.toMatchObject({ code: 'locked' })
})

test('a passphrase is changed and taken away only by whoever knows it', async () => {
	const vault = aVault()
	const sealed = await vault.seal('a', secret)
	await vault.setPassphrase('one')
	await expect(vault.setPassphrase('two', 'wrong')).rejects.toMatchObject({ code: 'wrong-passphrase' })
	await vault.setPassphrase('two', 'one')
	await vault.setPassphrase('', 'two')
	vault.dispose()
	const later = aVault()
	expect(await later.open()).toBe('open')
	expect(await later.unseal('a', sealed)).toEqual(secret)
})

test('an unlocked tab opens the others, and locks them', async () => {
	const first = aVault()
	await first.setPassphrase('staple')
	const second = aVault()
	await second.open()
	await expect.poll(() => second.state).toBe('open')
	first.lock()
	await expect.poll(() => second.state).toBe('locked')
})

test.each(['/ipfs/bafybeianqaxtzyhyh3r4uf3vapqb6lo64pgy3momkphw2u5froabpblqtq/', '/ipns/k51abc/index.html'])(
	'no secret is kept at %s, where every site of the gateway could read it',
	async (pathname) => {
		const vault = aVault({ pathname })
		expect(await vault.open()).toBe('refused')
		await expect(vault.seal('a', secret)).rejects.toMatchObject({ code: 'shared-origin' })
		expect(await database.get('values', 'vault')).toBeUndefined()
	}
)

test.each(['/', '/sub/', '/ipfs-player/'])('%s is an address of its own', async (pathname) => {
	expect(await aVault({ pathname }).open()).toBe('open')
})
