import { formatDate } from '$lib/format'
import type { Messages } from '$lib/i18n/index.svelte'
import type { PublisherRow } from '$lib/catalog/catalog'
import type { Voucher } from '$lib/state/link/voucher'
import type { Signature } from '$lib/state/proof/signature'

/** Who signed for what is shown, as one line says it. Times are Unix ms. */
export interface Signer {
	/**
	 * `newer`: rightly signed, and they have published since; `gone`: they no longer list it; `withdrawn`: they list nothing
	 * any more; `ended`: the record is past its end; `unread`: what it leads to does not come; `unknown`: no one has a record; `pieces`: they signed the pieces of a list, not
	 * the list; `unlisted`: a list names them as its maker, and they have not signed it.
	 */
	readonly state:
		| 'checking'
		| 'none'
		| 'signed'
		| 'newer'
		| 'gone'
		| 'pieces'
		| 'unlisted'
		| 'withdrawn'
		| 'ended'
		| 'unread'
		| 'unknown'
		| 'wrong'
	/** IPNS name. */
	readonly name: string
	readonly displayName: string
	/** When the publication says it was made. */
	readonly madeMs?: number
	readonly validUntilMs?: number
}

/** @param options.root - of what is shown, where it is one publication; `gone`: the file is not in the newest one */
export function signerOfVoucher(
	voucher: Voucher | undefined,
	{
		name,
		displayName = '',
		root,
		gone = false
	}: { name: string; displayName?: string; root?: string; gone?: boolean }
): Signer {
	if (voucher === undefined) return { state: 'checking', name, displayName }
	if (voucher.kind !== 'signed') {
		const { kind: state } = voucher
		return { state, name, displayName, ...(voucher.kind === 'ended' && { validUntilMs: voucher.validUntilMs }) }
	}
	const { head, madeMs, validUntilMs } = voucher
	const withdrawn = head.entries === 0
	const newer = root !== undefined && root !== voucher.root
	return {
		state: withdrawn ? 'withdrawn' : gone ? 'gone' : newer ? 'newer' : 'signed',
		name,
		displayName: voucher.displayName,
		madeMs,
		validUntilMs
	}
}

/** For what the index holds. */
export function signerOfSignature(
	signature: Signature | undefined,
	{ name, displayName }: { readonly name: string; readonly displayName: string },
	publisher: Pick<PublisherRow, 'createdMs'> | undefined
): Signer {
	if (signature === undefined) return { state: 'checking', name, displayName }
	if (signature.kind !== 'signed') return { state: signature.kind, name, displayName }
	const { validUntilMs, leadsHere } = signature
	return {
		state: validUntilMs <= Date.now() ? 'ended' : leadsHere ? 'signed' : 'newer',
		name,
		displayName,
		validUntilMs,
		...(publisher && { madeMs: publisher.createdMs })
	}
}

/** What stands behind the name where their signature vouches for nothing that is shown. */
export function standingWords(m: Messages, { state, validUntilMs }: Signer): string {
	switch (state) {
		case 'ended':
			return m.link.ended(validUntilMs === undefined ? '' : formatDate(validUntilMs, m.locale))
		case 'withdrawn':
		case 'wrong':
		case 'unread':
		case 'unlisted':
			return m.link[state]
		default:
			return m.link.unknown
	}
}
