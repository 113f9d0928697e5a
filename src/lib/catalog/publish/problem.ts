import { errorCode, type AppError } from '../../errors'
import type { Problem } from '../publishing'

/** What was thrown, as plain values: errors of others keep their words to themselves. */
export function problemOf(error: unknown): Problem {
	const code = errorCode(error)
	if (code === undefined) return { code: 'unknown' }
	const { detail } = error as AppError
	return { code, ...(detail !== undefined && { detail }) }
}
