/** As an interceptor sees a request: as a call of this service, though it is none of AWS and nobody signs it. */
export const DRAND = 'drand';

/** As many as an app may want to choose from. */
const MIRRORS = 4;

const MIRROR = /^\/mirrors\/(\d+)(?=\/)/;
const OF_CHAIN = /^\/(mirrors\/\d+\/|chains$|[0-9a-f]{64}\/)/;

/** @param endpoint where they listen @returns the URL of each mirror */
export function mirrorsAt(endpoint: string): string[] {
  return Array.from({ length: MIRRORS }, (_, index) => `${endpoint}/mirrors/${index + 1}`);
}

/** Which mirror is asked, and for which of drand's paths; the chain itself is a mirror without a name. */
export function mirrorOf(path: string): { mirror: string; path: string } {
  return { mirror: MIRROR.exec(path)?.[1] ?? '', path: path.replace(MIRROR, '') };
}

export function isForDrand({ url = '' }: { readonly url?: string | undefined }): boolean {
  return OF_CHAIN.test(url);
}
