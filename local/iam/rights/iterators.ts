import { createDecipheriv } from 'node:crypto';

/** The engine's own, the same for everybody (kinesalite, `db/index.js`). */
const KEY = Buffer.from('1133a5a833666b49abf28c8ba302930f0b2fb240dccd43cf4dfbc0ca91f17751', 'hex');
const INITIAL = Buffer.from('7bf139dbabbea2d9995d6fcae1dff7da', 'hex');
/** Bytes before what is encrypted. */
const VERSION = 8;

/**
 * Which stream an iterator of the engine reads: time, stream, shard and position are in it, as they are in one of AWS, where
 * only Kinesis can read them.
 * @returns undefined for what is none: Kinesis refuses it whoever asks
 */
export function streamOfIterator(iterator: string): string | undefined {
  const decipher = createDecipheriv('aes-256-cbc', KEY, INITIAL);
  try {
    const encrypted = Buffer.from(iterator, 'base64').subarray(VERSION);
    return Buffer.concat([decipher.update(encrypted), decipher.final()])
      .toString('utf8')
      .split('/')[1];
  } catch {
    return undefined;
  }
}
