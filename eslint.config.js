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
			'@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
			'@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
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
			'svelte/prefer-const': ['error', { destructuring: 'all', excludedRunes: ['$props', '$state'] }]
		}
	},
	{
		// Hash routes (`#/search`) are plain fragments: there is no base path to resolve.
		files: ['**/*.svelte', '**/*.svelte.ts'],
		rules: { 'svelte/no-navigation-without-resolve': 'off' }
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
