/** Base64 as text where every byte is ASCII: faster than by way of its bytes. @returns undefined where one is above 127 */
export function asciiOf(base64: string): string | undefined {
  try {
    const text = atob(base64);
    return Buffer.byteLength(text) === text.length ? text : undefined;
  } catch {
    // Not the base64 that Lambda sends: the bytes are what Buffer makes of it.
    return undefined;
  }
}
