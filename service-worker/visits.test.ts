import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { VisitEndpoints } from '../src/lib/gateway/block-port'
import { serveWorker } from '../src/lib/gateway/tab-port'
import type { TabHandle } from '../src/lib/gateway/tab-source'
import { Visits } from './visits'

const STORED: VisitEndpoints = { gateways: ['https://stored.example'], allowLocal: false }
const visiting = (name: string): VisitEndpoints => ({ gateways: [`https://${name}.example`], allowLocal: true })

function aTab(endpoints: () => VisitEndpoints) {
	const messages = new EventTarget()
	const tab = {
		asked: 0,
		handle: {
			id: 'tab',
			post: (data, transfer) => {
				tab.asked++
				messages.dispatchEvent(new MessageEvent('message', { data, ports: transfer as MessagePort[] }))
			}
		} satisfies TabHandle
	}
	serveWorker({ endpoints, messages: messages as ServiceWorkerContainer })
	return tab
}

beforeEach(() => {
	vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
	vi.useRealTimers()
})

test('the tab says, once for many requests', async () => {
	const tab = aTab(() => visiting('a'))
	const visits = new Visits({ tab: () => Promise.resolve(tab.handle), stored: () => Promise.resolve(STORED) })
	expect(await Promise.all([visits.endpoints('a'), visits.endpoints('a')])).toEqual([visiting('a'), visiting('a')])
	expect(tab.asked).toBe(1)
})

test('what is stored counts where no tab answers, and the tab is asked again the next time', async () => {
	const silent: TabHandle = { id: 'silent', post: () => undefined }
	let tab: TabHandle | undefined = silent
	const visits = new Visits({ tab: () => Promise.resolve(tab), stored: () => Promise.resolve(STORED) })
	expect(await visits.endpoints('a')).toEqual(STORED)
	tab = undefined
	expect(await visits.endpoints('a')).toEqual(STORED)
	tab = aTab(() => visiting('a')).handle
	expect(await visits.endpoints('a')).toEqual(visiting('a'))
})

test('a change in Settings counts soon, and at once when it is told', async () => {
	let name = 'a'
	const tab = aTab(() => visiting(name))
	const visits = new Visits({ tab: () => Promise.resolve(tab.handle), stored: () => Promise.resolve(STORED) })
	await visits.endpoints('a')
	name = 'b'
	expect(await visits.endpoints('a')).toEqual(visiting('a'))
	visits.forget()
	expect(await visits.endpoints('a')).toEqual(visiting('b'))
	name = 'c'
	vi.setSystemTime(Date.now() + 60_000)
	await visits.endpoints('a')
	await vi.waitFor(async () => {
		expect(await visits.endpoints('a')).toEqual(visiting('c'))
	})
})
