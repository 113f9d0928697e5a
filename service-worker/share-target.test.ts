import { expect, test } from 'vitest'
import { ShareTarget } from './share-target'

const scope = new URL('https://antiphon.example/app/')

function eventOf(method: string, path: string, form = new FormData(), mode = 'navigate'): FetchEvent {
	const request = { method, mode, url: new URL(path, scope).href, formData: () => Promise.resolve(form) }
	return { request } as unknown as FetchEvent
}
const urlOf = (event: FetchEvent) => new URL(event.request.url)

test('takes the form that the share sheet posts, and nothing else', () => {
	const target = new ShareTarget({ scope, keep: () => Promise.resolve() })
	const can = (event: FetchEvent) => target.canHandle(event, urlOf(event))
	expect(can(eventOf('POST', 'share-target'))).toBe(true)
	expect(can(eventOf('GET', 'share-target'))).toBe(false)
	expect(can(eventOf('POST', 'elsewhere'))).toBe(false)
	expect(can(eventOf('POST', 'share-target', new FormData(), 'cors'))).toBe(false)
})

test('keeps the files and opens the Publish screen', async () => {
	const kept: string[] = []
	const target = new ShareTarget({
		scope,
		keep: (files) => {
			kept.push(...files.map(({ name }) => name))
			return Promise.resolve()
		}
	})
	const form = new FormData()
	form.append('title', 'two songs')
	form.append('files', new File(['a'], 'a.mp3'))
	form.append('files', new File(['b'], 'b.mp3'))
	const answer = await target.handle(eventOf('POST', 'share-target', form))
	expect(kept).toEqual(['a.mp3', 'b.mp3'])
	expect(answer.status).toBe(303)
	expect(answer.headers.get('location')).toBe('https://antiphon.example/app/#/publish?shared')
})

test('says so when they could not be kept', async () => {
	const target = new ShareTarget({ scope, keep: () => Promise.reject(new Error('full')) })
	const answer = await target.handle(eventOf('POST', 'share-target'))
	expect(answer.headers.get('location')).toContain('not-shared')
})
