/// <reference types="node" />
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Path of an `ipfs` binary; tests that need one are skipped without it. */
export const KUBO_BIN = process.env['KUBO_BIN'] ?? ''

/** A Kubo repository of its own in a temporary folder. */
export interface KuboRepo {
	readonly path: string
	/** Runs one command and gives what it printed. */
	ipfs(...args: string[]): Promise<string>
	remove(): Promise<void>
}

/** A running node on loopback that knows nobody. */
export interface KuboNode extends KuboRepo {
	readonly rpc: string
	readonly gateway: string
}

interface KuboConfig {
	Addresses: Record<string, unknown>
	API: Record<string, unknown>
	Bootstrap: unknown
}

export async function makeKuboRepo(change: (config: KuboConfig) => void = () => undefined): Promise<KuboRepo> {
	const path = await mkdtemp(join(tmpdir(), 'antiphon-kubo-'))
	const env = { ...process.env, IPFS_PATH: path, IPFS_TELEMETRY: 'off' }
	const ipfs = async (...args: string[]) => {
		const { stdout } = await promisify(execFile)(KUBO_BIN, args, { env, maxBuffer: 64 * 1024 * 1024 })
		return stdout.trim()
	}
	await ipfs('init', '--profile=test')
	const file = join(path, 'config')
	const config = JSON.parse(await readFile(file, 'utf8')) as KuboConfig
	config.Bootstrap = []
	change(config)
	await writeFile(file, JSON.stringify(config))
	return { path, ipfs, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) }
}

/** Starts a node; `allowedOrigins` are the pages that its RPC answers. */
export async function startKubo(allowedOrigins: readonly string[] = []): Promise<KuboNode> {
	const repo = await makeKuboRepo((config) => {
		config.Addresses = {
			API: '/ip4/127.0.0.1/tcp/0',
			Gateway: '/ip4/127.0.0.1/tcp/0',
			Swarm: ['/ip4/127.0.0.1/tcp/0']
		}
		config.API = { HTTPHeaders: { 'Access-Control-Allow-Origin': allowedOrigins } }
	})
	const child = spawn(KUBO_BIN, ['daemon', '--migrate=false'], {
		env: { ...process.env, IPFS_PATH: repo.path, IPFS_TELEMETRY: 'off' },
		stdio: ['ignore', 'pipe', 'pipe']
	})
	const ended = new Promise<void>((resolve) =>
		child.once('exit', () => {
			resolve()
		})
	)
	const { rpc, gateway } = await new Promise<{ rpc: string; gateway: string }>((resolve, reject) => {
		let said = ''
		const hear = (chunk: Buffer) => {
			said += chunk.toString()
			const rpc = /RPC API server listening on \/ip4\/127\.0\.0\.1\/tcp\/(\d+)/.exec(said)?.[1]
			const gateway = /Gateway server listening on \/ip4\/127\.0\.0\.1\/tcp\/(\d+)/.exec(said)?.[1]
			if (rpc !== undefined && gateway !== undefined && said.includes('Daemon is ready')) {
				resolve({ rpc: `http://127.0.0.1:${rpc}`, gateway: `http://127.0.0.1:${gateway}` })
			}
		}
		child.stdout.on('data', hear)
		child.stderr.on('data', hear)
		void ended.then(() => {
			reject(new Error(`Kubo ended: ${said}`))
		})
	})
	return {
		...repo,
		rpc,
		gateway,
		async remove() {
			child.kill('SIGTERM')
			await ended
			await repo.remove()
		}
	}
}
