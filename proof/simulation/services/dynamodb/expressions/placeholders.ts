import { invalid } from '../../errors.ts';
import type { Attribute } from '../attributes.ts';
import { parseAttribute } from '../attributes.ts';

interface Given {
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
}

/** What stands for the placeholders of one request's expressions. */
export class Placeholders {
  readonly #names: ReadonlyMap<string, string>;
  readonly #values: ReadonlyMap<string, Attribute>;
  readonly #used = new Set<string>();

  /** @throws ServiceError when a value is none */
  constructor({ ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} }: Given) {
    this.#names = new Map(Object.entries(names));
    this.#values = new Map(Object.entries(values).map(([name, value]) => [name, parseAttribute(value)]));
  }

  /** The names of a path. @throws ServiceError when a placeholder stands for nothing */
  path(tokens: readonly string[]): string[] {
    return tokens.map((token) => (token.startsWith('#') ? this.#find(this.#names, token) : token));
  }

  /** @throws ServiceError when the placeholder stands for nothing */
  value(token: string): Attribute {
    return this.#find(this.#values, token);
  }

  /** @throws ServiceError when one was given and not used */
  checkAllUsed(): void {
    for (const [kind, given] of [
      ['Names', this.#names],
      ['Values', this.#values],
    ] as const) {
      const unused = [...given.keys()].filter((token) => !this.#used.has(token));
      if (unused.length > 0) {
        throw invalid(
          `Value provided in ExpressionAttribute${kind} unused in expressions: keys: {${unused.join()}}`,
        );
      }
    }
  }

  #find<Value>(given: ReadonlyMap<string, Value>, token: string): Value {
    const value = given.get(token);
    if (value === undefined)
      throw invalid(`An expression attribute used in expression is not defined: ${token}`);
    this.#used.add(token);
    return value;
  }
}
