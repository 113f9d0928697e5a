/* Written by scripts/starter/compose.mjs, together with the two files in static/. */

/** IPNS name of the collection that ships with the app. Its key was thrown away: nobody can replace it. */
export const STARTER_NAME = 'k51qzi5uqu5dkogtleiytfxubg506sz0dwl3em00pptg88pmktkh0zbdgv5417'
/** Root CID of its publication. */
export const STARTER_ROOT = 'bafybeianqaxtzyhyh3r4uf3vapqb6lo64pgy3momkphw2u5froabpblqtq'
/** Files below the app's base. */
export const STARTER_CAR = 'starter.car'
export const STARTER_ANNOUNCEMENT = 'starter.announce.cbor'
