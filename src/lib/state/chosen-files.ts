import type { ChosenFile } from '$lib/catalog/publishing'

/** More than the protocol lets a reader walk (section 2) of a folder without a catalog; a drop of a whole disk ends here. */
const MOST_FILES = 100_000
const MOST_DEPTH = 32

/** Files that a person chose, and what opens them again after a reload, where the browser gives that. */
export interface Chosen {
	readonly files: readonly ChosenFile[]
	readonly handles: readonly FileSystemHandle[]
	/** There were more than are taken at once. */
	readonly tooMany?: boolean
}

type WithHandle = DataTransferItem & { getAsFileSystemHandle?: () => Promise<FileSystemHandle | null> }
type Picking = Window & {
	showDirectoryPicker?: (options: { id: string; mode: 'read' }) => Promise<FileSystemDirectoryHandle>
}
type WithPermission = FileSystemHandle & {
	requestPermission?: (options: { mode: 'read' }) => Promise<PermissionState>
}

/** Files of a picker; of a folder picker with their paths below it. */
export function filesOfPicker(list: FileList | readonly File[] | null): Chosen {
	const all = [...(list ?? [])]
	return {
		files: all
			.slice(0, MOST_FILES)
			.map((file) => ({ path: (file.webkitRelativePath || file.name).normalize('NFC'), file })),
		handles: [],
		...(all.length > MOST_FILES && { tooMany: true })
	}
}

/** True where a folder can be chosen in a way that it can be opened again after a reload. */
export const canKeepFolder = (): boolean => 'showDirectoryPicker' in window

/** Has the person choose a folder. Undefined when they turn that away. */
export async function filesOfFolderPicker(): Promise<Chosen | undefined> {
	const picked = await (window as Picking)
		.showDirectoryPicker?.({ id: 'publish', mode: 'read' })
		.catch((error: unknown) => {
			if (error instanceof DOMException && error.name === 'AbortError') return undefined
			throw error
		})
	return picked === undefined ? undefined : await filesOfHandles([picked])
}

/** Files of a drop, folders read to their ends. Must be called while the drop event is handled. */
export async function filesOfDrop(dropped: DataTransfer): Promise<Chosen> {
	// The items are gone once the event is over, so they are all asked before anything is awaited.
	const items = [...dropped.items].filter(({ kind }) => kind === 'file')
	const handles = items.map((item) => (item as WithHandle).getAsFileSystemHandle?.() ?? Promise.resolve(null))
	const roots = items.map((item) => item.webkitGetAsEntry() ?? item.getAsFile())
	const opened = (await Promise.all(handles).catch(() => [])).flatMap((handle) => handle ?? [])
	if (opened.length > 0 && opened.length === roots.length) {
		const chosen = await filesOfHandles(opened)
		// Of a drop that a page made itself there may be handles that lead nowhere.
		if (chosen.files.length > 0) return chosen
	}
	const walk = new Walk()
	for (const root of roots) {
		if (root instanceof File) walk.add(root.name, root)
		else if (root !== null) await walk.entry(root, root.name, 0)
	}
	return { ...walk.chosen, handles: [] }
}

/** Opens again what was chosen once. Must be called in answer to a person's click: the browser asks them. */
export async function filesOfHandles(handles: readonly FileSystemHandle[]): Promise<Chosen> {
	const walk = new Walk()
	const opened: FileSystemHandle[] = []
	for (const handle of handles) {
		const state = await (handle as WithPermission).requestPermission?.({ mode: 'read' }).catch(() => 'denied')
		if (state !== undefined && state !== 'granted') continue
		opened.push(handle)
		await walk.handle(handle, handle.name, 0)
	}
	return { ...walk.chosen, handles: opened }
}

class Walk {
	readonly #files: ChosenFile[] = []
	#tooMany = false

	get chosen(): Omit<Chosen, 'handles'> {
		return { files: this.#files, ...(this.#tooMany && { tooMany: true }) }
	}

	add(path: string, file: File): void {
		if (this.#files.length < MOST_FILES) this.#files.push({ path: path.normalize('NFC'), file })
		else this.#tooMany = true
	}

	async handle(handle: FileSystemHandle, path: string, depth: number): Promise<void> {
		if (this.#tooMany || depth > MOST_DEPTH) return
		if (handle.kind === 'file') {
			// One that cannot be opened is left out; the others are still wanted.
			const file = await (handle as FileSystemFileHandle).getFile().catch(() => undefined)
			if (file !== undefined) this.add(path, file)
			return
		}
		const children: FileSystemHandle[] = []
		try {
			for await (const child of (handle as FileSystemDirectoryHandle).values()) children.push(child)
		} catch {
			return
		}
		for (const child of children) await this.handle(child, `${path}/${child.name}`, depth + 1)
	}

	async entry(entry: FileSystemEntry, path: string, depth: number): Promise<void> {
		if (this.#tooMany || depth > MOST_DEPTH) return
		if (entry.isFile) {
			const file = await new Promise<File | undefined>((resolve) => {
				;(entry as FileSystemFileEntry).file(resolve, () => {
					resolve(undefined)
				})
			})
			if (file !== undefined) this.add(path, file)
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
			for (const child of some) await this.entry(child, `${path}/${child.name}`, depth + 1)
		}
	}
}
