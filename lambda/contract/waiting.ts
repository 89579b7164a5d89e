/** What the time-outs of the functions have to leave room for: the app refuses settings that do not. In ms. */

/** What one call to AWS may take. */
export const requestTimeoutMs = 5_000;

/** How long an invocation of the ticks function waits, in all: for its ticks to be due, and their windows complete. */
export const ticksWaitingMs = 3_000;
