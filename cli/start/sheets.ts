import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetObjectCommand, NoSuchKey } from '@aws-sdk/client-s3';
import type { OutputEvent } from '../../client/output-events.ts';
import type { Runtime } from '../../local/runtime-options.ts';

/** Copies the sheets that winners name from the bucket of draws into a directory. */
export class Sheets {
  readonly #s3: Pick<Runtime['clients']['s3'], 'send'>;
  readonly #bucket: string;
  readonly #directory: string;
  readonly #names = new Set<string>();

  /** @throws Error in a line for an app without the bucket */
  constructor({ clients, outputs }: Pick<Runtime, 'clients' | 'outputs'>, directory: string) {
    const { DrawsBucketName: bucket } = outputs;
    if (bucket === undefined) throw new Error('--sheets: the app has no output DrawsBucketName');
    this.#s3 = clients.s3;
    this.#bucket = bucket;
    this.#directory = directory;
  }

  /** Every output event, also one that comes twice. */
  observe(event: OutputEvent): void {
    if (event.type !== 'LotteryWinnerEvent') return;
    const { sheet } = event;
    // Whoever can put records on the output stream can name anything, and it becomes a file's name.
    if (typeof sheet === 'string' && /^[0-9a-f]{64}$/.test(sheet)) this.#names.add(sheet);
  }

  /** @returns how many there are now @throws Error in a line when one is not in the bucket */
  async keep(): Promise<number> {
    for (const name of this.#names)
      await writeFile(join(this.#directory, `${name}.jsonl`), await this.#read(name));
    return this.#names.size;
  }

  async #read(name: string): Promise<Uint8Array> {
    try {
      const { Body } = await this.#s3.send(
        new GetObjectCommand({ Bucket: this.#bucket, Key: `sheets/${name}` }),
      );
      return (await Body?.transformToByteArray()) ?? new Uint8Array();
    } catch (error) {
      if (!(error instanceof NoSuchKey)) throw error;
      throw new Error(`--sheets: a winner names the sheet ${name}, and it is not in ${this.#bucket}`);
    }
  }
}
