/** Marks MusicBrainz ids among the words: no folded word begins so. They stand in no field, and in no dictionary. */
export const ID_MARK = '\u0001'
