/** What a statement of PartiQL does, and to what: enough to know the right that it takes. */
export interface StatementTarget {
  readonly verb: 'Select' | 'Insert' | 'Update' | 'Delete';
  readonly table: string;
  readonly index: string | undefined;
}

/** A quoted name, a string, a word, or any other sign. */
const tokenPattern = /"((?:[^"]|"")+)"|'(?:[^']|'')*'|([A-Za-z_][\w.-]*)|(\S)/g;

interface Token {
  readonly kind: 'name' | 'word' | 'other';
  readonly text: string;
}

/**
 * @returns undefined for what is no statement: DynamoDB refuses it whoever asks
 */
export function targetOf(statement: string): StatementTarget | undefined {
  const tokens = beginningOf(statement);
  const verb = keyword(tokens[0]);
  switch (verb) {
    case 'INSERT':
      return target('Insert', tokens, keyword(tokens[1]) === 'INTO' ? 2 : 1);
    case 'UPDATE':
      return target('Update', tokens, 1);
    case 'DELETE':
      return target('Delete', tokens, keyword(tokens[1]) === 'FROM' ? 2 : 1);
    case 'SELECT':
    // A condition check of a transaction: EXISTS(SELECT * FROM …).
    case 'EXISTS': {
      const from = tokens.findIndex((token) => keyword(token) === 'FROM');
      return from < 0 ? undefined : target('Select', tokens, from + 1);
    }
    default:
      return undefined;
  }
}

/** `"table"`, `table`, `"table"."index"` or `table.index`: a table's name may have dots of its own only in quotes. */
function target(
  verb: StatementTarget['verb'],
  tokens: readonly Token[],
  at: number,
): StatementTarget | undefined {
  const name = tokens[at];
  if (name === undefined || name.kind === 'other') return undefined;
  const after = tokens[at + 2];
  if (tokens[at + 1]?.text === '.' && after !== undefined && after.kind !== 'other') {
    return { verb, table: name.text, index: after.text };
  }
  const [table = '', index] = name.kind === 'word' && verb === 'Select' ? name.text.split('.') : [name.text];
  return { verb, table, index };
}

/** Up to the name of an index, if there is one: what comes behind it, which is most of a statement, is not read. */
function beginningOf(statement: string): Token[] {
  const tokens: Token[] = [];
  let most = Number.POSITIVE_INFINITY;
  for (const match of statement.matchAll(tokenPattern)) {
    const word = keyword(tokens[tokens.push(tokenOf(match)) - 1]);
    if (tokens.length === 1 && word !== 'SELECT' && word !== 'EXISTS') most = 5;
    if (word === 'FROM') most = Math.min(most, tokens.length + 3);
    if (tokens.length >= most) break;
  }
  return tokens;
}

function tokenOf([, name, word, sign]: RegExpExecArray): Token {
  if (name !== undefined) return { kind: 'name', text: name.replaceAll('""', '"') };
  if (word !== undefined) return { kind: 'word', text: word };
  return { kind: 'other', text: sign ?? '' };
}

function keyword(token: Token | undefined): string | undefined {
  return token?.kind === 'word' ? token.text.toUpperCase() : undefined;
}
