import type { AllMessages } from '$lib/i18n/en'
import type { DraftField, FieldProblem } from '$lib/state/draft-fields'

/** What a field of the table is called. */
export function fieldName(m: AllMessages, field: DraftField): string {
	if (field === 'track') return m.publish.trackName
	return field in m.draft.fields
		? m.draft.fields[field as keyof AllMessages['draft']['fields']]
		: m.publish.fields[field as keyof AllMessages['publish']['fields']]
}

/** What is wrong with what was typed, in words. */
export function problemWords(m: AllMessages, problem: FieldProblem): string {
	return problem in m.draft.problems
		? m.draft.problems[problem as keyof AllMessages['draft']['problems']]
		: m.publish.problems[problem as keyof AllMessages['publish']['problems']]
}
