import { expect, test } from 'vitest'
import { de } from './de'
import { en } from './en'
import { doing } from './en/doing'
import { proof } from './en/proof'
import { search } from './en/search'

/** Paths of all words of a language. */
function paths(part: object, above = ''): string[] {
	return Object.entries(part).flatMap(([name, value]) =>
		typeof value === 'object' && value !== null ? paths(value as object, `${above}${name}.`) : [`${above}${name}`]
	)
}

test('German has every word that English has, and none is empty', () => {
	expect(paths(de).toSorted()).toEqual(paths({ ...en, ...doing, search, proof }).toSorted())
	const words = (part: object): unknown[] =>
		Object.values(part).flatMap((value: unknown) =>
			typeof value === 'object' && value !== null ? words(value) : [value]
		)
	expect(words(de).filter((word) => word === '')).toEqual([])
})
