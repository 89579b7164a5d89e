/**
 * In the place of what no function uses. `lib/bundling/replaced-parts.ts` says what, and why.
 * @throws Error always
 */
export function unused(): never {
  throw new Error('This part of a library is not in the bundles: see lib/bundling/replaced-parts.ts');
}

/** In the place of a part that clients make and nobody asks for anything. */
export class Unasked {}

/** In the place of a client's plugin. */
export function noPlugin() {
  return { applyToStack: () => undefined };
}
