/*
 * 20 px grid, 1.5 px stroke, round caps. `line` is stroked, `solid` is filled too. Only icons in use stand here.
 */
interface Glyph {
	readonly line?: string
	readonly solid?: string
	/** Stroke width where it is not 1.5. */
	readonly width?: number
}

const circle = (x: number, y: number, r: number) =>
	`M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0`

export const icons = {
	bell: { line: 'M4.5 14h11l-1.5-2.5V8.5a4 4 0 0 0-8 0v3zM8.5 16.5h3' },
	check: { line: 'm4 10.5 4 4 8-9' },
	close: { line: 'm5 5 10 10M15 5 5 15' },
	copy: {
		line: 'M8.5 7H15a1.5 1.5 0 0 1 1.5 1.5V15a1.5 1.5 0 0 1-1.5 1.5H8.5A1.5 1.5 0 0 1 7 15V8.5A1.5 1.5 0 0 1 8.5 7zM13 7V4.5A1 1 0 0 0 12 3.5H4.5a1 1 0 0 0-1 1V12a1 1 0 0 0 1 1H7'
	},
	down: { line: 'm5 7.5 5 5 5-5' },
	drag: { line: 'M7.5 5h.01M12.5 5h.01M7.5 10h.01M12.5 10h.01M7.5 15h.01M12.5 15h.01', width: 2 },
	edit: { line: 'M4 16l.8-3.3L13.3 4.2a1.5 1.5 0 0 1 2.1 0l.4.4a1.5 1.5 0 0 1 0 2.1L7.3 15.2zM11.8 5.7l2.5 2.5' },
	filter: { line: 'M3 5.5h14M5.5 10h9M8 14.5h4' },
	folder: { line: 'M3 15.5v-11h5l1.8 2.2H17v8.8z' },
	heart: { line: 'M10 16.5S3.2 12.6 3.2 7.9A3.6 3.6 0 0 1 10 6.3a3.6 3.6 0 0 1 6.8 1.6c0 4.7-6.8 8.6-6.8 8.6z' },
	home: { line: 'M3 9.2 10 3.5l7 5.7V16.5H12.2v-4.5H7.8v4.5H3z' },
	info: { line: circle(10, 10, 6.5) + 'M10 9.3v4M10 6.7v.01' },
	keep: { line: 'M10 3.5v9M6.5 9.2l3.5 3.3 3.5-3.3M3.5 16.5h13' },
	key: { line: circle(6.5, 13.5, 3) + 'M8.7 11.3 16 4M13.5 6.5l2 2' },
	left: { line: 'm12.5 5-5 5 5 5' },
	library: { line: 'M3.5 3.5v13M7 3.5v13M10.5 3.5v13m2.8-12.2 3.4 11.8' },
	list: { line: 'M3 5.5h14M3 10h14M3 14.5h14' },
	link: {
		line: 'M8.5 11.5a3 3 0 0 0 4.3 0l3-3a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-3 3a3 3 0 0 0 4.3 4.3l1-1'
	},
	menu: {
		line: 'M4.5 4h11A1.5 1.5 0 0 1 17 5.5v9a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 14.5v-9A1.5 1.5 0 0 1 4.5 4zM8 4v12'
	},
	more: { line: 'M4.5 10h.01M10 10h.01M15.5 10h.01', width: 2.25 },
	muted: { line: 'M3.5 7.8v4.4h2.7L10 15.5v-11L6.2 7.8zM13 8l4 4M17 8l-4 4' },
	network: {
		line:
			circle(5, 5.5, 2.25) +
			circle(15, 7.5, 2.25) +
			circle(8, 15, 2.25) +
			'M7.2 6l5.6 1.1M5.5 7.7l1.8 5.1M13.5 9.2l-4 4.1'
	},
	next: { solid: 'M4.5 4.5v11l8.5-5.5z', line: 'M15.75 4.5v11' },
	offline: {
		line: 'M3 3l14 14M2.8 8.2A10 10 0 0 1 7 5.8M10.5 5a10 10 0 0 1 6.7 3.2M5.7 11.3a6 6 0 0 1 4-2M14.3 11.3l-.6-.5M10 15.3v.01'
	},
	open: { line: 'M11.5 3.5h5v5M16 4l-6.5 6.5M14 11.5v5H3.5V6h5' },
	pause: { line: 'M6.25 4.5v11M13.75 4.5v11', width: 3 },
	play: { solid: 'M6 4v12l10-6z' },
	plus: { line: 'M10 4v12M4 10h12' },
	prev: { solid: 'M15.5 4.5v11L7 10z', line: 'M4.25 4.5v11' },
	proof: { line: 'M10 2.8 16 5v5c0 3.5-2.5 5.9-6 7.2C6.5 15.9 4 13.5 4 10V5zM7.2 10l2 2.2 3.6-4.2' },
	publish: { line: 'M10 12.5V3.5M6.5 6.8 10 3.5l3.5 3.3M3.5 12.5v4h13v-4' },
	publisher: { line: 'M3.5 7.5v5M6.8 4.5v11M10 8v4M13.2 4.5v11M16.5 7.5v5' },
	queue: { line: 'M3 5h14M3 9.5h14M3 14h7m3.5-1.8 3.5 2.15-3.5 2.15z' },
	repeat: {
		line: 'M3.5 9.5V8a2.5 2.5 0 0 1 2.5-2.5h10M14 3.5l2 2-2 2M16.5 10.5V12a2.5 2.5 0 0 1-2.5 2.5H4M6 16.5l-2-2 2-2'
	},
	repeatOne: {
		line: 'M3.5 9.5V8a2.5 2.5 0 0 1 2.5-2.5h10M14 3.5l2 2-2 2M16.5 10.5V12a2.5 2.5 0 0 1-2.5 2.5H4M6 16.5l-2-2 2-2M9.3 9l1-.7v3.4'
	},
	right: { line: 'm7.5 5 5 5-5 5' },
	search: { line: circle(8.75, 8.75, 5.25) + 'M12.8 12.8l4 4' },
	settings: { line: 'M3 6h7.5M15 6h2M3 14h2M9.5 14H17' + circle(12.75, 6, 2.25) + circle(7.25, 14, 2.25) },
	share: { line: 'M11.5 4 17 8.5 11.5 13v-2.8C7 10.2 4.5 12 3 15.5c.3-5 3.2-8.5 8.5-8.8z' },
	shuffle: {
		line: 'M3 6h2.5c4 0 5 8 9 8H17M3 14h2.5c1.3 0 2.3-.9 3.1-2.1M11.4 8.1C12.2 6.9 13.2 6 14.5 6H17M15 4l2 2-2 2M15 12l2 2-2 2'
	},
	sleep: { line: 'M16.5 11.7A6.8 6.8 0 1 1 8.3 3.5a5.5 5.5 0 0 0 8.2 8.2z' },
	theme: { line: circle(10, 10, 6.5), solid: 'M10 3.5a6.5 6.5 0 0 1 0 13z' },
	trash: { line: 'M4 5.5h12M8 5.5v-2h4v2M5.5 5.5l.7 11h7.6l.7-11M8.5 8.5v5M11.5 8.5v5' },
	up: { line: 'm5 12.5 5-5 5 5' },
	volume: { line: 'M3.5 7.8v4.4h2.7L10 15.5v-11L6.2 7.8zM13 7.5a3.5 3.5 0 0 1 0 5M15.3 5.2a6.8 6.8 0 0 1 0 9.6' },
	warn: { line: 'M10 3.5 17.5 16.5h-15zM10 8.5v3.5M10 14.3v.01' }
} satisfies Record<string, Glyph>

export type IconName = keyof typeof icons

/** Icons that point along the text and are mirrored where text runs right to left. */
export const mirrored: ReadonlySet<IconName> = new Set([
	'left',
	'right',
	'queue',
	'share',
	'volume',
	'muted',
	'menu',
	'open'
])
