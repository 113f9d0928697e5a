import type { Publication } from '$lib/catalog/publish/publications'
import { AppError } from '$lib/errors'
import type { PublicationsDoors } from './publications.svelte'
import { toSign, type PublishDoorsInit } from './publish-doors'

/** The app's own parts behind {@link PublicationsDoors}. */
export function publicationDoors(init: PublishDoorsInit): PublicationsDoors {
	const { vault, leader, settings, keys, places, blockstore, hashed, mirrors, findRecord } = init

	const parts = async (displayName: string) => {
		const [{ Publishing }, { publishDeps }, { buildInWorker }, blocks] = await Promise.all([
			import('$lib/catalog/publish/publish'),
			import('$lib/catalog/publish/deps'),
			import('$lib/catalog/publish/build-in-worker'),
			blockstore()
		])
		const { routers } = settings.effective
		const deps = publishDeps({
			vault,
			leader,
			blockstore: blocks,
			routers,
			build: buildInWorker,
			displayName,
			source: leader,
			findRecord
		})
		const readBlock = (await hashed()).reader(deps.readBlock, (cid) => Promise.resolve(blocks.has(cid)))
		return { Publishing, deps: { ...deps, readBlock }, routers }
	}

	return {
		async resume({ name, displayName, results }: Publication, ids, onchange) {
			const { Publishing, deps, routers } = await parts(displayName)
			const run = new Publishing({
				name,
				title: displayName,
				places: { routers, places: await places.ready(ids) },
				deps,
				results,
				onchange: () => {
					onchange(run.results)
				}
			})
			return run
		},
		async edition({ name, root }, signal) {
			const [{ readEdition }, { CID }, { readHereOrThere }, blocks] = await Promise.all([
				import('$lib/catalog/publish/edition'),
				import('multiformats/cid'),
				import('$lib/catalog/publish/deps'),
				blockstore()
			])
			return await readEdition(
				CID.parse(root),
				name,
				readHereOrThere({ blockstore: blocks, source: leader }),
				signal
			)
		},
		async edit({ name, displayName, results }, edition, change, signal) {
			const [{ changed, listing, mirroring, writeEdition }, { Publishing, deps, routers }, blocks, lists] =
				await Promise.all([
					import('$lib/catalog/publish/edition'),
					parts(change.name ?? displayName),
					blockstore(),
					toSign(init, change.playlists ?? [], name)
				])
			const run = new Publishing({
				name,
				title: change.name ?? displayName,
				draft: { name: displayName, about: '', licence: '', entries: [], others: [] },
				places: { routers, places: await places.ready(Object.keys(results.places ?? {})) },
				deps: {
					...deps,
					build: async (_, __, { signal: building }) => {
						const to = { blockstore: blocks, signal: building }
						const edited = await listing(mirroring(changed(edition, change), mirrors()), lists, to)
						return await writeEdition(edited, { ...to, read: deps.readBlock })
					}
				}
			})
			await run.run(signal).catch((error: unknown) => {
				if (run.results.peers === undefined || signal.aborted) throw error
			})
		},
		async fromNode({ root, place, key, displayName }, signal, onfiles) {
			const row = places.places.find(({ id }) => id === place)
			if (row === undefined) throw new AppError('invalid-setting', 'the node is not set up')
			const [{ KuboRpc }, listings, { writeEdition }, { Publishing, deps, routers }, blocks] = await Promise.all([
				import('$lib/p2p/kubo-rpc'),
				import('$lib/catalog/publish/node-listing'),
				import('$lib/catalog/publish/edition'),
				parts(displayName),
				blockstore()
			])
			const listing = await listings.readNodeListing(root, new KuboRpc(row.endpoint), {
				signal,
				...(onfiles && { onfiles })
			})
			if (listing.entries.length === 0) throw new AppError('not-found', 'no music or film in it')
			const name = key || (await keys.create(displayName)).name
			const run = new Publishing({
				name,
				title: displayName,
				draft: { name: displayName, about: '', licence: '', entries: [], others: [] },
				places: { routers, places: await places.ready([place]) },
				deps: {
					...deps,
					build: (_, publisher, options) =>
						writeEdition(listings.editionOf(listing, { publisher, name: displayName }), {
							blockstore: blocks,
							read: deps.readBlock,
							signal: options.signal,
							filesThere: true
						})
				}
			})
			await run.run(signal).catch((error: unknown) => {
				if (run.results.peers === undefined || signal.aborted) throw error
			})
			return run.results
		},
		async empty({ name, displayName }, ids, signal) {
			const { Publishing, deps, routers } = await parts(displayName)
			const run = new Publishing({
				name,
				draft: { name: displayName || name, about: '', licence: '', entries: [], others: [] },
				places: { routers, places: await places.ready(ids) },
				deps
			})
			await run.run(signal).catch((error: unknown) => {
				// Heard is enough: the record goes round by itself.
				if (run.results.peers === undefined || signal.aborted) throw error
			})
			if (run.results.record === undefined) throw new AppError('invalid-record', 'nothing was signed')
		}
	}
}
