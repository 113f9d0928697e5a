import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { check } from './check.mjs'
import { installPackages } from './install.mjs'
import { preparePrograms } from './prepare.mjs'
import { findKubo } from './programs.mjs'
import { ROOT, exitCode } from './run.mjs'

/**
 * `npm test`: installs what is missing, runs the checks and all tests, also after one has failed, and sums up.
 * With `CI=true` a part that is missing is a failure; else the tests that need it are skipped by name.
 *
 * @typedef {{ passed: number, failed: string[], skipped: string[] }} Outcome
 */

const REPORTS = join(ROOT, '.cache/reports')
const ENGINES = join(ROOT, 'playwright/engines')

/** How an engine's test says that its browser is not here, as in automake. */
const SKIPPED = 77

const inCi = process.env.CI === 'true'

/** @param {string} text */
const title = (text) => console.log(`\n━━ ${text}`)

/** @param {string} name */
const reportPath = (name) => join(REPORTS, `${name}.json`)

/** @param {string} name */
function readReport(name) {
	const path = reportPath(name)
	return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}

/**
 * A runner that failed must never count as all passed, whatever its report says: a file that does not load, or
 * an error outside any test, is in no test's count.
 * @param {string} name
 * @param {number} code
 * @param {Outcome} outcome
 * @returns {Outcome}
 */
const withExitCode = (name, code, outcome) =>
	code !== 0 && outcome.failed.length === 0 ? { ...outcome, failed: [`${name} ended with ${code}`] } : outcome

/** @returns {Promise<Outcome>} */
async function runChecks() {
	return { ...(await check()), skipped: [] }
}

/** @returns {Promise<Outcome>} */
async function runUnitTests() {
	const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${reportPath('vitest')}`]
	const code = await exitCode('vitest', ['run', ...reporters])
	/** @type {Outcome} */
	const outcome = { passed: 0, failed: [], skipped: [] }
	for (const { name: path, message, assertionResults } of readReport('vitest')?.testResults ?? []) {
		if (assertionResults.length === 0) outcome.failed.push(`${relative(ROOT, path)}: ${message || 'no tests'}`)
		for (const { fullName, status } of assertionResults) {
			if (status === 'passed') outcome.passed += 1
			else if (status === 'failed') outcome.failed.push(fullName)
			else outcome.skipped.push(fullName)
		}
	}
	return withExitCode('vitest', code, outcome)
}

/**
 * The tests of one Playwright suite and those inside it.
 * @typedef {{ title: string, suites?: Suite[], specs?: { title: string, tests: { status: string }[] }[] }} Suite
 * @param {Suite} suite
 * @returns {{ name: string, status: string }[]}
 */
function journeysOf({ suites = [], specs = [], title: suiteTitle }) {
	const own = specs.flatMap((spec) =>
		spec.tests.map(({ status }) => ({ name: `${suiteTitle} › ${spec.title}`, status }))
	)
	return [...own, ...suites.flatMap((inner) => journeysOf(inner))]
}

/** @returns {Promise<Outcome>} */
async function runJourneys() {
	const args = [
		'test',
		'--config',
		'playwright/playwright.config.ts',
		'--reporter=list,json',
		'--pass-with-no-tests'
	]
	const code = await exitCode('playwright', args, { PLAYWRIGHT_JSON_OUTPUT_FILE: reportPath('playwright') })
	/** @type {Suite[]} */
	const suites = readReport('playwright')?.suites ?? []
	const journeys = suites.flatMap(journeysOf)
	/** @param {string[]} statuses */
	const named = (...statuses) => journeys.filter(({ status }) => statuses.includes(status)).map(({ name }) => name)
	return withExitCode('playwright', code, {
		passed: named('expected').length,
		failed: named('unexpected', 'flaky'),
		skipped: named('skipped')
	})
}

/** @returns {Promise<Outcome>} */
async function runEngines() {
	/** @type {Outcome} */
	const outcome = { passed: 0, failed: [], skipped: [] }
	const files = existsSync(ENGINES) ? readdirSync(ENGINES).filter((name) => name.endsWith('.mjs')) : []
	for (const file of files.sort()) {
		const code = await exitCode('node', [join(ENGINES, file)])
		if (code === 0) outcome.passed += 1
		else if (code === SKIPPED && !inCi) outcome.skipped.push(`engines › ${file}`)
		else outcome.failed.push(`engines › ${file}`)
	}
	return outcome
}

title('Preparing')
await installPackages()
const missing = await preparePrograms()
for (const name of missing) console.warn(`${name} is missing: what needs it is ${inCi ? 'failed' : 'skipped'}.`)
// One Kubo for all: the unit tests look for it by this name only.
const kubo = findKubo()
if (kubo) process.env.KUBO_BIN = kubo
rmSync(REPORTS, { recursive: true, force: true })
mkdirSync(REPORTS, { recursive: true })

/** @type {Outcome[]} */
const outcomes = [{ passed: 0, failed: inCi ? missing.map((name) => `${name} is missing`) : [], skipped: [] }]
for (const [name, stage] of /** @type {const} */ ([
	['Checks', runChecks],
	['Unit tests', runUnitTests],
	['Journeys', runJourneys],
	['Other engines', runEngines]
])) {
	title(name)
	outcomes.push(await stage())
}

const passed = outcomes.reduce((sum, outcome) => sum + outcome.passed, 0)
const failed = outcomes.flatMap((outcome) => outcome.failed)
const skipped = outcomes.flatMap((outcome) => outcome.skipped)
title('Summary')
for (const name of skipped) console.log(`skipped: ${name}`)
for (const name of failed) console.log(`failed: ${name}`)
process.exitCode = failed.length === 0 ? 0 : 1
console.log(`${passed} passed, ${failed.length} failed, ${skipped.length} skipped`)
