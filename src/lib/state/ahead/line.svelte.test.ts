import { expect, test, vi } from 'vitest'
import { LineState, type ConnectionInfo } from './line.svelte'

const line = (info: Partial<ConnectionInfo>) => {
	const connection = Object.assign(new EventTarget(), info)
	const state = new LineState(connection)
	return { connection, state }
}

test('a line that costs is spared unless Settings say otherwise', () => {
	for (const [info, metered] of [
		[{ saveData: true }, true],
		[{ type: 'cellular' }, true],
		[{ effectiveType: 'slow-2g' }, true],
		[{ type: 'wifi', effectiveType: '4g', saveData: false }, false]
	] as const) {
		const { state } = line(info)
		state.open()
		expect(state.metered).toBe(metered)
		expect(state.allows('auto')).toBe(!metered)
		expect(state.allows('always')).toBe(true)
		expect(state.allows('never')).toBe(false)
		state.dispose()
	}
})

test('follows a change of line', () => {
	const { connection, state } = line({ type: 'wifi' })
	const changed = vi.fn()
	state.open(changed)
	Object.assign(connection, { type: 'cellular' })
	connection.dispatchEvent(new Event('change'))
	expect(changed).toHaveBeenCalledOnce()
	expect(state.allows('auto')).toBe(false)
	state.dispose()
})
