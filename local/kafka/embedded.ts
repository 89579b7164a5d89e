/** What a run says instead of `host:port` for a broker of its own. */
export const EMBEDDED = 'embedded';
