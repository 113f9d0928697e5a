import { createContext } from 'svelte'
import type { Catalog } from '$lib/catalog/catalog'
import type { Leader } from '$lib/p2p/leader'
import type { AntiphonDatabase } from '$lib/storage/database'

/* One typed pair a thing that the composition root (src/routes/+layout.svelte) hands down. */
export const [useCatalog, provideCatalog] = createContext<Catalog>()
export const [useLeader, provideLeader] = createContext<Leader>()
export const [useDatabase, provideDatabase] = createContext<AntiphonDatabase>()
