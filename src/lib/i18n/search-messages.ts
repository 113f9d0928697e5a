import { en, type AllMessages, type Messages } from './en'
import { proof } from './en/proof'
import { search } from './en/search'
import { followed } from './index.svelte'

export type SearchMessages = Messages & Pick<AllMessages, 'search' | 'proof'>

const english: SearchMessages = { ...en, search, proof }

/** `useMessages` for results and what explains them: their words come with them. */
export function useSearchMessages(): SearchMessages {
	return followed(english)
}
