/* Written by scripts/starter/compose.mjs, together with the two files in static/. */

/** IPNS name of the collection that ships with the app. Its key was thrown away: nobody can replace it. */
export const STARTER_NAME = 'k51qzi5uqu5di2u10p05d9l20yftxdthg50q6jdba8x935dttn2sh8raclf36i'
/** Root CID of its publication. */
export const STARTER_ROOT = 'bafybeibj6myzu4pshpjezptrk3tqjs275un3vhegmnkubp3fks6ykytnde'
/** Files below the app's base. */
export const STARTER_CAR = 'starter.car'
export const STARTER_ANNOUNCEMENT = 'starter.announce.cbor'
