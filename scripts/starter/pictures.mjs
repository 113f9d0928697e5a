/* Sleeves and the film's frames: flat shapes, each given by its distance, so that edges are smooth at any size. */

const rgb = (hex) => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))

/** Distances from shapes in a square of 0…1, below 0 inside. */
const away = (x, y) => Math.sqrt(x * x + y * y)
const circle = (cx, cy, r) => (x, y) => away(x - cx, y - cy) - r
const ring = (cx, cy, r, width) => (x, y) => Math.abs(away(x - cx, y - cy) - r) - width / 2
const box = (x0, y0, x1, y1) => (x, y) => Math.max(x0 - x, x - x1, y0 - y, y - y1)
const both = (one, other) => (x, y) => Math.max(one(x, y), other(x, y))
/** Right of and below the line through a point at an angle. */
const half = (cx, cy, angle) => {
	const [across, down] = [Math.cos(angle), Math.sin(angle)]
	return (x, y) => (x - cx) * across + (y - cy) * down
}
/** Below a wave. */
const wave = (level, height, length, phase) => (x, y) =>
	level + height * Math.sin((2 * Math.PI * x) / length + phase) - y

/**
 * Paints layers over one another, the last on top.
 * @param layers - `[shape, colour, rows]`; the ground has no shape, and `rows` are the y between which there is any of it
 * @returns RGB, row by row; x runs from 0 to width/height
 */
export function paint(width, height, layers) {
	const pixels = Buffer.alloc(width * height * 3)
	const topFirst = layers.map(([shape, colour, rows = [0, 1]]) => ({ shape, colour: rgb(colour), rows })).reverse()
	for (let row = 0, at = 0; row < height; row++) {
		const y = (row + 0.5) / height
		const here = topFirst.filter(({ rows }) => y >= rows[0] && y <= rows[1])
		for (let column = 0; column < width; column++, at += 3) {
			const x = (column + 0.5) / height
			let unseen = 1
			for (const { shape, colour } of here) {
				const cover = shape === undefined ? 1 : Math.min(1, Math.max(0, 0.5 - shape(x, y) * height))
				if (cover === 0) continue
				for (let k = 0; k < 3; k++) pixels[at + k] += colour[k] * cover * unseen
				unseen *= 1 - cover
				if (unseen === 0) break
			}
		}
	}
	return pixels
}

function weather() {
	const layers = [
		[undefined, '#dfe7e1'],
		[circle(0.68, 0.3, 0.17), '#e9a23b'],
		[box(0, 0.62, 1, 1), '#2f5d62']
	]
	layers.push(
		[both(circle(0.36, 0.62, 0.25), box(0, 0, 1, 0.62)), '#5b8f8a'],
		[both(circle(0.62, 0.62, 0.17), box(0, 0, 1, 0.62)), '#88b5a8']
	)
	for (let row = 0; row < 5; row++) {
		for (let k = 0; k < 9; k++) {
			const x = 0.06 + k * 0.11 + (row % 2) * 0.055
			const y = 0.69 + row * 0.06
			layers.push([box(x, y, x + 0.012, y + 0.036), row % 2 === 0 ? '#dfe7e1' : '#e9a23b'])
		}
	}
	return layers
}

function tram() {
	const layers = [
		[undefined, '#1d1b3a'],
		[circle(0.74, 0.24, 0.11), '#f3e3c3'],
		[circle(0.79, 0.21, 0.1), '#1d1b3a']
	]
	for (let k = 0; k < 7; k++)
		layers.push([
			box(0.05 + k * 0.14, 0.5 - ((k * 37) % 5) * 0.05, 0.15 + k * 0.14, 0.78),
			k % 2 === 0 ? '#2c2a55' : '#393672'
		])
	layers.push(
		[box(0, 0.78, 1, 1), '#12112a'],
		[box(0, 0.86, 1, 0.868), '#8a6fd1'],
		[box(0, 0.92, 1, 0.928), '#8a6fd1']
	)
	layers.push(
		[box(0.14, 0.52, 0.86, 0.82), '#e4572e'],
		[box(0.14, 0.7, 0.86, 0.72), '#f3e3c3'],
		[box(0.495, 0.36, 0.505, 0.52), '#f3e3c3'],
		[box(0, 0.355, 1, 0.362), '#8a6fd1']
	)
	for (let k = 0; k < 5; k++)
		layers.push([box(0.18 + k * 0.134, 0.56, 0.285 + k * 0.134, 0.66), k === 3 ? '#ffd27d' : '#f3e3c3'])
	for (const x of [0.28, 0.72])
		layers.push([circle(x, 0.83, 0.05), '#12112a'], [circle(x, 0.83, 0.022), '#8a6fd1'])
	return layers
}

function rooms() {
	const layers = [[undefined, '#efe6da']]
	const arch = (inset, spring) => [
		[box(inset, spring, 1 - inset, 1)],
		[both(circle(0.5, spring, 0.5 - inset), box(0, 0, 1, spring + 0.01))]
	]
	for (const [k, colour] of ['#c9b79c', '#b06a4f', '#7d3c3c', '#40252f'].entries()) {
		for (const [shape] of arch(0.1 + k * 0.095, 0.48)) layers.push([shape, colour])
	}
	layers.push([box(0.445, 0.54, 0.555, 0.78), '#f5c76a'], [circle(0.5, 0.54, 0.055), '#f5c76a'])
	for (let k = 0; k < 5; k++)
		layers.push([box(0.41 + k * 0.018, 0.96 - k * 0.04, 0.59 - k * 0.018, 0.968 - k * 0.04), '#b06a4f'])
	return layers
}

/** One moment of the film; `t` in seconds. */
export function tide(t) {
	const layers = [
		[undefined, '#f2ead9'],
		[circle(1.25 + 0.05 * Math.sin(t * 0.5), 0.34 + 0.03 * Math.cos(t * 0.4), 0.2), '#e4572e']
	]
	for (let k = 0; k < 3; k++) {
		const turn = t * (0.35 + 0.1 * k) + k * 2.1
		const [x, y] = [0.5 + 0.22 * Math.cos(turn), 0.4 + 0.14 * Math.sin(turn * 1.3)]
		layers.push([both(circle(x, y, 0.13), half(x, y, turn * 1.7)), ['#2f5d62', '#e9a23b', '#8a6fd1'][k]])
		layers.push([
			both(ring(x, y, 0.165, 0.012), half(x, y, turn * 1.7 + Math.PI)),
			['#2f5d62', '#e9a23b', '#8a6fd1'][k]
		])
	}
	;['#88b5a8', '#5b8f8a', '#2f5d62', '#1d2f3f'].forEach((colour, k) => {
		const shape = wave(0.66 + k * 0.09, 0.035 - k * 0.004, 0.9 - k * 0.13, t * (0.8 + k * 0.25) + k)
		layers.push([(x, y) => shape(x, y) * 0.97, colour, [0.58 + k * 0.09, 1]])
	})
	for (let k = 0; k < 12; k++) {
		const x = 0.1 + k * 0.145
		const tall = 0.02 + 0.035 * (0.5 + 0.5 * Math.sin(t * 2 * Math.PI * 0.5 - k * 0.7))
		layers.push([
			box(x - 0.012, 0.93 - tall, x + 0.012, 0.93 + tall),
			k % 2 === 0 ? '#f2ead9' : '#e9a23b',
			[0.86, 1]
		])
	}
	return layers
}

export const sleeves = { weather, tram, rooms }
