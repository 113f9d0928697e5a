/** Offers a file for saving, as a click on a download link does. */
export function saveFile(file: File): void {
	const link = document.createElement('a')
	link.href = URL.createObjectURL(file)
	link.download = file.name
	link.click()
	// The download has its own hold on the bytes once it has begun, which is not told; a minute is plenty.
	setTimeout(() => {
		URL.revokeObjectURL(link.href)
	}, 60_000)
}
