/** DynamoDB's JSON: `{"S":"text"}` and so on, by attribute. */
export type Attributes = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/**
 * The items of tables whose key is `userId`, each as its JSON: a string a user, so that a million users take some 400 MB here,
 * and looking one up takes no longer than among a thousand.
 */
export class KeptItems {
  readonly #tables = new Map<string, Map<string, string>>();

  /** A table of users 0 to below `users`, all alike. */
  fill(table: string, users: number, item: Attributes): void {
    const items = new Map<string, string>();
    for (let user = 0; user < users; user += 1) {
      items.set(String(user), JSON.stringify({ userId: { S: String(user) }, ...item }));
    }
    this.#tables.set(table, items);
  }

  has(table: string): boolean {
    return this.#tables.has(table);
  }

  /** Undefined where there is no such item. */
  get(table: string, key: Attributes): Attributes | undefined {
    const text = this.#tables.get(table)?.get(keyOf(key));
    return text === undefined ? undefined : JSON.parse(text);
  }

  set(table: string, item: Attributes): void {
    this.#tables.get(table)?.set(keyOf(item), JSON.stringify(item));
  }
}

function keyOf({ userId }: Attributes): string {
  return String(userId?.S);
}
