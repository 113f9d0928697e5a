import { expect, test } from 'vitest'
import { answerRange, ifNoneMatchHolds, ifRangeHolds, MAX_RANGE_BYTES } from './range'

test.each([
	['bytes=0-1', 206, 0, 1],
	['bytes=0-', 206, 0, 99],
	['bytes=99-', 206, 99, 99],
	['bytes=10-19', 206, 10, 19],
	['bytes=10-1000', 206, 10, 99],
	['bytes=-5', 206, 95, 99],
	['bytes=-1000', 206, 0, 99],
	['bytes=0-99999999999999999999999', 206, 0, 99],
	['Bytes= 3-4', 206, 3, 4]
])('%s of 100 bytes is 206 from %i to %i', (header, status, from, to) => {
	expect(answerRange(header, 100)).toEqual({ status, from, to })
})

test.each(['bytes=100-', 'bytes=100-200', 'bytes=-0', 'bytes=99999999999999999999999-'])(
	'%s of 100 bytes is 416',
	(header) => {
		expect(answerRange(header, 100)).toEqual({ status: 416 })
	}
)

test.each([null, '', 'bytes=-', 'bytes=5-4', 'bytes=0-1,3-4', 'items=0-1', 'bytes=a-b', 'bytes=1.5-2'])(
	'%s is ignored',
	(header) => {
		expect(answerRange(header, 100)).toEqual({ status: 200 })
	}
)

test('no range of an empty file can be satisfied', () => {
	expect(answerRange('bytes=0-', 0)).toEqual({ status: 416 })
	expect(answerRange('bytes=-1', 0)).toEqual({ status: 416 })
})

test('long answers are cut short', () => {
	const size = 10 * MAX_RANGE_BYTES
	expect(answerRange('bytes=5-', size)).toEqual({ status: 206, from: 5, to: 4 + MAX_RANGE_BYTES })
	expect(answerRange(`bytes=-${String(2 * MAX_RANGE_BYTES)}`, size)).toEqual({
		status: 206,
		from: 8 * MAX_RANGE_BYTES,
		to: 9 * MAX_RANGE_BYTES - 1
	})
})

test('conditions compare entity tags', () => {
	expect(ifRangeHolds(null, '"a"')).toBe(true)
	expect(ifRangeHolds('"a"', '"a"')).toBe(true)
	expect(ifRangeHolds('W/"a"', '"a"')).toBe(false)
	expect(ifRangeHolds('Wed, 21 Oct 2015 07:28:00 GMT', '"a"')).toBe(false)
	expect(ifNoneMatchHolds('"x", W/"a"', '"a"')).toBe(true)
	expect(ifNoneMatchHolds('*', '"a"')).toBe(true)
	expect(ifNoneMatchHolds('"x"', '"a"')).toBe(false)
	expect(ifNoneMatchHolds(null, '"a"')).toBe(false)
})
