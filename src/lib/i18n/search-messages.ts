import { en, type AllMessages, type Messages } from './en'
import { search } from './en/search'
import { followed } from './index.svelte'

const english: Messages & Pick<AllMessages, 'search'> = { ...en, search }

/** `useMessages` for results and what explains them: their words come with them. */
export function useSearchMessages(): Messages & Pick<AllMessages, 'search'> {
	return followed(english)
}
