/**
 * Gives back the memory of a buffer at once; all views of it are empty from then on. Where the browser cannot, its garbage
 * collector does, later.
 */
export function letGo(buffer: ArrayBuffer): void {
	if ('transfer' in ArrayBuffer.prototype) buffer.transfer(0)
}
