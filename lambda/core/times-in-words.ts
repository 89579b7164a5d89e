/** Times as a sender reads them in a rejection. */

/** @param time ms since the epoch */
export function isoOf(time: number): string {
  return new Date(time).toISOString();
}

/** A timestamp as it was sent, what it means, and what its sender may have meant. */
export function inWords(timestamp: number): string {
  const hint = looksLikeSeconds(timestamp) ? '; it looks like seconds, and must be milliseconds' : '';
  return `${timestamp} (${isoOf(timestamp)})${hint}`;
}

/** Ten digits: the years 2001 to 2286 in seconds, the first four months of 1970 in milliseconds. */
function looksLikeSeconds(timestamp: number): boolean {
  return timestamp >= 1e9 && timestamp < 1e10;
}
