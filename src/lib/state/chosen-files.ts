import type { ChosenFile } from '$lib/catalog/publishing'

/** More than the protocol lets a reader walk (section 2); a drop of a whole disk ends here. */
const MOST_FILES = 10_000
const MOST_DEPTH = 32

/** Files of a picker; of a folder picker with their paths below it. */
export function filesOfPicker(files: FileList | null): ChosenFile[] {
	return [...(files ?? [])]
		.slice(0, MOST_FILES)
		.map((file) => ({ path: (file.webkitRelativePath || file.name).normalize('NFC'), file }))
}

/** Files of a drop, folders read to their ends. Must be called while the drop event is handled. */
export async function filesOfDrop(dropped: DataTransfer): Promise<ChosenFile[]> {
	// The items are gone once the event is over, so they are all asked before anything is awaited.
	const roots = [...dropped.items].flatMap((item) => {
		if (item.kind !== 'file') return []
		const entry = item.webkitGetAsEntry()
		return [entry ?? item.getAsFile()]
	})
	const files: ChosenFile[] = []
	for (const root of roots) {
		if (root instanceof File) files.push({ path: root.name.normalize('NFC'), file: root })
		else if (root !== null) await walk(root, root.name, 0, files)
	}
	return files
}

async function walk(entry: FileSystemEntry, path: string, depth: number, files: ChosenFile[]): Promise<void> {
	if (files.length >= MOST_FILES || depth > MOST_DEPTH) return
	if (entry.isFile) {
		const file = await new Promise<File | undefined>((resolve) => {
			// One that cannot be opened is left out; the others are still wanted.
			;(entry as FileSystemFileEntry).file(resolve, () => {
				resolve(undefined)
			})
		})
		if (file !== undefined) files.push({ path: path.normalize('NFC'), file })
		return
	}
	const reader = (entry as FileSystemDirectoryEntry).createReader()
	for (;;) {
		// Chromium gives at most 100 a call: https://developer.mozilla.org/docs/Web/API/FileSystemDirectoryReader/readEntries
		const some = await new Promise<FileSystemEntry[]>((resolve) => {
			reader.readEntries(resolve, () => {
				resolve([])
			})
		})
		if (some.length === 0) return
		for (const child of some) await walk(child, `${path}/${child.name}`, depth + 1, files)
	}
}
