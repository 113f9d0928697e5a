import { AppError, errorCode, isAbort, type AppErrorCode } from '../../errors'
import type { Catalog, CatalogTotals } from '../catalog'

/** Bumped when a message changes shape. A call of another version is refused, never misread. */
export const CATALOG_PORT_VERSION = 2

/** Methods of {@link Catalog} that cross the port as calls. */
export type CatalogMethod = Exclude<keyof Catalog, 'onchange' | 'dispose'>

/** The signal of a search stays behind: it crosses as an `abort`. */
export type CatalogArguments<Method extends CatalogMethod> = Method extends 'search'
	? [Parameters<Catalog['search']>[0]]
	: Method extends 'suggest'
		? [text: string, limit?: number]
		: Parameters<Catalog[Method]>

export type CatalogCall = {
	[Method in CatalogMethod]: { readonly method: Method; readonly args: CatalogArguments<Method> }
}[CatalogMethod]

/** Tab to worker. `id` is the tab's, each once. */
export type TabMessage =
	| ({ readonly type: 'call'; readonly version: typeof CATALOG_PORT_VERSION; readonly id: number } & CatalogCall)
	/** The answer to a call is no longer wanted. */
	| { readonly type: 'abort'; readonly id: number }
	| { readonly type: 'ping' }
	/** A worker of this tab that prepares pages, see `PagePreparer`. */
	| { readonly type: 'helper'; readonly version: typeof CATALOG_PORT_VERSION; readonly port: MessagePort }
	/** The tab goes. */
	| { readonly type: 'bye' }

/** Worker to tab. */
export type CatalogWorkerMessage =
	| { readonly type: 'result'; readonly id: number; readonly value: unknown }
	| { readonly type: 'failed'; readonly id: number; readonly error: PortError }
	| { readonly type: 'changed'; readonly totals: CatalogTotals }
	| { readonly type: 'pong' }

/** An error as plain values: `instanceof` does not survive a port. */
export interface PortError {
	/** Absent for cancellation. */
	readonly code?: AppErrorCode
	readonly message: string
	readonly detail?: string
}

export function toPortError(error: unknown): PortError {
	const message = error instanceof Error ? error.message : String(error)
	if (isAbort(error)) return { message }
	const detail = error instanceof AppError ? error.detail : message
	return { code: errorCode(error) ?? 'storage-failed', message, ...(detail === undefined ? {} : { detail }) }
}

/** The error on this side: an AppError, or a DOMException `AbortError`. */
export function fromPortError({ code, message, detail }: PortError): Error {
	if (code === undefined) return new DOMException(message, 'AbortError')
	return new AppError(code, message, detail === undefined ? {} : { detail })
}
