import { readFile, writeFile } from 'node:fs/promises'

/** Writes what was measured beside this file, with when and of which version. */
export async function writeReport(name: string, measured: Readonly<Record<string, unknown>>): Promise<void> {
	const manifest = await readFile(new URL('../package.json', import.meta.url), 'utf8')
	const { version } = JSON.parse(manifest) as { version: string }
	const report = { version, measured: new Date().toISOString(), ...measured }
	await writeFile(new URL(name, import.meta.url), `${JSON.stringify(report, null, '\t')}\n`)
}
