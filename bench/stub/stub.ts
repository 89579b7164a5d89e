import { spendingUser } from '../baselines/spend.ts';
import { Child } from '../child.ts';
import type { Endpoint } from '../function/variables.ts';
import { clickingUser } from '../in-memory/users.ts';
import { type Certificate, makeCertificate } from './certificate.ts';
import type { Attributes } from './kept-items.ts';
import type { Usage } from './usage.ts';

/** Each is answered with the usage since the last one. */
export type Question =
  | { readonly kind: 'usage' }
  | { readonly kind: 'fill'; readonly table: string; readonly users: number; readonly item: Attributes };

/** The stub endpoint, from the benchmark's side. */
export class Stub {
  readonly endpoint: Endpoint;
  /** The same with TLS; undefined where no certificate could be made. */
  readonly tlsEndpoint: Endpoint | undefined;
  readonly #child: Child;
  #tables = 0;

  /** @param directory for the key and the certificate of TLS */
  static async start(directory: string): Promise<Stub> {
    const certificate = makeCertificate(directory);
    const files = certificate && { BENCH_KEY: certificate.key, BENCH_CERTIFICATE: certificate.certificate };
    const child = new Child('./stub/server.ts', files);
    return new Stub(child, (await child.answer()) as { port: number; tlsPort?: number }, certificate);
  }

  private constructor(
    child: Child,
    { port, tlsPort }: { port: number; tlsPort?: number },
    certificate?: Certificate,
  ) {
    this.#child = child;
    this.endpoint = { url: `http://127.0.0.1:${port}` };
    if (tlsPort !== undefined && certificate !== undefined)
      this.tlsEndpoint = {
        url: `https://127.0.0.1:${tlsPort}`,
        certificate: certificate.certificate,
      };
  }

  /** A table of users who clicked before. @returns the variable that names it */
  async usersTable(users: number, of: 'product' | 'baseline' = 'product'): Promise<{ USERS_TABLE: string }> {
    this.#tables += 1;
    const table = `users-${this.#tables}`;
    const item = of === 'product' ? itemOfClickingUser() : spendingUser;
    await this.#ask({ kind: 'fill', table, users, item });
    return { USERS_TABLE: table };
  }

  /** What was used since the last call. */
  async takeUsage(): Promise<Usage> {
    return this.#ask({ kind: 'usage' });
  }

  async #ask(question: Question): Promise<Usage> {
    const { usage } = (await this.#child.ask(question)) as { usage: Usage };
    return usage;
  }

  stop(): void {
    this.#child.stop();
  }
}

/** As the users table holds one (lambda/adapters/users-table.ts). */
function itemOfClickingUser(): Attributes {
  const { version, coupons, cursors } = clickingUser();
  const shards = Object.entries(cursors).map(([shardId, { sequenceNumber, arrival, outcomes }]) => {
    const cursor = {
      sequenceNumber: { S: sequenceNumber },
      arrival: { N: String(arrival) },
      outcomes: { B: Buffer.from(outcomes).toString('base64') },
    };
    return [shardId, { M: cursor }];
  });
  return {
    version: { N: String(version) },
    coupons: { N: String(coupons) },
    cursors: { M: Object.fromEntries(shards) },
  };
}
