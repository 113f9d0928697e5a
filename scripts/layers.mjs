/**
 * The layers of `src/lib`, each with those it may import from; itself is understood. A module directly in
 * `src/lib`, such as `errors.ts`, is a layer of its own.
 * @type {Record<string, string[]>}
 */
export const LAYERS = {
	errors: [],
	format: ['errors'],
	i18n: ['format', 'errors'],
	gateway: ['errors'],
	storage: ['gateway', 'errors'],
	p2p: ['storage', 'gateway', 'errors'],
	catalog: ['p2p', 'storage', 'gateway', 'errors'],
	state: ['catalog', 'p2p', 'storage', 'gateway', 'errors', 'i18n', 'format'],
	components: ['errors', 'i18n', 'format']
}

/**
 * Layers whose types a layer may import besides: components take plain values and callbacks, so they must be
 * able to name them.
 * @type {Record<string, string[]>}
 */
const TYPES_ONLY = { components: ['catalog', 'gateway'] }

/** Folders outside `src/lib`. Routes stand above all layers, so nothing is closed to them. */
const OUTSIDE = { 'service-worker': ['gateway', 'storage', 'errors'] }

/** @param {string[]} names */
const anyOf = (names) => `(?:${names.join('|')})(?:[/.]|$)`

/**
 * Import addresses, by `$lib` or by a relative path of any depth, that lead into one of the layers. From a folder
 * `./state` is a file of its own, from a module directly in `src/lib` it is a layer.
 * @param {string[]} layers
 */
const leadsInto = (layers) => `^(?:\\$lib/|(?:\\.\\./)+(?:src/)?(?:lib/)?)${anyOf(layers)}`

/** @param {string[]} layers */
const standsBeside = (layers) => `^\\./${anyOf(layers)}`

/**
 * @param {string} name - the layer or folder, for the message
 * @param {string[]} files - globs
 * @param {string[]} allowed
 */
function block(name, files, allowed) {
	const typesOnly = TYPES_ONLY[name] ?? []
	const others = [...Object.keys(LAYERS), 'routes'].filter((layer) => layer !== name && !allowed.includes(layer))
	const closed = others.filter((layer) => !typesOnly.includes(layer))
	const message = `${name} may import only from ${[name, ...allowed].join(', ')}.`
	return {
		name: `layers/${name}`,
		files,
		rules: {
			'no-restricted-imports': [
				'error',
				{
					patterns: [
						{ regex: leadsInto(closed), message },
						...(typesOnly.length === 0
							? []
							: [
									{
										regex: leadsInto(typesOnly),
										allowTypeImports: true,
										message: `${message} From ${typesOnly.join(', ')} it may import types.`
									}
								]),
						{ regex: '(?:^|/)service-worker/', message }
					]
				}
			],
			'no-restricted-syntax': [
				'error',
				{ selector: `ImportExpression > Literal[value=/${leadsInto(others).replaceAll('/', '\\/')}/]`, message }
			]
		}
	}
}

/** The same for a module directly in `src/lib`. @param {string} name @param {string[]} allowed */
function moduleBlock(name, allowed) {
	const closed = Object.keys(LAYERS).filter((layer) => layer !== name && !allowed.includes(layer))
	const message = `${name}.ts may import only from ${allowed.join(', ') || 'packages'}.`
	const patterns = [standsBeside(closed), leadsInto([...closed, 'routes'])].map((regex) => ({ regex, message }))
	return {
		name: `layers/${name}.ts`,
		files: [`src/lib/${name}.ts`],
		rules: { 'no-restricted-imports': ['error', { patterns }] }
	}
}

/** ESLint configuration that keeps every layer to its table. Layers import downwards only. */
export const layerRules = [
	...Object.entries(LAYERS).map(([layer, allowed]) =>
		block(layer, [`src/lib/${layer}/**/*.{ts,svelte}`], allowed)
	),
	...Object.entries(LAYERS).map(([name, allowed]) => moduleBlock(name, allowed)),
	...Object.entries(OUTSIDE).map(([folder, allowed]) => block(folder, [`${folder}/**/*.ts`], allowed))
]
