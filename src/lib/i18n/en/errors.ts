import type { AppErrorCode } from '../../errors'

/** One sentence a cause: what is, then what can be done. */
export const errors: Record<AppErrorCode, string> & { unknown: string; details: string } = {
	'bad-path': 'This address names nothing that can be read.',
	'not-found': 'There is no such file below this address.',
	'range-not-satisfiable': 'The player asked past the end of the file.',
	'content-unavailable': 'No one is answering. The music is not lost.',
	'content-unverified': 'What came was wrong and was thrown away. No one had it right.',
	'content-unsupported': 'This kind of file is not read here.',
	'invalid-entry': 'This entry breaks a rule and was left out.',
	'invalid-page': 'A page of this catalog cannot be read.',
	'invalid-head': 'The head of this catalog cannot be read.',
	'invalid-playlist': 'This playlist cannot be read.',
	'invalid-announcement': 'This announcement cannot be read.',
	'invalid-link': 'This link is cut or mistyped.',
	'invalid-record': 'This record is badly signed or past its end.',
	'publisher-mismatch': 'This catalog names another publisher than the one who announced it.',
	'invalid-key': 'This is not a key file that can be read.',
	'invalid-setting': 'This value cannot be used.',
	'too-large': 'This is larger than can be taken in.',
	'too-many': 'This holds more than can be taken in.',
	unreachable: 'It does not answer.',
	refused: 'It answered no.',
	'rate-limited': 'It asks to be left alone for a while.',
	'storage-full': 'The browser has no room left. What is here stays; free some space.',
	'storage-failed': 'The browser refused its storage.',
	'no-leader': 'No tab holds the connection right now.',
	'no-worker': 'This window cannot check bytes, so it plays nothing.',
	unplayable: 'This browser cannot play this format.',
	'wrong-root': 'The node took it in under another name than ours.',
	unknown: 'Something went wrong that has no name yet.',
	details: 'What was tried'
}
