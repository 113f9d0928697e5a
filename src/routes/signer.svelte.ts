import { untrack } from 'svelte'
import { useCatalog, useVouching } from '$lib/state/context'
import type { Voucher } from '$lib/state/link/voucher'
import { signerOfVoucher, type Signer } from './signer'

const TIMEOUT_MS = 45_000

/**
 * Who signed what is shown, read anew from the network. Call while a component is made.
 * @param shown - undefined where no one is said to have published it
 */
export function useSigner(
	shown: () => { readonly name: string; readonly displayName: string; readonly root?: string } | undefined
) {
	const vouch = useVouching()
	const catalog = useCatalog()
	let voucher = $state.raw<Voucher>()
	let heard = $state(0)
	const name = $derived(shown()?.name)
	// What could not be read is asked for again when something was indexed: its blocks may have come with that.
	$effect(() =>
		catalog.onchange(() => {
			if (voucher?.kind === 'unread' || voucher?.kind === 'unknown') heard++
		})
	)
	$effect(() => {
		const of = name
		void heard
		if (untrack(() => voucher?.name) !== of) voucher = undefined
		if (of === undefined) return
		const asking = new AbortController()
		vouch(of, AbortSignal.any([asking.signal, AbortSignal.timeout(TIMEOUT_MS)])).then(
			(read) => {
				if (!asking.signal.aborted) voucher = read
			},
			() => {
				if (!asking.signal.aborted) voucher = { kind: 'unknown', name: of }
			}
		)
		return () => {
			asking.abort()
		}
	})
	return {
		get signer(): Signer {
			const of = shown()
			return of === undefined ? { state: 'none', name: '', displayName: '' } : signerOfVoucher(voucher, of)
		},
		get voucher(): Voucher | undefined {
			return voucher
		}
	}
}
