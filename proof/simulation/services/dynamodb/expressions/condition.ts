import { NotEmulatedError } from '../../errors.ts';
import type { Attribute, Item } from '../attributes.ts';
import { compare, isSame } from '../attributes.ts';
import {
  attributeAt,
  evaluateOperand,
  type Operand,
  type Path,
  parseOperand,
  parsePath,
} from './operands.ts';
import type { Placeholders } from './placeholders.ts';
import { Tokens } from './tokens.ts';

/**
 * Conditions (DynamoDB Developer Guide, "Condition and filter expressions, operators, and functions"): comparisons,
 * AND, OR, NOT, parentheses, attribute_exists and attribute_not_exists. BETWEEN, IN and the other functions are not
 * here.
 */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly condition: Condition }
  | { readonly kind: 'exists'; readonly path: Path; readonly isExpected: boolean }
  | {
      readonly kind: 'compare';
      readonly operator: Comparator;
      readonly left: Operand;
      readonly right: Operand;
    };

type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

const comparators: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);

/** @throws ServiceError, or NotEmulatedError for a form that is not known here */
export function parseCondition(text: string): Condition {
  const tokens = new Tokens(text);
  const condition = parseOr(tokens);
  if (!tokens.isEnd) throw tokens.wrong();
  return condition;
}

function parseOr(tokens: Tokens): Condition {
  let left = parseAnd(tokens);
  while (tokens.accepts('OR')) left = { kind: 'or', left, right: parseAnd(tokens) };
  return left;
}

function parseAnd(tokens: Tokens): Condition {
  let left = parseNot(tokens);
  while (tokens.accepts('AND')) left = { kind: 'and', left, right: parseNot(tokens) };
  return left;
}

function parseNot(tokens: Tokens): Condition {
  return tokens.accepts('NOT') ? { kind: 'not', condition: parseNot(tokens) } : parsePrimary(tokens);
}

function parsePrimary(tokens: Tokens): Condition {
  if (tokens.accepts('(')) {
    const inner = parseOr(tokens);
    tokens.expect(')');
    return inner;
  }
  const name = tokens.peek();
  if (tokens.peek(1) === '(' && (name === 'attribute_exists' || name === 'attribute_not_exists')) {
    tokens.take();
    tokens.expect('(');
    const path = parsePath(tokens);
    tokens.expect(')');
    return { kind: 'exists', path, isExpected: name === 'attribute_exists' };
  }
  const left = parseOperand(tokens);
  const operator = tokens.peek();
  if (/^(BETWEEN|IN)$/i.test(operator)) throw new NotEmulatedError(`${operator} in a condition`);
  if (!isComparator(operator)) throw tokens.wrong();
  tokens.take();
  return { kind: 'compare', operator, left, right: parseOperand(tokens) };
}

function isComparator(token: string): token is Comparator {
  return comparators.has(token);
}

/**
 * Whether an item (undefined: there is none) meets a condition. Both sides are looked at always, so that each
 * placeholder is known to be used.
 * @throws ServiceError when a placeholder stands for nothing
 */
export function meets(condition: Condition, item: Item | undefined, placeholders: Placeholders): boolean {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const left = meets(condition.left, item, placeholders);
      const right = meets(condition.right, item, placeholders);
      return condition.kind === 'and' ? left && right : left || right;
    }
    case 'not':
      return !meets(condition.condition, item, placeholders);
    case 'exists': {
      const isThere = attributeAt(item, placeholders.path(condition.path)) !== undefined;
      return isThere === condition.isExpected;
    }
    case 'compare': {
      const left = evaluateOperand(condition.left, item, placeholders);
      const right = evaluateOperand(condition.right, item, placeholders);
      return holds(condition.operator, left, right);
    }
    default:
      return condition satisfies never;
  }
}

/** What is not there is different from everything, and neither smaller nor larger. */
function holds(operator: Comparator, left: Attribute | undefined, right: Attribute | undefined): boolean {
  if (left === undefined || right === undefined) return operator === '<>';
  if (operator === '=') return isSame(left, right);
  if (operator === '<>') return !isSame(left, right);
  const order = compare(left, right);
  if (order === undefined) return false;
  switch (operator) {
    case '<':
      return order < 0;
    case '<=':
      return order <= 0;
    case '>':
      return order > 0;
    case '>=':
      return order >= 0;
    default:
      return operator satisfies never;
  }
}
