/**
 * The PartiQL that the product speaks, and nothing more:
 *
 *   INSERT INTO "table" VALUE {'name':?, …}
 *   UPDATE "table" SET "name"=? … REMOVE "name" … WHERE "name"=? AND …
 *
 * Syntax: DynamoDB Developer Guide, "PartiQL insert statements" and "PartiQL update statements".
 */

export interface InsertStatement {
  readonly kind: 'INSERT';
  readonly table: string;
  /** Attributes, in the order of their parameters. */
  readonly names: readonly string[];
}

export interface UpdateStatement {
  readonly kind: 'UPDATE';
  readonly table: string;
  /** Attributes that are set; their parameters come first. */
  readonly set: readonly string[];
  readonly remove: readonly string[];
  /** Attributes that must be equal to their parameters, which come last. The key is among them. */
  readonly where: readonly string[];
}

export type Statement = InsertStatement | UpdateStatement;

/** A statement of a form that this engine does not know: DynamoDB may well know it. */
export class UnknownStatementError extends Error {
  constructor(text: string, reason: string) {
    super(`The local DynamoDB does not know this form of a statement (${reason}): ${text}`);
    this.name = 'UnknownStatementError';
  }
}

/** A quoted name or string (a doubled quote inside is one), a bare word, or one sign. */
const tokenPattern = /\s*(?:"((?:[^"]|"")+)"|'((?:[^']|'')*)'|([A-Za-z_][\w.-]*)|([{}:,=?]))/y;

interface Token {
  readonly kind: 'name' | 'string' | 'word' | 'sign';
  readonly text: string;
}

/** @throws UnknownStatementError for any other form */
export function parseStatement(text: string): Statement {
  const [, verb = ''] = /^\s*(\w*)/.exec(text) ?? [];
  if (!['INSERT', 'UPDATE'].includes(verb.toUpperCase())) throw new UnknownStatementError(text, verb);
  return new Parser(text).statement();
}

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = this.#tokenize();
  }

  statement(): Statement {
    const statement = this.#accepts('INSERT') ? this.#insert() : this.#update();
    if (this.#next < this.#tokens.length) this.#refuse(`'${this.#peek()?.text}' after its end`);
    return statement;
  }

  #insert(): InsertStatement {
    this.#expect('INTO');
    const table = this.#name();
    this.#expect('VALUE');
    this.#expect('{');
    const names: string[] = [];
    do {
      names.push(this.#string());
      this.#expect(':');
      this.#expect('?');
    } while (this.#accepts(','));
    this.#expect('}');
    return { kind: 'INSERT', table, names };
  }

  #update(): UpdateStatement {
    this.#expect('UPDATE');
    const table = this.#name();
    const set: string[] = [];
    const remove: string[] = [];
    while (!this.#accepts('WHERE')) {
      if (this.#accepts('SET')) set.push(this.#equation());
      else {
        this.#expect('REMOVE');
        remove.push(this.#name());
      }
    }
    if (set.length + remove.length === 0) this.#refuse('nothing to change');
    const where = [this.#equation()];
    while (this.#accepts('AND')) where.push(this.#equation());
    return { kind: 'UPDATE', table, set, remove, where };
  }

  /** `"name"=?` */
  #equation(): string {
    const name = this.#name();
    this.#expect('=');
    this.#expect('?');
    return name;
  }

  #name(): string {
    const token = this.#take();
    if (token?.kind !== 'name' && token?.kind !== 'word') this.#refuse('a name is missing');
    return token.text;
  }

  #string(): string {
    const token = this.#take();
    if (token?.kind !== 'string') this.#refuse('an attribute must be named by a string');
    return token.text;
  }

  #expect(text: string): void {
    if (!this.#accepts(text)) {
      this.#refuse(`'${text}' expected instead of '${this.#peek()?.text ?? 'the end'}'`);
    }
  }

  /** Takes the next token if it is this sign or keyword (in any case). */
  #accepts(text: string): boolean {
    const token = this.#peek();
    const isIt = (token?.kind === 'word' || token?.kind === 'sign') && token.text.toUpperCase() === text;
    if (isIt) this.#next += 1;
    return isIt;
  }

  #peek(): Token | undefined {
    return this.#tokens[this.#next];
  }

  #take(): Token | undefined {
    const token = this.#peek();
    this.#next += 1;
    return token;
  }

  #tokenize(): Token[] {
    const tokens: Token[] = [];
    const text = this.#text.trimEnd();
    tokenPattern.lastIndex = 0;
    while (tokenPattern.lastIndex < text.length) {
      const start = tokenPattern.lastIndex;
      const match = tokenPattern.exec(text);
      if (match === null) this.#refuse(`'${text.slice(start).trim()[0]}' at ${start}`);
      tokens.push(tokenOf(match));
    }
    return tokens;
  }

  #refuse(reason: string): never {
    throw new UnknownStatementError(this.#text, reason);
  }
}

function tokenOf([, name, string, word, sign = '']: RegExpExecArray): Token {
  if (name !== undefined) return { kind: 'name', text: name.replaceAll('""', '"') };
  if (string !== undefined) return { kind: 'string', text: string.replaceAll("''", "'") };
  if (word !== undefined) return { kind: 'word', text: word };
  return { kind: 'sign', text: sign };
}
