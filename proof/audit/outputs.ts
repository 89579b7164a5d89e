import { isDeepStrictEqual } from 'node:util';
import { objectIn, type Said, textOf } from '../oracle/streams.ts';

const ids = ['type', 'userId', 'lotteryId', 'drawId', 'entryId', 'recordId', 'reason'];
const hashes = ['seed', 'windowSeed', 'seedCommitment'];

/** @returns undefined for what is no JSON object */
export function readOutput(text: string, at: number): Said | undefined {
  const json = objectIn(Buffer.from(text));
  const texts = [...ids, ...hashes].map((name) => [name, textOf(json?.[name])]);
  return json && ({ ...json, ...Object.fromEntries(texts), json, at, arrival: at } as Said);
}

/** Whether an event says this and nothing else. What is undefined must not be there; ids that read as numbers are. */
export function says({ json }: Said, expected: object): boolean {
  const texts: Readonly<Record<string, unknown>> = { ...expected };
  const numbers = ['userId', 'lotteryId'].filter((id) => /^(?:0|[1-9]\d{0,15})$/.test(`${texts[id]}`));
  const wire = numbers.flatMap((id) =>
    Number.isSafeInteger(Number(texts[id])) ? [[id, Number(texts[id])]] : [],
  );
  const whole = JSON.parse(JSON.stringify({ ...texts, ...Object.fromEntries(wire) }));
  return isDeepStrictEqual(json, whole);
}
