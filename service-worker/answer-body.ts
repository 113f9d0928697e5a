/**
 * Headers wait so long for the first bytes, ms. A failure that is known by then is an answer with a reason and not a broken
 * stream, and the type is told from the bytes. Nothing sounds sooner for headers that come alone.
 */
export const HEADERS_WITHIN_MS = 1_000

export interface AnswerBody {
	readonly body: ReadableStream<Uint8Array<ArrayBuffer>>
	/** Resolves when the last byte was read, when the stream broke and when nobody wants it any more. */
	readonly ended: Promise<void>
}

export interface AnswerBodyOptions {
	/** Told why a stream broke after its headers had gone. */
	readonly onbroken: (error: unknown) => void
	readonly withinMs?: number
}

/**
 * Starts to read a stream that will be the body of an answer. Resolves with its first bytes, or without them after
 * `withinMs`.
 * @throws what the stream throws by then
 */
export async function startBody(
	stream: ReadableStream<Uint8Array<ArrayBuffer>>,
	{ onbroken, withinMs = HEADERS_WITHIN_MS }: AnswerBodyOptions
): Promise<AnswerBody> {
	const reader = stream.getReader()
	const ended = Promise.withResolvers<undefined>()
	let next: ReturnType<typeof reader.read> | undefined = reader.read()
	await within(withinMs, next)
	const body = new ReadableStream<Uint8Array<ArrayBuffer>>(
		{
			async pull(controller) {
				try {
					const { done, value } = await (next ?? reader.read())
					next = undefined
					if (!done) {
						controller.enqueue(value)
						return
					}
					controller.close()
				} catch (error) {
					onbroken(error)
					controller.error(error)
				}
				ended.resolve(undefined)
			},
			// A seek cancels the old range: whatever it still had under way must not take the line from the new one.
			async cancel(reason) {
				ended.resolve(undefined)
				await reader.cancel(reason)
			}
		},
		{ highWaterMark: 0 }
	)
	return { body, ended: ended.promise }
}

/** What `promise` gives, or undefined if it takes longer. Its failure after that is nobody's. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
	promise.catch(() => undefined)
	let timer: ReturnType<typeof setTimeout> | undefined
	const late = new Promise<undefined>((resolve) => {
		timer = setTimeout(resolve, ms, undefined)
	})
	try {
		return await Promise.race([promise, late])
	} finally {
		clearTimeout(timer)
	}
}
