import { objectIn, type Said, textOf } from '../oracle/streams.ts';

const ids = ['type', 'userId', 'lotteryId', 'drawId', 'entryId', 'recordId', 'reason'];
const hashes = ['seed', 'windowSeed', 'seedCommitment'];

/** @returns undefined for what is no JSON object */
export function readOutput(text: string, at: number): Said | undefined {
  const json = objectIn(text);
  const said: Record<string, unknown> = { ...json, json, at, arrival: at };
  for (const name of [...ids, ...hashes]) said[name] = textOf(json?.[name]);
  return json && (said as Said);
}

/** Whether an event says this and nothing else. What is undefined must not be there; ids that read as numbers are. */
export function says({ json }: Said, expected: object): boolean {
  const texts: Readonly<Record<string, unknown>> = { ...expected };
  return isWritten(json, { ...texts, userId: wire(texts.userId), lotteryId: wire(texts.lotteryId) });
}

function wire(id: unknown): unknown {
  return /^(0|[1-9]\d*)$/.test(`${id}`) && Number.isSafeInteger(Number(id)) ? Number(id) : id;
}

/** Whether what was read is what JSON makes of a value. */
function isWritten(read: unknown, value: unknown): boolean {
  if (typeof value === 'number') return Object.is(read, Number.isFinite(value) ? value + 0 : null);
  if (typeof value !== 'object' || !value || typeof read !== 'object' || !read) return read === value;
  const all = Object.entries(value).filter(([, each]) => each !== undefined);
  const isThere = ([name, each]: [string, unknown]) =>
    Object.hasOwn(read, name) && isWritten(Reflect.get(read, name), each);
  const isAlike = Array.isArray(read) === Array.isArray(value) && all.length === Object.keys(read).length;
  return isAlike && all.every(isThere);
}
