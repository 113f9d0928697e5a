import { AppError } from '$lib/errors'
import type { WorkerControl } from './worker-control.svelte'

/** Resolves once the worker answers for this page. @throws AppError `no-worker` */
export async function controlled(worker: WorkerControl): Promise<void> {
	if (worker.controlling) return
	const { promise, resolve, reject } = Promise.withResolvers<void>()
	const stop = $effect.root(() => {
		$effect(() => {
			if (worker.controlling) resolve()
			else if (worker.state !== 'starting')
				reject(worker.failure ?? new AppError('no-worker', 'no service worker'))
		})
	})
	await promise.finally(stop)
}
