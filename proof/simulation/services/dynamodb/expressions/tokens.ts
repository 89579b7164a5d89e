import { invalid, NotEmulatedError } from '../../errors.ts';

/** A placeholder of a name (`#n`) or a value (`:v`), a bare word, or a sign. */
const pattern = /\s*(#\w+|:\w+|[A-Za-z_]\w*|<>|<=|>=|[=<>(),.+-])/y;

/** The tokens of an expression, read from left to right. */
export class Tokens {
  readonly #text: string;
  readonly #tokens: readonly string[];
  #next = 0;

  /** @throws NotEmulatedError for a sign that no expression here has (`[`, say) */
  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text);
  }

  get isEnd(): boolean {
    return this.#next >= this.#tokens.length;
  }

  /** @returns the empty text at the end */
  peek(ahead = 0): string {
    return this.#tokens[this.#next + ahead] ?? '';
  }

  /** @throws ServiceError at the end */
  take(): string {
    const token = this.peek();
    if (token === '') throw this.wrong();
    this.#next += 1;
    return token;
  }

  /** Takes the next token if it is this sign or keyword (in any case). */
  accepts(text: string): boolean {
    const isIt = this.peek().toUpperCase() === text;
    if (isIt) this.#next += 1;
    return isIt;
  }

  /** @throws ServiceError when the next token is another one */
  expect(text: string): void {
    if (!this.accepts(text)) throw this.wrong();
  }

  wrong(): Error {
    return invalid(`Invalid expression: Syntax error; token: ${this.peek() || '<EOF>'}, in: ${this.#text}`);
  }
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  const trimmed = text.trimEnd();
  pattern.lastIndex = 0;
  while (pattern.lastIndex < trimmed.length) {
    const [, token] = pattern.exec(trimmed) ?? [];
    if (token === undefined) throw new NotEmulatedError(`this form of an expression: ${text}`);
    tokens.push(token);
  }
  return tokens;
}
