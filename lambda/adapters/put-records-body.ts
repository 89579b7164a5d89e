import type { PutRecordsCommandInput, PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';
import type { RequestBody } from './request-bodies.ts';

/** Records go from their bytes into the body by way of Node's base64, and lie in memory only once more. */
export const putRecordsBody: RequestBody<PutRecordsCommandInput> = {
  leftOf: (input) => ({ ...input, Records: [] }),
  bodyOf({ Records = [], ...input }) {
    // Without the brackets that end it.
    const start = asciiJson({ ...input, Records: [] }).slice(0, -2);
    const parts = Records.map(partOf);
    const body = Buffer.allocUnsafeSlow(
      parts.reduce(addLength, start.length) + Math.max(2, parts.length + 1),
    );
    let end = body.write(start, 0, 'latin1');
    for (const { head, data } of parts) {
      // One after the other: joined, they would be another string, as long as all of them.
      end += body.write(head, end, 'latin1');
      end += body.write(data.toString('base64'), end, 'latin1');
      end += body.write('"},', end, 'latin1');
    }
    // In the place of the last comma.
    if (parts.length > 0) end -= 1;
    return body.subarray(0, end + body.write(']}', end, 'latin1'));
  },
};

interface Part {
  /** Up to the base64. */
  readonly head: string;
  readonly data: Buffer;
}

function partOf({
  Data = new Uint8Array(),
  PartitionKey = '',
  ExplicitHashKey,
}: PutRecordsRequestEntry): Part {
  const data = Buffer.isBuffer(Data) ? Data : Buffer.from(Data.buffer, Data.byteOffset, Data.byteLength);
  const hashKey = ExplicitHashKey === undefined ? '' : `"ExplicitHashKey":${asciiJson(ExplicitHashKey)},`;
  return { head: `{"PartitionKey":${asciiJson(PartitionKey)},${hashKey}"Data":"`, data };
}

/** With the two signs behind its base64. The comma is another. */
function addLength(sum: number, { head, data }: Part): number {
  return sum + head.length + Math.ceil(data.length / 3) * 4 + 2;
}

/** Each character of it is a byte of the body. */
function asciiJson(value: object | string): string {
  return JSON.stringify(value).replace(/[\u0080-\uffff]/g, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
