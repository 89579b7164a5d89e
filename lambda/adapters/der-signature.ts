const coordinateBytes = 32;
const sequenceTag = 0x30;
const integerTag = 0x02;

/**
 * An ECDSA signature of P-256 as KMS gives it, DER of SEQUENCE { r INTEGER, s INTEGER } (RFC 3279, section 2.2.3), as
 * WebCrypto takes it: r ‖ s, 32 bytes each, in base64url.
 * @throws TypeError when it is anything else
 */
export function signatureFromDer(der: Uint8Array): string {
  // Both of at most 33 bytes: all lengths are of one byte.
  if (der[0] !== sequenceTag || der[1] !== der.length - 2) throw notDer();
  const r = integerAt(der, 2);
  const s = integerAt(der, r.end);
  if (s.end !== der.length) throw notDer();
  return Buffer.concat([r.bytes, s.bytes]).toString('base64url');
}

function integerAt(der: Uint8Array, start: number): { bytes: Uint8Array; end: number } {
  const length = der[start + 1] ?? 0;
  const end = start + 2 + length;
  if (der[start] !== integerTag || length === 0 || end > der.length) throw notDer();
  // A zero stands before a first bit that would say that it is negative.
  const value = der.subarray(der[start + 2] === 0 ? start + 3 : start + 2, end);
  if (value.length > coordinateBytes) throw notDer();
  const bytes = new Uint8Array(coordinateBytes);
  bytes.set(value, coordinateBytes - value.length);
  return { bytes, end };
}

function notDer(): TypeError {
  return new TypeError('KMS has answered with what is no ECDSA signature of P-256 in DER');
}
