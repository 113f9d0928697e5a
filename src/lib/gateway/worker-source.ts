import { AppError } from '../errors'
import type { BlockSource } from './block-source'
import { contentUrl } from './content-path'
import type { HttpErrorBody } from './http-error'
import { identityBlock, MAX_BLOCK_BYTES, verifyBlock } from './verify-block'

/**
 * Blocks through the service worker, which asks the block store, the leading tab and gateways: the way of a tab that has
 * no peer of its own. Checked again here, since a page that the worker does not control would be answered by the host.
 */
export function createWorkerSource(base: string, fetchBlock: typeof fetch = fetch): BlockSource {
	return {
		async get(cid, { signal }) {
			const inside = identityBlock(cid)
			if (inside !== undefined) return inside
			const response = await fetchBlock(`${contentUrl(base, cid)}?format=raw`, { signal })
			if (!response.ok) throw await failure(response)
			const bytes = new Uint8Array(await response.arrayBuffer())
			if (bytes.byteLength > MAX_BLOCK_BYTES || !(await verifyBlock(cid, bytes))) {
				throw new AppError('content-unverified', `what came for ${cid.toString()} was not it`)
			}
			return bytes
		}
	}
}

async function failure(response: Response): Promise<AppError> {
	const body = (await response.json().catch(() => ({}))) as Partial<HttpErrorBody>
	const unnamed = body.code === undefined || body.code === 'timeout' || body.code === 'internal'
	return new AppError(
		unnamed ? 'content-unavailable' : body.code,
		body.message ?? `the worker answered ${String(response.status)}`,
		{
			detail: (body.tried ?? []).join('\n')
		}
	)
}
