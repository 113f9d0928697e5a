import fc from 'fast-check'
import { expect, test } from 'vitest'
import { answerRange, ifNoneMatchHolds, ifRangeHolds, MAX_RANGE_BYTES, parseRange, wantedRange } from './range'

const answer = (header: string | null, sizeBytes: number, maxBytes?: number) =>
	answerRange(parseRange(header), sizeBytes, maxBytes)

test.each([
	['bytes=0-1', 206, 0, 1],
	['bytes=0-', 206, 0, 99],
	['bytes=99-', 206, 99, 99],
	['bytes=10-19', 206, 10, 19],
	['bytes=10-1000', 206, 10, 99],
	['bytes=-5', 206, 95, 99],
	['bytes=-1000', 206, 0, 99],
	['bytes=0-99999999999999999999999', 206, 0, 99],
	['bytes=-99999999999999999999999', 206, 0, 99],
	['Bytes= 3-4', 206, 3, 4],
	['bytes=,3-4 , ,', 206, 3, 4]
])('%s of 100 bytes is 206 from %i to %i', (header, status, from, to) => {
	expect(answer(header, 100)).toEqual({ status, from, to })
})

test.each(['bytes=100-', 'bytes=100-200', 'bytes=-0', 'bytes=99999999999999999999999-'])(
	'%s of 100 bytes is 416',
	(header) => {
		expect(answer(header, 100)).toEqual({ status: 416 })
	}
)

test.each([
	null,
	'',
	'bytes=-',
	'bytes=5-4',
	'bytes=99999999999999999999999-99999999999999999999998',
	'bytes=0-1,3-4',
	'bytes 0-1',
	'items=0-1',
	'bytes=a-b',
	'bytes=1.5-2',
	'bytes=1 - 2',
	'bytes=--1',
	'bytes=0x1-2'
])('%s is ignored', (header) => {
	expect(answer(header, 100)).toEqual({ status: 200 })
})

test('no range of an empty file can be satisfied', () => {
	expect(answer('bytes=0-', 0)).toEqual({ status: 416 })
	expect(answer('bytes=-1', 0)).toEqual({ status: 416 })
})

test('long answers are cut short', () => {
	const size = 10 * MAX_RANGE_BYTES
	expect(answer('bytes=5-', size)).toEqual({ status: 206, from: 5, to: 4 + MAX_RANGE_BYTES })
	expect(answer(`bytes=-${String(2 * MAX_RANGE_BYTES)}`, size)).toEqual({
		status: 206,
		from: 8 * MAX_RANGE_BYTES,
		to: 9 * MAX_RANGE_BYTES - 1
	})
})

/** Texts that look like Range headers, and some that do not. */
const headers = fc.oneof(
	fc.string({ unit: fc.constantFrom(...Array.from('bytesBYTES=-,0123456789 \tx"')) }),
	fc
		.tuple(
			fc.constantFrom('bytes=', 'BYTES=', 'bytes =', 'items=', ''),
			fc.array(
				fc
					.tuple(fc.option(fc.nat(300)), fc.option(fc.oneof(fc.nat(300), fc.constant('9'.repeat(30)))))
					.map(([first, last]) => `${String(first ?? '')}-${String(last ?? '')}`),
				{ maxLength: 3 }
			)
		)
		.map(([unit, ranges]) => unit + ranges.join(', '))
)

/** The one byte range that the grammar of RFC 9110 (sections 5.6.1, 14.1.2) finds in a header, read in another way. */
function byGrammar(header: string): { first?: bigint; last?: bigint } | undefined {
	const [unit = '', ...set] = header.trim().split('=')
	if (unit.toLowerCase() !== 'bytes' || set.length !== 1) return undefined
	const elements = (set[0] ?? '')
		.split(',')
		.map((element) => element.replaceAll('\t', ' ').trim())
		.filter((element) => element !== '')
	const positions = elements[0]?.split('-')
	if (elements.length !== 1 || positions?.length !== 2) return undefined
	if (!positions.every((position) => /^[0-9]*$/.test(position))) return undefined
	const [first, last] = positions.map((position) => (position === '' ? undefined : BigInt(position)))
	if (first === undefined && last === undefined) return undefined
	if (first !== undefined && last !== undefined && last < first) return undefined
	return { ...(first === undefined ? {} : { first }), ...(last === undefined ? {} : { last }) }
}

test('any header, any size: an answer that RFC 9110 allows', () => {
	fc.assert(
		fc.property(headers, fc.nat(250), fc.integer({ min: 1, max: 300 }), (header, sizeBytes, maxBytes) => {
			const range = byGrammar(header)
			const given = answer(header, sizeBytes, maxBytes)
			if (range === undefined) {
				expect(given).toEqual({ status: 200 })
				return
			}
			const size = BigInt(sizeBytes)
			const { first, last = size - 1n } = range
			const from = first ?? (last < size ? size - last : 0n)
			const to = first === undefined || last > size - 1n ? size - 1n : last
			if (from >= size) {
				expect(given).toEqual({ status: 416 })
				return
			}
			const end = from + BigInt(maxBytes) - 1n
			expect(given).toEqual({ status: 206, from: Number(from), to: Number(to < end ? to : end) })
		})
	)
})

test('what is asked for before the size is known covers the start of the answer', () => {
	fc.assert(
		fc.property(headers, fc.integer({ min: 1, max: 250 }), (header, sizeBytes) => {
			const { from, to = Infinity } = wantedRange(parseRange(header))
			const given = answer(header, sizeBytes)
			if (given.status === 416) return
			const start = from < 0 ? Math.max(0, sizeBytes + from) : from
			expect(start).toBe(given.status === 206 ? given.from : 0)
			expect(to).toBeGreaterThanOrEqual(given.status === 206 ? given.to : sizeBytes - 1)
		})
	)
})

test('what is asked for is always a range', () => {
	fc.assert(
		fc.property(headers, (header) => {
			const { from, to = Infinity } = wantedRange(parseRange(header))
			expect(Number.isSafeInteger(from)).toBe(true)
			expect(from < 0 || to >= from).toBe(true)
		})
	)
})

test('a condition on a range compares strong entity tags', () => {
	expect(ifRangeHolds(null, '"a"')).toBe(true)
	expect(ifRangeHolds('"a"', '"a"')).toBe(true)
	expect(ifRangeHolds('W/"a"', '"a"')).toBe(false)
	expect(ifRangeHolds('"a", "b"', '"a"')).toBe(false)
	expect(ifRangeHolds('Wed, 21 Oct 2015 07:28:00 GMT', '"a"')).toBe(false)
})

test.each([
	['"a"', true],
	['"x", W/"a"', true],
	['"x","a","y"', true],
	[' * ', true],
	['"x"', false],
	['"x,a,y"', false],
	['a', false],
	['', false],
	[null, false]
])('If-None-Match: %s', (header, holds) => {
	expect(ifNoneMatchHolds(header, '"a"')).toBe(holds)
})
