import { FunctionError } from './function-host.ts';

/** Lambda's quota for a synchronous invocation's payload: 6 MB. */
export const PAYLOAD_BYTES = 6_291_456;
/** As its errors name it: a response has room for what is around it. */
const RESPONSE_BYTES = PAYLOAD_BYTES + 100;

/**
 * A function's response as whoever invoked it gets it.
 * @param json undefined for none
 * @throws FunctionError when it is larger than Lambda hands over
 */
export function responseOf(functionName: string, json: string | undefined): unknown {
  if (json === undefined) return undefined;
  // No text has more bytes than three for each of its units.
  if (json.length * 3 > RESPONSE_BYTES && Buffer.byteLength(json) > RESPONSE_BYTES) {
    const message = `Response payload size exceeded maximum allowed payload size (${RESPONSE_BYTES} bytes).`;
    throw new FunctionError(functionName, 'Function.ResponseSizeTooLarge', message);
  }
  return JSON.parse(json);
}
