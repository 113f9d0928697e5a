import { servePages } from './page-preparing'

/** Entry of the worker that a tab lends to the catalog: it prepares pages for whoever has the other end of the port. */
globalThis.onmessage = ({ data }: MessageEvent<MessagePort>) => {
	servePages(data)
}
