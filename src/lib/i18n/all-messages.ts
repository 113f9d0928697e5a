import { en, type AllMessages } from './en'
import { doing } from './en/doing'
import { proof } from './en/proof'
import { search } from './en/search'
import { followed } from './index.svelte'

const english: AllMessages = { ...en, ...doing, search, proof }

/** `useMessages` for screens on which more is done than listening: their words come with them. */
export function useAllMessages(): AllMessages {
	return followed(english)
}
