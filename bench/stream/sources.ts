import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Page } from '@playwright/test'
import type { Kubo } from '../../playwright/fixtures/kubo.ts'
import type { LineSpeed } from '../../playwright/fixtures/shaping-line.ts'
import { ShapingProxy } from '../../playwright/fixtures/shaping-proxy.ts'
import { shapeTcp, type ShapedTcp } from '../../playwright/fixtures/shaping-tcp.ts'
import type { BenchFile } from './media.ts'
import type { Stage } from './stage.ts'

const CONNECT_TIMEOUT_MS = 30_000

/** Gateways and peers that all have the file, each behind a line of its own. */
export interface Sources {
	readonly gateways: readonly ShapingProxy[]
	readonly peers: readonly ShapedTcp[]
	/** Opens the app with all of them, every peer connected. */
	inApp: <T>(work: (page: Page) => Promise<T>) => Promise<T>
}

/** @param nodes - as many as there shall be peers; each gets the file */
export async function withSources<T>(
	stage: Stage,
	file: BenchFile,
	{
		speed,
		gateways,
		nodes
	}: { readonly speed: LineSpeed; readonly gateways: number; readonly nodes: readonly Kubo[] },
	work: (sources: Sources) => Promise<T>
): Promise<T> {
	const proxies: ShapingProxy[] = []
	const shaped: ShapedTcp[] = []
	try {
		for (let gateway = 0; gateway < gateways; gateway++) {
			proxies.push(await ShapingProxy.start({ behind: stage.kubo.gatewayUrl, speed }))
		}
		const hubs: string[] = []
		for (const node of nodes) {
			await node.cli(['add', '-Q', '--cid-version=1', file.path])
			const [, port] = /\/tcp\/(\d+)\/ws/.exec(node.addresses.ws) ?? []
			const tcp = await shapeTcp(Number(port), speed)
			shaped.push(tcp)
			hubs.push(node.addresses.ws.replace(`/tcp/${port ?? ''}/`, `/tcp/${tcp.port}/`))
		}
		return await work({
			gateways: proxies,
			peers: shaped,
			inApp: (work) =>
				stage.inApp({ gateways: proxies.map(({ origin }) => origin), hubs }, async (page) => {
					for (const node of nodes) await connected(node)
					return work(page)
				})
		})
	} finally {
		await Promise.all([...proxies, ...shaped].map((source) => source.close()))
	}
}

async function connected(node: Kubo): Promise<void> {
	const deadline = Date.now() + CONNECT_TIMEOUT_MS
	while ((await node.cli(['swarm', 'peers'])) === '') {
		if (Date.now() > deadline) throw new Error('the app did not connect to the peer')
	}
}

/** SHA-256 in hex. */
export async function hashOf(path: string): Promise<string> {
	const hash = createHash('sha256')
	for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
	return hash.digest('hex')
}
