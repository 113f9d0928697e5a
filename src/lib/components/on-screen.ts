/** What an act that begins when an element comes on the screen leaves to be done when it goes. */
type Leave = () => void

/**
 * One watch for the rows of a list. Put what it gives for each row on its element: `enter` is called when the element
 * comes on the screen, and what that returns when it leaves or is taken away.
 */
export function watchScreen(): (enter: () => Leave) => (element: Element) => Leave {
	const rows = new Map<Element, { readonly enter: () => Leave; leave: Leave | undefined }>()
	let observer: IntersectionObserver | undefined
	const observing = () =>
		(observer ??= new IntersectionObserver((changes) => {
			for (const { target, isIntersecting } of changes) {
				const row = rows.get(target)
				if (row === undefined || isIntersecting === (row.leave !== undefined)) continue
				if (isIntersecting) row.leave = row.enter()
				else {
					row.leave?.()
					row.leave = undefined
				}
			}
		}))
	return (enter) => (element) => {
		rows.set(element, { enter, leave: undefined })
		observing().observe(element)
		return () => {
			rows.get(element)?.leave?.()
			rows.delete(element)
			observer?.unobserve(element)
		}
	}
}
