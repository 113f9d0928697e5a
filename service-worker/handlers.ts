/** One kind of request that the worker answers. The first handler of the table that can takes it. */
export interface RequestHandler {
	readonly name: string
	canHandle(event: FetchEvent, url: URL): boolean
	/** Never rejects: whatever goes wrong becomes an answer. */
	handle(event: FetchEvent, url: URL): Promise<Response>
}

/** Hands the request to the first handler that can take it; the browser goes on by itself when none can. */
export function dispatch(handlers: readonly RequestHandler[], event: FetchEvent): void {
	const url = new URL(event.request.url)
	const handler = handlers.find((candidate) => candidate.canHandle(event, url))
	if (handler !== undefined) event.respondWith(handler.handle(event, url))
}
