/** Words of the publishers' names: few enough to be kept in memory as they are. */
export class PublisherNames {
	readonly #names = new Map<number, readonly string[]>()
	readonly #byWord = new Map<string, Set<number>>()

	name(publisher: number, words: readonly string[]): void {
		for (const word of this.#names.get(publisher) ?? []) {
			const publishers = this.#byWord.get(word)
			publishers?.delete(publisher)
			if (publishers?.size === 0) this.#byWord.delete(word)
		}
		this.#names.set(publisher, words)
		for (const word of words) {
			if (word === '') continue
			let publishers = this.#byWord.get(word)
			if (publishers === undefined) this.#byWord.set(word, (publishers = new Set<number>()))
			publishers.add(publisher)
		}
	}

	/** Publishers whose names have the very word. */
	having(word: string): ReadonlySet<number> {
		return this.#byWord.get(word) ?? new Set<number>()
	}

	get words(): Iterable<string> {
		return this.#byWord.keys()
	}

	of(publisher: number): readonly string[] {
		return this.#names.get(publisher) ?? []
	}

	/** Publishers whose names have these words side by side. */
	havingPhrase(words: readonly string[]): Set<number> {
		const found = new Set<number>()
		for (const publisher of this.having(words[0] ?? '')) {
			const name = this.of(publisher)
			const starts = name.flatMap((word, at) => (word === words[0] ? [at] : []))
			if (starts.some((start) => words.every((word, at) => name[start + at] === word))) found.add(publisher)
		}
		return found
	}
}
