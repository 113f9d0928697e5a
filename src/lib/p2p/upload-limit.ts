/** What the user chose: bytes a second, 0 for nothing, `auto` for what is right for the line. */
export type UploadSetting = number | 'auto'

/** Less than half of what most home lines send, and more than a 5 Mbit/s video takes. */
const AUTO_BYTES_PER_SECOND = 1_000_000
/** Where the line is paid by the byte, or its user asked to save data. */
const METERED_BYTES_PER_SECOND = 64_000

/** The part of `navigator.connection` that is looked at; Chromium alone has it. */
export interface LineFacts {
	readonly saveData?: boolean
	readonly type?: string
}

/** Bytes a second that go out to peers at the most. */
export function uploadBytesPerSecond(setting: UploadSetting, line: LineFacts | undefined): number {
	if (setting !== 'auto') return Number.isFinite(setting) ? Math.max(0, setting) : AUTO_BYTES_PER_SECOND
	const metered = line?.saveData === true || line?.type === 'cellular'
	return metered ? METERED_BYTES_PER_SECOND : AUTO_BYTES_PER_SECOND
}
