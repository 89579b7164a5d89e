import { nameOf } from '../core/block.ts';
import { TextMissing } from '../ports/text-missing.ts';
import type { ContentBucket } from './content-bucket.ts';

/** An item holds 400 KB; what else is in those that have such a text takes a few. */
const maximumBytes = 200_000;

/** Before the name of an object. No JSON of a list or of an object begins so. */
const elsewhere = 'lists/';

/** Texts that are most often short enough for an item: one that is not lies in the bucket, and its name in the item. */
export class LongTexts {
  readonly #bucket: ContentBucket;

  constructor(bucket: ContentBucket) {
    this.#bucket = bucket;
  }

  /** @param text JSON of a list or of an object @returns what goes into the item, once the rest is stored */
  async shorten(text: string): Promise<string> {
    if (Buffer.byteLength(text) <= maximumBytes) return text;
    const name = nameOf(text);
    await this.#bucket.put(name, text);
    return `${elsewhere}${name}`;
  }

  /** @throws TextMissing when it lies in the bucket, and is not there or was changed */
  async whole(text: string): Promise<string> {
    if (!text.startsWith(elsewhere)) return text;
    const whole = await this.#bucket.get(text.slice(elsewhere.length));
    if (whole === undefined) throw new TextMissing(`${text} is missing in the draws bucket, or was changed`);
    return whole;
  }
}
