import { useVouching } from '$lib/state/context'
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
	let voucher = $state.raw<Voucher>()
	const name = $derived(shown()?.name)
	$effect(() => {
		const of = name
		voucher = undefined
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
