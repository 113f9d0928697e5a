import { findWebKit } from '../../scripts/programs.mjs'
import { smoke } from './drive/smoke.mjs'
import { startWebKit } from './drive/webdriver.mjs'
import { runInWorld } from './drive/world.mjs'

/** WebKitGTK has no WebRTC, WebTransport or OPFS: it is the guest that has gateways alone. */
await runInWorld(findWebKit(), 'WebKitGTK', async ({ engine, ...where }) => {
	const { page, stop } = await startWebKit(engine)
	try {
		await smoke(page, where)
	} finally {
		await stop()
	}
})
