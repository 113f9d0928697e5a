import { en, type AllMessages } from './en'
import { doing } from './en/doing'
import { followed } from './index.svelte'

const english: AllMessages = { ...en, ...doing }

/** `useMessages` for screens on which more is done than listening: their words come with them. */
export function useAllMessages(): AllMessages {
	return followed(english)
}
