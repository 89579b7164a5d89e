import { type AttributeValue, DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { Runtime } from '../../../../local/runtime-options.ts';

type Place = Pick<Runtime, 'clients' | 'outputs'>;

/** A run's seed that was taken out of its table. */
export class Seed {
  readonly #runtime: Place;
  readonly #item: Record<string, AttributeValue>;

  private constructor(runtime: Place, item: Record<string, AttributeValue>) {
    this.#runtime = runtime;
    this.#item = item;
  }

  /** @throws Error where there is none */
  static async take(runtime: Place, seedCommitment: string): Promise<Seed> {
    const { Attributes } = await runtime.clients.dynamodb.send(
      new DeleteItemCommand({
        TableName: runtime.outputs.SeedsTableName,
        Key: { seedCommitment: { S: seedCommitment } },
        ReturnValues: 'ALL_OLD',
      }),
    );
    if (Attributes === undefined) throw new Error(`There is no seed of ${seedCommitment}`);
    return new Seed(runtime, Attributes);
  }

  async putBack(): Promise<void> {
    const { clients, outputs } = this.#runtime;
    await clients.dynamodb.send(new PutItemCommand({ TableName: outputs.SeedsTableName, Item: this.#item }));
  }
}
