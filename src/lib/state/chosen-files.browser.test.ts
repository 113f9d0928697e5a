import { expect, test } from 'vitest'
import { filesOfHandles, filesOfPicker } from './chosen-files'

test('a folder that was kept is opened again, to its ends', async () => {
	const root = await (
		await navigator.storage.getDirectory()
	).getDirectoryHandle(`m-${crypto.randomUUID()}`, {
		create: true
	})
	const album = await root.getDirectoryHandle('Tides', { create: true })
	for (const [folder, name] of [
		[root, 'notes.txt'],
		[album, '01.mp3']
	] as const) {
		const writing = await (await folder.getFileHandle(name, { create: true })).createWritable()
		await writing.write(name)
		await writing.close()
	}
	const { files, handles } = await filesOfHandles([root])
	expect(files.map(({ path }) => path).sort()).toEqual([`${root.name}/Tides/01.mp3`, `${root.name}/notes.txt`])
	expect(handles).toEqual([root])
})

test('files of a picker have their paths in NFC', () => {
	const { files } = filesOfPicker([new File([''], 'o\u0301.mp3')])
	expect(files[0]?.path).toBe('ó.mp3')
})
