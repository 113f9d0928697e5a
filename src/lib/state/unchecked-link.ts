import type { EntryRow } from '$lib/catalog/row'
import { contentUrl } from '$lib/gateway/content-path'
import { fileName } from './media-url'

/** Gives blocks and CARs alone, no files. */
const ONLY_BLOCKS = 'trustless-gateway.link'

/** Where a gateway gives a file itself: nobody checks its bytes then. Undefined when there is no gateway for it. */
export function uncheckedLink(
	row: Pick<EntryRow, 'file' | 'k' | 'title' | 'mime'>,
	gateways: readonly string[]
): { readonly href: string; readonly host: string } | undefined {
	for (const gateway of gateways) {
		if (!URL.canParse(gateway)) continue
		const { protocol, host, origin } = new URL(gateway)
		if (host === ONLY_BLOCKS || !/^https?:$/.test(protocol)) continue
		return { href: contentUrl(origin, row.file, { filename: fileName(row) }), host }
	}
	return undefined
}
