import type { Engine, Found } from './engine'

/** What crosses to the worker of a rival; each call has one answer. */
export type RivalCall = {
	readonly [Method in 'open' | 'add' | 'search' | 'remove']: {
		readonly method: Method
		readonly args: Parameters<Engine[Method]>
	}
}['open' | 'add' | 'search' | 'remove']

/** An engine in a worker of its own, called as ours is. */
export function rival(name: 'minisearch' | 'fts5'): Engine {
	const worker =
		name === 'minisearch'
			? new Worker(new URL('../rivals/minisearch.ts', import.meta.url), { type: 'module' })
			: new Worker(new URL('../rivals/fts5.ts', import.meta.url), { type: 'module' })
	let before: Promise<unknown> = Promise.resolve()
	/** One after the other. */
	const call = <Value>(asked: RivalCall) => {
		const answer = before.then(() => ask<Value>(asked))
		before = answer.catch(() => undefined)
		return answer
	}
	const ask = <Value>(asked: RivalCall) =>
		new Promise<Value>((resolve, reject) => {
			worker.onmessage = ({ data }: MessageEvent<{ value: Value } | { error: string }>) => {
				if ('error' in data) reject(new Error(data.error))
				else resolve(data.value)
			}
			worker.onerror = ({ message }) => reject(new Error(message))
			worker.postMessage(asked)
		})
	return {
		open: (...args) => call({ method: 'open', args }),
		add: (...args) => call({ method: 'add', args }),
		search: (...args) => call<Found>({ method: 'search', args }),
		remove: (...args) => call({ method: 'remove', args })
	}
}
