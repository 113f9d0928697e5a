/* Run in the page: no imports, nothing from outside the functions. */

/** Time from `play()` to sound and from a seek to 80 % to `seeked`, in ms. `timeupdate` comes 250 ms late: polled instead. */
export async function playAndSeek(src: string): Promise<{ soundMs: number; seekMs: number }> {
	const audio = new Audio()
	audio.src = new URL(src, document.baseURI).href
	audio.muted = true
	const started = performance.now()
	await audio.play()
	while (audio.currentTime === 0) await new Promise((resolve) => setTimeout(resolve, 4))
	const soundMs = performance.now() - started
	while (audio.currentTime < 1) await new Promise((resolve) => setTimeout(resolve, 20))
	const sought = performance.now()
	audio.currentTime = audio.duration * 0.8
	await new Promise((resolve) => audio.addEventListener('seeked', resolve, { once: true }))
	const seekMs = performance.now() - sought
	audio.pause()
	audio.removeAttribute('src')
	return { soundMs, seekMs }
}

/** MB/s of one whole read. */
export async function throughput(src: string): Promise<number> {
	const started = performance.now()
	const response = await fetch(new URL(src, document.baseURI), { cache: 'no-store' })
	let bytes = 0
	const reader = response.body?.getReader()
	for (;;) {
		const chunk = await reader?.read()
		if (!chunk || chunk.done) break
		bytes += chunk.value.byteLength
	}
	if (bytes === 0) throw new Error(`${src} gave nothing`)
	return bytes / 1e3 / (performance.now() - started)
}
