import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { WorkerControl } from './worker-control.svelte'

const SCRIPT = new URL('https://app.example/service-worker.js')

/** A worker that notes what it is told. */
function aWorker() {
	return {
		scriptURL: SCRIPT.href,
		state: 'activated',
		messages: [] as unknown[],
		postMessage(message: unknown) {
			this.messages.push(message)
		}
	}
}

/** As much of the browser's side as the control uses. */
class FakeContainer extends EventTarget {
	controller: ReturnType<typeof aWorker> | null = null
	readonly types: unknown[] = []
	readonly registration = Object.assign(new EventTarget(), {
		active: null as ReturnType<typeof aWorker> | null,
		waiting: null as ReturnType<typeof aWorker> | null,
		installing: null
	})
	register = (_script: URL, options?: RegistrationOptions): Promise<unknown> => {
		this.types.push(options?.type)
		return Promise.resolve(this.registration)
	}
	startMessages = () => undefined
	control(): void {
		this.controller = aWorker()
		this.dispatchEvent(new Event('controllerchange'))
	}
}

const controls: WorkerControl[] = []
function aControl(container: FakeContainer | undefined) {
	const control = new WorkerControl({
		container: container as unknown as ServiceWorkerContainer | undefined,
		script: SCRIPT
	})
	controls.push(control)
	return control
}

beforeEach(() => {
	vi.useFakeTimers()
})
afterEach(() => {
	for (const control of controls.splice(0)) control.dispose()
	vi.useRealTimers()
})

test('controls once the worker takes the page', async () => {
	const container = new FakeContainer()
	const control = aControl(container)
	const started = control.start()
	expect(control.state).toBe('starting')
	await vi.advanceTimersByTimeAsync(0)
	container.control()
	expect(await started).toBe(true)
	expect(control.state).toBe('controlling')
	expect(container.types).toEqual(['module'])
})

test('asks an active worker to take the page, as after a hard reload', async () => {
	const container = new FakeContainer()
	const active = aWorker()
	container.registration.active = active
	const started = aControl(container).start()
	await vi.advanceTimersByTimeAsync(0)
	expect(active.messages).toEqual([{ type: 'claim' }])
	container.control()
	expect(await started).toBe(true)
})

test('says so where there are no workers', async () => {
	const control = aControl(undefined)
	expect(await control.start()).toBe(false)
	expect(control.state).toBe('unsupported')
	expect(control.failure).toMatchObject({ code: 'no-worker' })
})

test('fails when no worker takes the page in time', async () => {
	const control = aControl(new FakeContainer())
	const started = control.start()
	await vi.advanceTimersByTimeAsync(20_000)
	expect(await started).toBe(false)
	expect(control.state).toBe('failed')
})

test('controls also when the worker takes the page late', async () => {
	const container = new FakeContainer()
	const control = aControl(container)
	const started = control.start()
	await vi.advanceTimersByTimeAsync(20_000)
	await started
	container.control()
	expect(control.state).toBe('controlling')
	expect(control.failure).toBeUndefined()
})

test('registers a classic script where modules are refused', async () => {
	const container = new FakeContainer()
	container.controller = aWorker()
	const register = container.register
	container.register = (script, options) =>
		options?.type === 'module' ? Promise.reject(new TypeError('no modules')) : register(script, options)
	expect(await aControl(container).start()).toBe(true)
	expect(container.types).toEqual([undefined])
})

test('tells of a newer version that waits', async () => {
	const container = new FakeContainer()
	container.controller = aWorker()
	const control = aControl(container)
	await control.start()
	container.registration.waiting = aWorker()
	container.dispatchEvent(new MessageEvent('message', { data: { type: 'update-ready' } }))
	expect(control.state).toBe('update-ready')
	expect(control.controlling).toBe(true)
	control.update()
	expect(container.registration.waiting.messages).toEqual([{ type: 'activate' }])
})

test('has the worker make ready, keeps it awake while something plays, and no longer', async () => {
	const container = new FakeContainer()
	const controller = aWorker()
	container.controller = controller
	const control = aControl(container)
	await control.start()
	expect(controller.messages).toEqual([{ type: 'ping' }])
	control.playing = true
	await vi.advanceTimersByTimeAsync(60_000)
	expect(controller.messages).toEqual(Array(5).fill({ type: 'ping' }))
	control.playing = false
	await vi.advanceTimersByTimeAsync(60_000)
	expect(controller.messages).toHaveLength(5)
})
