/// <reference lib="webworker" />
import { createVerifiedFetch, type VerifiedFetch } from '@helia/verified-fetch'

/* Answers what the app's worker answers, by verified-fetch with one gateway and nothing of our own. */

const worker = self as unknown as ServiceWorkerGlobalScope
const gateway = new URL(worker.location.href).searchParams.get('gateway') ?? ''
const TYPES: Readonly<Record<string, string>> = {
	mp3: 'audio/mpeg',
	flac: 'audio/flac',
	mp4: 'video/mp4',
	webm: 'video/webm'
}
let made: Promise<VerifiedFetch> | undefined

const make = () =>
	(made ??= createVerifiedFetch({
		gateways: [gateway],
		routers: [gateway],
		allowLocal: true,
		allowInsecure: true
	}))

worker.addEventListener('install', (event) => {
	event.waitUntil(worker.skipWaiting())
})
worker.addEventListener('activate', (event) => {
	event.waitUntil(worker.clients.claim())
})
worker.addEventListener('fetch', (event) => {
	const url = new URL(event.request.url)
	const cid = /\/ipfs\/([^/]+)$/.exec(url.pathname)?.[1]
	if (url.origin !== worker.location.origin || cid === undefined) return
	event.respondWith(answer(cid, url.searchParams.get('filename') ?? '', event.request))
})

async function answer(cid: string, filename: string, request: Request): Promise<Response> {
	const verifiedFetch = await make()
	if (cid === 'ready') return new Response('ready')
	const range = request.headers.get('range')
	const response = await verifiedFetch(`ipfs://${cid}`, range === null ? {} : { headers: { range } })
	const headers = new Headers(response.headers)
	headers.set('Content-Type', TYPES[filename.split('.').at(-1) ?? ''] ?? 'application/octet-stream')
	return new Response(response.body, { status: response.status, headers })
}
