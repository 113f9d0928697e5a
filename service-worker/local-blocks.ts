import type { LocalBlocks } from '../src/lib/gateway/file-reader'
import type { KeptBlocks } from './kept-blocks'

/** The block store as the reader of files uses it: whatever goes wrong there, a block is then not on this device. */
export function localBlocks(kept: KeptBlocks): LocalBlocks {
	return {
		peek: (cid) => kept.peek(cid),
		get: (cid) => kept.find(cid),
		put: (cid, bytes, file) => void kept.put(cid, bytes, { file }),
		ensure: (cid, bytes, file) => kept.ensure(cid, bytes, file),
		settled: () => kept.settled()
	}
}
