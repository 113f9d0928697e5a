import sqlite3InitModule, { type Database } from '@sqlite.org/sqlite-wasm'
import { serveRival } from './serve'
import { rowsOf } from './rows'

/** SQLite's full-text index in the origin's private file system, ranked by bm25 with weights; rows as JSON beside it. */
const SCHEMA = `
	pragma cache_size = -65536;
	pragma synchronous = normal;
	create table if not exists rows (
		id integer primary key, publisher text, kind text, genre text, year integer, bitrate integer, row text
	);
	create index if not exists by_publisher on rows (publisher);
	create virtual table if not exists words using fts5 (
		title, artists, album, genres, publisher, description,
		content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2', prefix = '3'
	);
`
let database: Database | undefined
const opened = (): Database => {
	if (database === undefined) throw new Error('not open')
	return database
}
const quoted = (word: string) => `"${word.replaceAll('"', '""')}"`

serveRival({
	async open() {
		const sqlite3 = await sqlite3InitModule()
		const pool = await sqlite3.installOpfsSAHPoolVfs({ name: 'bench' })
		database = new pool.OpfsSAHPoolDb('/bench.sqlite3')
		database.exec(SCHEMA)
	},
	async add(bytes) {
		const rows = rowsOf(bytes)
		opened().transaction((db) => {
			const insertRow = db.prepare(
				'insert into rows (publisher, kind, genre, year, bitrate, row) values (?, ?, ?, ?, ?, ?)'
			)
			const insertWords = db.prepare(
				'insert into words (rowid, title, artists, album, genres, publisher, description) values (last_insert_rowid(), ?, ?, ?, ?, ?, ?)'
			)
			try {
				for (const row of rows) {
					const { publisher, kind, genres, date = '', bitrate = 0 } = row
					insertRow
						.bind([publisher, kind, genres[0] ?? '', Number(date.slice(0, 4)), bitrate, JSON.stringify(row)])
						.stepReset()
					insertWords
						.bind([
							row.title,
							row.artists.join(' '),
							row.album ?? '',
							genres.join(' '),
							row.publisherName,
							row.comment ?? ''
						])
						.stepReset()
				}
			} finally {
				insertRow.finalize()
				insertWords.finalize()
			}
		})
	},
	async search({ words, phrase, filters }) {
		const match = phrase
			? quoted(words.join(' '))
			: words.map((word, at) => quoted(word) + (at === words.length - 1 ? '*' : '')).join(' AND ')
		const where =
			filters === undefined ? '' : 'and kind = ? and genre = ? and year between ? and ? and bitrate >= ?'
		const values =
			filters === undefined ? [] : [filters.kind, filters.genre, filters.from, filters.to, filters.bitrate]
		const found = opened().exec({
			sql: `select row from words join rows on rows.id = words.rowid where words match ? ${where}
				order by bm25(words, 8, 6, 4, 2, 2, 1) limit 50`,
			bind: [match, ...values],
			rowMode: 'array',
			returnValue: 'resultRows'
		})
		const hits = found.map(([row]) => JSON.parse(row as string) as { title: string; artists: string[] })
		return { total: hits.length, hits: hits.slice(0, 10).map(({ title, artists }) => ({ title, artists })) }
	},
	async remove(publisher) {
		opened().transaction((db) => {
			db.exec({
				sql: 'delete from words where rowid in (select id from rows where publisher = ?)',
				bind: [publisher]
			})
			db.exec({ sql: 'delete from rows where publisher = ?', bind: [publisher] })
		})
	}
})
