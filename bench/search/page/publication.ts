import type { PublicationInput } from '../../../src/lib/catalog/catalog'

/** The bytes of a stored publication, taken apart. Each part has a buffer of its own, so that only it crosses to a worker. */
export function unpack(bytes: Uint8Array): PublicationInput {
	const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
	const { head, pages, ...facts } = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as Pick<
		PublicationInput,
		'publisher' | 'root' | 'sequence' | 'validUntilMs'
	> & {
		head: number
		pages: [cid: string, bytes: number][]
	}
	let at = 4 + length
	const take = (count: number) => bytes.slice(at, (at += count))
	return { ...facts, head: take(head), pages: pages.map(([cid, count]) => ({ cid, bytes: take(count) })) }
}
