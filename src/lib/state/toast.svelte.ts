export interface ToastMessage {
	readonly text: string
	/** Takes back what went away. */
	readonly undo?: (() => void) | undefined
}

/** What was done, said for a few seconds; one at a time. */
export class ToastState {
	#message = $state.raw<ToastMessage>()

	get message(): ToastMessage | undefined {
		return this.#message
	}

	show(text: string, undo?: () => void): void {
		this.#message = { text, undo }
	}

	hide(): void {
		this.#message = undefined
	}
}
