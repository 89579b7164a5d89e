import { invalid, NotEmulatedError } from '../../errors.ts';
import type { Attribute, Item } from '../attributes.ts';
import { attributeOf } from '../attributes.ts';
import { addNumbers } from '../numbers.ts';
import type { Placeholders } from './placeholders.ts';
import type { Tokens } from './tokens.ts';

/** Names and their placeholders, from the outermost attribute inwards. */
export type Path = readonly string[];

export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly token: string };

/** What SET gives an attribute. */
export type Value =
  | Operand
  | { readonly kind: 'ifNotExists'; readonly path: Path; readonly otherwise: Value }
  | { readonly kind: 'sum'; readonly left: Value; readonly right: Value; readonly isNegative: boolean };

export function parsePath(tokens: Tokens): Path {
  const path = [parseName(tokens)];
  while (tokens.accepts('.')) path.push(parseName(tokens));
  return path;
}

function parseName(tokens: Tokens): string {
  const token = tokens.peek();
  if (!/^[#A-Za-z_]/.test(token)) throw tokens.wrong();
  return tokens.take();
}

/** @throws NotEmulatedError for a function */
export function parseOperand(tokens: Tokens): Operand {
  if (tokens.peek().startsWith(':')) return { kind: 'value', token: tokens.take() };
  if (tokens.peek(1) === '(') throw new NotEmulatedError(`the function ${tokens.peek()} in an expression`);
  return { kind: 'path', path: parsePath(tokens) };
}

export function parseValue(tokens: Tokens): Value {
  const left = parseTerm(tokens);
  const sign = tokens.peek();
  if (sign !== '+' && sign !== '-') return left;
  tokens.take();
  return { kind: 'sum', left, right: parseTerm(tokens), isNegative: sign === '-' };
}

function parseTerm(tokens: Tokens): Value {
  if (tokens.peek(1) !== '(' || !tokens.accepts('IF_NOT_EXISTS')) return parseOperand(tokens);
  tokens.expect('(');
  const path = parsePath(tokens);
  tokens.expect(',');
  const otherwise = parseTerm(tokens);
  tokens.expect(')');
  return { kind: 'ifNotExists', path, otherwise };
}

export function attributeAt(
  item: Item | undefined,
  [first = '', ...rest]: readonly string[],
): Attribute | undefined {
  const attribute = attributeOf(item, first);
  if (rest.length === 0 || attribute === undefined) return attribute;
  return 'M' in attribute ? attributeAt(attribute.M, rest) : undefined;
}

export function evaluateOperand(
  operand: Operand,
  item: Item | undefined,
  placeholders: Placeholders,
): Attribute | undefined {
  return operand.kind === 'value'
    ? placeholders.value(operand.token)
    : attributeAt(item, placeholders.path(operand.path));
}

/** @throws ServiceError when an attribute that it needs is not there, or no number */
export function evaluateValue(value: Value, item: Item | undefined, placeholders: Placeholders): Attribute {
  switch (value.kind) {
    case 'path':
    case 'value': {
      const found = evaluateOperand(value, item, placeholders);
      if (found === undefined) {
        throw invalid('The provided expression refers to an attribute that does not exist in the item');
      }
      return found;
    }
    case 'ifNotExists': {
      const present = attributeAt(item, placeholders.path(value.path));
      const otherwise = evaluateValue(value.otherwise, item, placeholders);
      return present ?? otherwise;
    }
    case 'sum': {
      const [left, right] = [value.left, value.right].map((each) => evaluateValue(each, item, placeholders));
      return sum(left, right, value.isNegative);
    }
    default:
      return value satisfies never;
  }
}

/** @throws ServiceError when one of them is no number */
export function sum(
  left: Attribute | undefined,
  right: Attribute | undefined,
  isNegative = false,
): Attribute {
  if (left === undefined || right === undefined || !('N' in left) || !('N' in right)) {
    throw invalid('An operand in the update expression has an incorrect data type');
  }
  const other = !isNegative ? right.N : right.N.startsWith('-') ? right.N.slice(1) : `-${right.N}`;
  return { N: addNumbers(left.N, other) };
}
