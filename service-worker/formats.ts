/** What a request may ask for instead of a file or a page (path gateway specification, section 2.1.3 and 2.2.4). */
export interface Format {
	readonly name: string
	/** What verified-fetch is asked for. */
	readonly accept: string
	readonly extension: string
	/** Parameters of the URL that change the bytes. */
	readonly parameters?: readonly string[]
}

const FORMATS: readonly Format[] = [
	{ name: 'raw', accept: 'application/vnd.ipld.raw', extension: 'bin' },
	{
		name: 'car',
		accept: 'application/vnd.ipld.car',
		extension: 'car',
		parameters: ['dag-scope', 'entity-bytes', 'car-version', 'car-order', 'car-dups']
	},
	{ name: 'tar', accept: 'application/x-tar', extension: 'tar' },
	{ name: 'dag-json', accept: 'application/vnd.ipld.dag-json', extension: 'json' },
	{ name: 'dag-cbor', accept: 'application/vnd.ipld.dag-cbor', extension: 'cbor' },
	{ name: 'json', accept: 'application/json', extension: 'json' },
	{ name: 'cbor', accept: 'application/cbor', extension: 'cbor' },
	{ name: 'ipns-record', accept: 'application/vnd.ipfs.ipns-record', extension: 'bin' }
]

/**
 * The format that a request names: `?format=` first, else the first known type of its Accept header. Undefined when it names
 * none; `unknown` for a `?format=` that is not known here.
 */
export function formatOf(url: URL, accept: string | null): Format | 'unknown' | undefined {
	const name = url.searchParams.get('format')
	const types = (accept ?? '').split(',').map((type) => type.trim().toLowerCase())
	if (name !== null) {
		const format = FORMATS.find((candidate) => candidate.name === name)
		if (format === undefined) return 'unknown'
		const detailed = types.find((type) => type.startsWith(`${format.accept};`))
		return { ...format, accept: withCarParameters(detailed ?? format.accept, url) }
	}
	for (const type of types) {
		const format = FORMATS.find((candidate) => type.split(';', 1)[0]?.trim() === candidate.accept)
		if (format !== undefined) return { ...format, accept: withCarParameters(type, url) }
	}
	return undefined
}

/** IPIP-523: what the URL says of a CAR counts before what the Accept header does. */
function withCarParameters(accept: string, { searchParams }: URL): string {
	const [type = '', ...given] = accept.split(';').map((part) => part.trim())
	if (type !== 'application/vnd.ipld.car') return accept
	const parameters = new Map(given.map((part) => [part.split('=')[0] ?? '', part.split('=')[1] ?? '']))
	for (const name of ['version', 'order', 'dups']) {
		const value = searchParams.get(`car-${name}`)
		if (value !== null && /^[a-z0-9]{1,8}$/.test(value)) parameters.set(name, value)
	}
	return [type, ...[...parameters].map(([name, value]) => `${name}=${value}`)].join('; ')
}
