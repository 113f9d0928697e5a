import { describe, expect, test } from 'vitest'
import { decodeStrict, encodeStrict } from './dag-cbor'

const bytesOf = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16))
const decode = (hex: string) => decodeStrict(bytesOf(hex), 100, 'invalid-page')

describe('strict DAG-CBOR', () => {
	test('what is encoded comes back', () => {
		const value = { a: [1, -2, 0.5, 'é', null, true], bb: new Uint8Array([1, 2]), z: { deep: 2 ** 40 } }
		expect(decodeStrict(encodeStrict(value), 1000, 'invalid-page')).toEqual(value)
	})

	test.each([
		['bytes after the end', '0101'],
		['nothing at all', ''],
		['a list cut off', '8201'],
		['a text cut off', '6361'],
		['a length of 2^63', '9b7fffffffffffffff'],
		['an indefinite list', '9f01ff'],
		['a number not in its shortest form', '1817'],
		['a long form of a short length', '780161'],
		['keys out of order', 'a2616201616101'],
		['a longer key before a shorter one', 'a262616101616201'],
		['a key twice', 'a2616101616102'],
		['a key that is a number', 'a10101'],
		['undefined', 'f7'],
		['a short float', 'f93c00'],
		['a 32-bit float', 'fa3f800000'],
		['NaN', 'fb7ff8000000000000'],
		['infinity', 'fb7ff0000000000000'],
		['a tag other than 42', 'c100'],
		['a CID that is text', 'd82a6161'],
		['text that is not UTF-8', '61ff'],
		['a key that is not UTF-8', 'a161ff01'],
		['lists deeper than the bound', '81'.repeat(33) + '01']
	])('refuses %s', (_, hex) => {
		expect(() => decode(hex)).toThrow(expect.objectContaining({ name: 'AppError', code: 'invalid-page' }))
	})

	test('takes lists as deep as the bound', () => {
		expect(decode('81'.repeat(32) + '01')).toBeDefined()
	})

	test('takes a float that is a whole number, as other languages write gains', () => {
		expect(decode('fbc008000000000000')).toBe(-3)
	})

	test('refuses too much before it reads any of it', () => {
		expect(() => decode('ff'.repeat(101))).toThrow(expect.objectContaining({ code: 'too-large' }))
	})

	test('a key __proto__ is a key, not a prototype', () => {
		const decoded = decode('a1695f5f70726f746f5f5fa1616101') as object
		expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype)
		expect(Object.keys(decoded)).toEqual(['__proto__'])
	})
})
