import { z } from 'zod';
import { isArnLike, matchesGlob } from './glob.ts';
import { conditionKeys } from './request.ts';

/** Of a statement: all of them have to hold. */
export interface Condition {
  /** In lower case: keys are compared so. */
  readonly key: string;
  /** @param value of the key in the request; undefined where the request has none */
  holds(value: string | undefined): boolean;
}

type Compare = (wanted: string, value: string) => boolean;

const equal: Compare = (wanted, value) => wanted === value;
const equalInAnyCase: Compare = (wanted, value) => wanted.toLowerCase() === value.toLowerCase();

/**
 * IAM User Guide, Condition operators: one of the values has to match or, with a negated operator, none may. Numbers, dates,
 * addresses and `ForAllValues:` are not here: no function's call has such a value.
 */
const operators: Readonly<Record<string, { compare: Compare; isNegated: boolean }>> = {
  ArnEquals: { compare: isArnLike, isNegated: false },
  ArnLike: { compare: isArnLike, isNegated: false },
  ArnNotEquals: { compare: isArnLike, isNegated: true },
  ArnNotLike: { compare: isArnLike, isNegated: true },
  Bool: { compare: equalInAnyCase, isNegated: false },
  StringEquals: { compare: equal, isNegated: false },
  StringEqualsIgnoreCase: { compare: equalInAnyCase, isNegated: false },
  StringLike: { compare: matchesGlob, isNegated: false },
  StringNotEquals: { compare: equal, isNegated: true },
  StringNotEqualsIgnoreCase: { compare: equalInAnyCase, isNegated: true },
  StringNotLike: { compare: matchesGlob, isNegated: true },
};

const IF_EXISTS = 'IfExists';

const scalar = z.union([z.string(), z.boolean(), z.number()]).transform(String);
const values = z.union([scalar.transform((value) => [value]), z.array(scalar)]);
const schema = z.record(z.string(), z.record(z.string(), values)).default({});

/** @throws Error that names the operator or the key that is not emulated, or a value that is none */
export function parseConditions(value: unknown): Condition[] {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new Error(`Condition: ${z.prettifyError(parsed.error)}`);
  return Object.entries(parsed.data).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, wanted]) => conditionOf(operator, key, wanted)),
  );
}

function conditionOf(operator: string, key: string, wanted: readonly string[]): Condition {
  const lowered = key.toLowerCase();
  if (!conditionKeys.has(lowered)) throw new Error(`the condition key ${key} is not emulated`);
  const variable = wanted.find((value) => value.includes('${'));
  if (variable !== undefined) throw new Error(`the policy variable in '${variable}' is not emulated`);
  if (operator === 'Null') return { key: lowered, holds: nullHolds(wanted) };
  const isIfExists = operator.endsWith(IF_EXISTS);
  const name = isIfExists ? operator.slice(0, -IF_EXISTS.length) : operator;
  const known = Object.hasOwn(operators, name) ? operators[name] : undefined;
  if (known === undefined) throw new Error(`the condition operator ${operator} is not emulated`);
  const { compare, isNegated } = known;
  return {
    key: lowered,
    // A key that is not there matches nothing, which is what a negated operator asks for.
    holds: (given) =>
      given === undefined
        ? isNegated || isIfExists
        : wanted.some((each) => compare(each, given)) !== isNegated,
  };
}

/** `true`: the request has no such key. */
function nullHolds(wanted: readonly string[]): Condition['holds'] {
  return (given) => wanted.some((each) => each.toLowerCase() === String(given === undefined));
}
