/// <reference types="node" />
import { CarReader } from '@ipld/car/reader'
import type { CID } from 'multiformats/cid'
import { readFile } from 'node:fs/promises'
import { AppError } from '../errors'
import type { BlockSource } from '../gateway/block-source'

/** What `playwright/fixtures/vectors/expected.json` says of the vectors. */
export interface Expected {
	readonly publisher: string
	readonly root: string
	readonly updatedRoot: string
	readonly 'publication.car': { readonly accepted: number; readonly dropped: number; readonly titles: string[] }
	readonly 'publication-updated.car': Expected['publication.car']
	readonly flat: Readonly<Record<string, string>>
	readonly cue: readonly {
		readonly title: string
		readonly clip: { readonly start: number; readonly end?: number }
	}[]
	readonly playlist: {
		readonly cid: string
		readonly title: string
		readonly items: number
		readonly link: string
	}
}

export async function vector(name: string): Promise<Uint8Array> {
	const url = new URL(`../../../playwright/fixtures/vectors/${name}`, import.meta.url)
	return new Uint8Array(await readFile(url))
}

export async function expected(): Promise<Expected> {
	return JSON.parse(new TextDecoder().decode(await vector('expected.json'))) as Expected
}

/** Blocks at hand, by CID. Keeps a record of what was asked for. */
export class FakeBlocks implements BlockSource {
	readonly asked: string[] = []
	readonly #blocks = new Map<string, Uint8Array>()

	put(cid: CID, bytes: Uint8Array): void {
		this.#blocks.set(cid.toV1().toString(), bytes)
	}

	get(cid: CID, { signal }: { readonly signal: AbortSignal }): Promise<Uint8Array> {
		this.asked.push(cid.toV1().toString())
		if (signal.aborted) return Promise.reject(signal.reason as Error)
		const bytes = this.#blocks.get(cid.toV1().toString())
		if (bytes === undefined)
			return Promise.reject(new AppError('content-unavailable', `nobody has ${cid.toString()}`))
		return Promise.resolve(bytes)
	}
}

export async function blocksOfCar(name: string): Promise<FakeBlocks> {
	const blocks = new FakeBlocks()
	const car = await CarReader.fromBytes(await vector(name))
	for await (const { cid, bytes } of car.blocks()) blocks.put(cid, bytes)
	return blocks
}

/** A CID that nothing stands behind: enough for entries that nobody plays. */
export const SOME_CID = 'bafkreidbunvlvvjtjhn4eyqnjorg46zjpv4c2olxukqv2hucs6ux2kmotq'
