import { ALL_FORMATS, AudioSampleSink, BlobSource, Input } from 'mediabunny'
import type { SoundPiece } from './measure'

/**
 * Decodes a file piece by piece by the browser's own decoders (WebCodecs), in a tab or a worker: of a film of hours there
 * are some seconds in memory.
 * @throws DOMException `NotSupportedError` when the container or the codec is none that can be decoded here
 */
export async function* decodeSound(file: Blob): AsyncGenerator<SoundPiece> {
	const input = new Input({ source: new BlobSource(file), formats: ALL_FORMATS })
	try {
		const track = await input.getPrimaryAudioTrack().catch(() => null)
		if (track === null || !(await track.canDecode()))
			throw new DOMException('not decoded here', 'NotSupportedError')
		for await (const sample of new AudioSampleSink(track).samples()) {
			const planes = Array.from({ length: sample.numberOfChannels }, (_, planeIndex) => {
				const plane = new Float32Array(sample.numberOfFrames)
				sample.copyTo(plane, { planeIndex, format: 'f32-planar' })
				return plane
			})
			yield { sampleRate: sample.sampleRate, planes }
			sample.close()
		}
	} finally {
		input.dispose()
	}
}
