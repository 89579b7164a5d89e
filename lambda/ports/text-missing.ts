/** A text that something stored names is not there, or was changed: it may be put back. */
export class TextMissing extends Error {}
