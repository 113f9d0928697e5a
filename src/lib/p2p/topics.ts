/** Gossipsub topics of protocol section 3. */
export const ANNOUNCE_TOPIC = '/antiphon/1/announce'
export const QUERY_TOPIC = '/antiphon/1/query'

/** CID of the 11 bytes `/antiphon/1`, which whoever wants to be found provides (protocol section 4). */
export const RENDEZVOUS_CID = 'bafkreidm4my3k2nzdw24oforaqmir7mmctzzvfc5zxk63guwjx5nia3iau'
