import js from '@eslint/js'
import svelte from 'eslint-plugin-svelte'
import { defineConfig, globalIgnores } from 'eslint/config'
import globals from 'globals'
import ts from 'typescript-eslint'
import { layerRules } from './scripts/layers.mjs'
import svelteConfig from './svelte.config.js'

export default defineConfig(
	globalIgnores(['.svelte-kit/', 'build/', 'static/', 'test-results/', 'playwright-report/', '.cache/']),
	js.configs.recommended,
	ts.configs.strictTypeChecked,
	ts.configs.stylisticTypeChecked,
	svelte.configs.recommended,
	svelte.configs.prettier,
	{
		languageOptions: {
			globals: globals.browser,
			parserOptions: { projectService: true, extraFileExtensions: ['.svelte'] }
		},
		rules: {
			// TypeScript does this, and knows the types of every environment.
			'no-undef': 'off',
			'@typescript-eslint/restrict-template-expressions': [
				'error',
				{ allowNumber: true, allow: [{ from: 'package', name: 'CID', package: 'multiformats' }] }
			],
			'@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
			'@typescript-eslint/prefer-nullish-coalescing': ['error', { ignorePrimitives: { string: true } }],
			// `x as T` beside `no-non-null-assertion` would leave no way to say it.
			'@typescript-eslint/non-nullable-type-assertion-style': 'off',
			// A callback that may or may not be asynchronous.
			'@typescript-eslint/no-invalid-void-type': 'off',
			// The types say what should be there. Old browsers, the network and getters that change say otherwise.
			'@typescript-eslint/no-unnecessary-condition': 'off',
			'@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
			// `throw signal.reason`, and what was caught is thrown on.
			'@typescript-eslint/only-throw-error': ['error', { allowThrowingAny: true, allowThrowingUnknown: true }],
			// An interface may ask for a promise where one implementation has nothing to wait for.
			'@typescript-eslint/require-await': 'off',
			// It takes `this.#timer ??= …` for no use.
			'no-unused-private-class-members': 'off',
			// A leading underscore says that a name is there for its place only.
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
			'@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
			'no-console': ['error', { allow: ['warn', 'error'] }],
			eqeqeq: ['error', 'always', { null: 'ignore' }]
		}
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
		rules: {
			// `let { value = $bindable(), other } = $props()`: Svelte's own rule knows which names are assigned.
			'prefer-const': 'off',
			'svelte/prefer-const': ['error', { destructuring: 'all', excludedRunes: ['$props', '$state'] }],
			// Hash routes (`#/search`) are plain fragments: there is no base path to resolve.
			'svelte/no-navigation-without-resolve': 'off',
			// Lists are `$state.raw` and replaced whole; a Map inside a function is no state at all.
			'svelte/prefer-svelte-reactivity': 'off',
			// `void value` names what an effect depends on.
			'@typescript-eslint/no-meaningless-void-operator': 'off'
		}
	},
	{
		// The parser cannot resolve the types of what markup hands to a handler or a snippet; svelte-check can.
		files: ['**/*.svelte'],
		rules: {
			'@typescript-eslint/no-unsafe-argument': 'off',
			'@typescript-eslint/no-unsafe-assignment': 'off',
			'@typescript-eslint/no-unsafe-call': 'off',
			'@typescript-eslint/no-unsafe-member-access': 'off',
			'@typescript-eslint/no-unsafe-return': 'off'
		}
	},
	{
		files: ['bench/**'],
		rules: { 'no-console': 'off' }
	},
	{
		// Programs for Node, without types of their own.
		files: ['**/*.{js,mjs}', '*.config.ts'],
		extends: [ts.configs.disableTypeChecked],
		languageOptions: { globals: globals.node },
		rules: { 'no-console': 'off' }
	},
	layerRules
)
