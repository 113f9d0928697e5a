/** Page to worker, outside the block port. */
export type PageMessage =
	/** Take control of this page: after a hard reload no worker does. */
	| { readonly type: 'claim' }
	/** To a waiting worker: take over now. */
	| { readonly type: 'activate' }
	/**
	 * This page is there: the worker makes ready for what it will ask. While something plays it is said again and again, for a
	 * worker that hears nothing for long is stopped, also in the middle of an answer.
	 */
	| { readonly type: 'ping' }
	/** Settings or the visit's endpoints are other than they were. */
	| { readonly type: 'endpoints-changed' }

/** Worker to page. */
export interface WorkerNotice {
	/** A newer version of the app is stored and waits for its turn. */
	readonly type: 'update-ready'
}
