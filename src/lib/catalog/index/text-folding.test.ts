import fc from 'fast-check'
import { expect, test } from 'vitest'
import { alternateWords, foldQuery, foldWords, isArticle } from './text-folding'

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
	['mp3 B12 3rd', 'mp3 b12 3rd'],
	["Rock 'n' Roll", 'rock and roll'],
	['Rock’n’Roll', 'rock and roll'],
	["Guns N' Roses", 'guns and roses'],
	['Salt n Pepa', 'salt and pepa'],
	['Vitamin N', 'vitamin n'],
	["Ain't n't", 'aint nt'],
	['Ke$ha A$AP P!nk', 'kesha asap pink'],
	['Help! $5', 'help 5'],
	['10,000 Maniacs 1.000.000 1,5 1999,2000', '10000 maniacs 1000000 1 5 1999 2000'],
	['أحمد إبراهيم', 'احمد ابراهيم'],
	['یکی ليلى', 'يكي ليلي']
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

test.each([
	["Schindler's List", 'schindler'],
	['L’Amour', 'amour'],
	["Qu'est-ce que c'est", 'est estce'],
	['AC/DC', 'acdc'],
	['Hip-Hop', 'hiphop'],
	['Müller Øre Åse', 'mueller oere aase'],
	['Mu\u0308ller', 'mueller'],
	['القاهرة', 'قاهره'],
	['Plain words, 1984', ''],
	["Don't", '']
])('%j is looked for as %j too', (text, words) => {
	expect([...new Set(alternateWords(text))].sort().join(' ')).toBe(words.split(' ').sort().join(' '))
})

test('articles are those of several languages', () => {
	expect(['the', 'die', 'los', 'il'].every(isArticle)).toBe(true)
	expect(isArticle('beatles')).toBe(false)
})

test('text is folded piece by piece to what it is folded to as a whole', () => {
	const piece = fc.constantFrom(
		...[
			'Two',
			'Valleys',
			'N',
			'n',
			"'n'",
			"n'",
			'A.',
			'B.',
			'x.y',
			'1.5',
			'10,000',
			'rock',
			'a_b-c/d',
			'ft.',
			'feat',
			'D.J.',
			'R.E.M.'
		],
		...[
			'é',
			'Øre',
			'Don’t',
			'海の歌',
			'海',
			'-',
			'☃',
			'&',
			'Ke$ha',
			'P!nk',
			'y'.repeat(70),
			'x\u00ad',
			'\u0301',
			'',
			'\t',
			'Σας',
			'feat.X'
		]
	)
	fc.assert(
		fc.property(fc.array(piece, { maxLength: 6 }), (pieces) => {
			const text = pieces.join(' ')
			// Between other spaces there are no pieces.
			expect(foldWords(text)).toEqual(foldWords(text.replaceAll(' ', '\u2003')))
		}),
		{ numRuns: 2000 }
	)
})
