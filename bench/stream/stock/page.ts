/* Registers the worker with the gateway of the query, and says when it controls the page and has made its Helia. */
const { serviceWorker } = navigator
const controlled = new Promise((resolve) => {
	serviceWorker.addEventListener('controllerchange', resolve, { once: true })
})
await serviceWorker.register(`./worker.js${location.search}`, { type: 'module' })
if (serviceWorker.controller === null) await controlled
await fetch('ipfs/ready')
document.documentElement.dataset['ready'] = 'true'

export {}
