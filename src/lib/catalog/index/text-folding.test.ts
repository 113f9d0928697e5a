import { expect, test } from 'vitest'
import { foldQuery, foldWords } from './text-folding'

test.each([
	['Nadia Ório', 'nadia orio'],
	['BJÖRK Guðmundsdóttir', 'bjork gudmundsdottir'],
	['Sigur Rós – Ágætis byrjun', 'sigur ros agaetis byrjun'],
	['Łódź Straße Øresund Œuvre Þór ħal', 'lodz strasse oresund oeuvre thor hal'],
	['İstanbul ırmak', 'istanbul irmak'],
	['Ｆｕｌｌ　ｗｉｄｔｈ １２３', 'full width 123'],
	['ﬁn Ⅳ ①', 'fin iv 1'],
	["Don’t don\u02bct don't", 'dont dont dont'],
	["L'Amour O'Brien's", 'lamour obriens'],
	['Simon & Garfunkel', 'simon and garfunkel'],
	['Simon&Garfunkel', 'simon and garfunkel'],
	['Song (feat. Somebody)', 'song somebody'],
	['Song ft. A featuring B', 'song a b'],
	['1984 12345 2024-11-21', '1984 12345 2024 11 21'],
	['R.E.M. and U.S.A', 'rem and usa'],
	['D.J.Shadow', 'dj shadow'],
	['t-shirt AC/DC', 't shirt ac dc'],
	['Ёлка Йод Чайковский', 'елка иод чаиковскии'],
	['Σίσυφος ΟΔΟΣ', 'σισυφοσ οδοσ'],
	['soft\u00adhyphen zero\u200bwidth', 'softhyphen zerowidth'],
	['mp3 B12 3rd', 'mp3 b12 3rd']
])('folds %j to %j', (text, words) => {
	expect(foldWords(text).join(' ')).toBe(words)
})

test('cuts unspaced scripts into pairs, with the last letter alone too', () => {
	expect(foldWords('海の歌')).toEqual(['海の', 'の歌', '歌'])
	expect(foldWords('海')).toEqual(['海'])
	expect(foldWords('海2024年 Live')).toEqual(['海', '2024', '年', 'live'])
	expect(foldWords('ﾗｼﾞｵ')).toEqual(foldWords('ラジオ'))
	expect(foldWords('한국어')).toEqual(['한국', '국어', '어'])
})

test('asks for pairs only, so that any part of an unspaced text is found', () => {
	expect(foldQuery('海の歌')).toEqual(['海の', 'の歌'])
	for (const part of ['海の', 'の歌', '歌']) {
		const words = new Set(foldWords('海の歌'))
		expect(foldQuery(part).every((word) => words.has(word))).toBe(true)
	}
})

test('keeps the vowels of Indic scripts and the voicing of kana', () => {
	expect(foldWords('हिन्दी')).not.toEqual(foldWords('हनद'))
	expect(foldWords('ガ')).not.toEqual(foldWords('カ'))
})

test('composed and decomposed text fold alike', () => {
	for (const text of ['Ório', 'Å', 'ガム', '한국', 'Ёлка', 'ệ']) {
		expect(foldWords(text.normalize('NFD'))).toEqual(foldWords(text.normalize('NFC')))
	}
})

test('a name of signs alone is a word, blank text is none', () => {
	expect(foldWords('!!!')).toEqual(['!!!'])
	expect(foldWords(' ☃ ')).toEqual(['☃'])
	expect(foldWords('')).toEqual([])
	expect(foldWords(' \t\u00a0')).toEqual([])
})

test('"feat" alone is a word', () => {
	expect(foldWords('Feat')).toEqual(['feat'])
})

test('bounds the length of a word', () => {
	expect(foldWords('x'.repeat(500))).toEqual(['x'.repeat(64)])
})
