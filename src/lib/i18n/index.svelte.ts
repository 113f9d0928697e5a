import { getContext, setContext } from 'svelte'
import { en, type AllMessages, type Messages } from './en'

export type { AllMessages, Messages } from './en'

/** Languages there are words for; each name is written in its own language. */
export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof LANGUAGES

const KEY = Symbol('messages')

const loaders: Record<Language, () => Promise<Messages & Partial<AllMessages>>> = {
	en: () => Promise.resolve(en),
	de: async () => (await import('./de')).de
}

/** Picks the language: what Settings say, else the first of the browser's that there are words for, else English. */
export function chooseLanguage(setting: string, preferred: readonly string[]): Language {
	for (const tag of [setting, ...preferred]) {
		const language = tag.toLowerCase().split('-')[0]
		if (language !== undefined && language in LANGUAGES) return language as Language
	}
	return 'en'
}

/** The words on the screen. English comes with the page, the other languages when they are asked for. */
export class MessagesState {
	#language = $state.raw<Language>('en')
	#messages = $state.raw<Messages & Partial<AllMessages>>(en)
	#wanted: Language = 'en'

	get language(): Language {
		return this.#language
	}

	/** English ones are those of the first page. */
	get messages(): Messages & Partial<AllMessages> {
		return this.#messages
	}

	/** Changes the language once its words are here. When they cannot be loaded, the present ones stay. */
	async use(language: Language): Promise<void> {
		this.#wanted = language
		const messages = await loaders[language]().catch(() => undefined)
		if (messages === undefined || this.#wanted !== language) return
		this.#messages = messages
		this.#language = language
	}
}

/** Hands the words down to all components below. Call while a component is made. */
export function provideMessages(state: MessagesState): void {
	setContext(KEY, state)
}

/**
 * The words in the present language: `const m = useMessages()`, then `m.player.next`. Follows a change of language.
 * Below no provider (a component alone in a test) they are English.
 */
export function useMessages(): Messages {
	return followed(en)
}

/** Words as {@link useMessages} gives them, of which the English ones may be more than the first page has. */
export function followed<T extends Messages>(english: T): T {
	const state = getContext<MessagesState | undefined>(KEY)
	if (state === undefined) return english
	return new Proxy(english, {
		get: (_, part) => (state.messages as T)[part as keyof T] ?? english[part as keyof T]
	})
}
