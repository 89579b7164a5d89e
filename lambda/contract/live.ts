/** Of the views that the live function publishes. In ms. */

/** From the end of one publication of a lottery to the next, at least: so there are at most two messages a second. */
export const intervalMs = 500;

/** What the snapshot and the message may take, each: a call is given up then. */
export const publishTimeoutMs = 3_000;

/** After that nobody publishes any more what he has begun to: another one may. More than all that it takes. */
export const publishingMs = 10_000;

/** How long what is known of a lottery is kept after anything was said of it: longer than any stream has records. */
export const keptDays = 400;
