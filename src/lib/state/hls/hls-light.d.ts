/** The build without subtitles and second sound tracks has no types of its own. */
declare module 'hls.js/light' {
	export { default, ErrorTypes, Events } from 'hls.js'
}
