import { tinykeys } from 'tinykeys'

export interface ShortcutActs {
	readonly search: () => void
	readonly toggle: () => void
	/** @param ms - negative goes back */
	readonly seekBy: (ms: number) => void
	/** @param step - part of the full volume */
	readonly volumeBy: (step: number) => void
	readonly next: () => void
	readonly previous: () => void
	readonly mute: () => void
	readonly shuffle: () => void
	readonly repeat: () => void
	readonly full: () => void
	readonly queue: () => void
	readonly help: () => void
}

/** Keys and what they do, for the dialog that lists them. `act` names the sentence. */
export const SHORTCUTS = [
	{ keys: ['/'], act: 'search' },
	{ keys: ['space'], act: 'playPause' },
	{ keys: ['←', '→'], act: 'seek' },
	{ keys: ['Shift ↑', 'Shift ↓'], act: 'volume' },
	{ keys: ['P', 'N'], act: 'track' },
	{ keys: ['M'], act: 'mute' },
	{ keys: ['F'], act: 'full' },
	{ keys: ['Q'], act: 'queue' },
	{ keys: ['S'], act: 'shuffle' },
	{ keys: ['R'], act: 'repeat' },
	{ keys: ['↑', '↓'], act: 'rows' },
	{ keys: ['?'], act: 'help' }
] as const

const TYPES = 'input, textarea, select, [contenteditable=""], [contenteditable=true]'
/** Things that use the arrows themselves. */
const MOVES = `${TYPES}, [role=tab], [role=menu], [role=menuitem], [role=radio], [role=slider], [role=row] *`
/** Things that Space presses. */
const PRESSES = `${MOVES}, button, a, summary, [role=dialog]:not(.full), [role=alertdialog]`

/** Binds the keys of the whole page. Returns a function that frees them. */
export function bindShortcuts(acts: ShortcutActs): () => void {
	const unless = (selector: string, act: () => void) => (event: KeyboardEvent) => {
		const target = event.target instanceof Element ? event.target : document.body
		if (event.defaultPrevented || target.closest(selector) !== null) return
		event.preventDefault()
		act()
	}
	const typing = (act: () => void) => unless(`${TYPES}, [role=menu], [role=dialog]:not(.full)`, act)
	const rtl = () => (document.documentElement.dir === 'rtl' ? -1 : 1)
	return tinykeys(
		window,
		{
			'/': typing(acts.search),
			Space: unless(PRESSES, acts.toggle),
			ArrowRight: unless(MOVES, () => {
				acts.seekBy(5000 * rtl())
			}),
			ArrowLeft: unless(MOVES, () => {
				acts.seekBy(-5000 * rtl())
			}),
			'Shift+ArrowUp': unless(MOVES, () => {
				acts.volumeBy(0.05)
			}),
			'Shift+ArrowDown': unless(MOVES, () => {
				acts.volumeBy(-0.05)
			}),
			n: typing(acts.next),
			p: typing(acts.previous),
			m: typing(acts.mute),
			s: typing(acts.shuffle),
			r: typing(acts.repeat),
			f: typing(acts.full),
			q: typing(acts.queue),
			'Shift+?': typing(acts.help)
		},
		// What to leave alone is decided for each key above.
		{ ignore: () => false }
	)
}
