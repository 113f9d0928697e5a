import { expect, test } from '../fixtures/test.ts'

const RENDEZVOUS = 'bafkreidm4my3k2nzdw24oforaqmir7mmctzzvfc5zxk63guwjx5nia3iau'

test('a tab that knows only a router finds the hub that provides the rendezvous block', async ({
	page,
	openApp,
	startKubo
}) => {
	const [hub, router] = [await startKubo(), await startKubo()]
	await hub.connect(router)
	expect(await hub.cli(['block', 'put', '--pin'], { stdin: '/antiphon/1' })).toBe(RENDEZVOUS)
	await hub.cli(['routing', 'provide', RENDEZVOUS])

	await openApp(page, { routers: [router.gatewayUrl], hash: '#/network' })
	await expect.poll(() => hub.cli(['pubsub', 'peers', '/antiphon/1/announce'])).not.toBe('')
	await expect(page.getByRole('heading', { level: 1 })).toContainText('1 hub')
})
