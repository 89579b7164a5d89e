import { invalid, NotEmulatedError } from '../../errors.ts';
import type { Attribute, Item } from '../attributes.ts';
import { attributeOf, withAttribute } from '../attributes.ts';
import { attributeAt, evaluateValue, type Path, parsePath, parseValue, sum, type Value } from './operands.ts';
import type { Placeholders } from './placeholders.ts';
import { Tokens } from './tokens.ts';

/** An update (DynamoDB Developer Guide, "Using update expressions"): SET, REMOVE, and ADD of numbers. */
export interface Update {
  readonly set: readonly { readonly path: Path; readonly value: Value }[];
  readonly add: readonly { readonly path: Path; readonly value: Value }[];
  readonly remove: readonly Path[];
}

/** @throws ServiceError, or NotEmulatedError for a form that is not known here */
export function parseUpdate(text: string): Update {
  const tokens = new Tokens(text);
  const update = { set: [] as Update['set'][number][], add: [] as Update['add'][number][] };
  const remove: Path[] = [];
  const seen = new Set<string>();
  while (!tokens.isEnd) {
    const clause = tokens.take().toUpperCase();
    if (seen.has(clause))
      throw invalid(`Invalid UpdateExpression: The "${clause}" section can only be used once`);
    seen.add(clause);
    do {
      const path = parsePath(tokens);
      if (clause === 'SET') {
        tokens.expect('=');
        update.set.push({ path, value: parseValue(tokens) });
      } else if (clause === 'ADD') update.add.push({ path, value: parseValue(tokens) });
      else if (clause === 'REMOVE') remove.push(path);
      else if (clause === 'DELETE') throw new NotEmulatedError('DELETE in an update expression');
      else throw tokens.wrong();
    } while (tokens.accepts(','));
  }
  if (seen.size === 0) throw tokens.wrong();
  return { ...update, remove };
}

/**
 * The item as the update leaves it. All values are those of the item as it was before.
 * @throws ServiceError when a path leads nowhere, or two of them meet
 */
export function applyUpdate(update: Update, item: Item, placeholders: Placeholders): Item {
  const changes: { path: string[]; value: Attribute | undefined }[] = [];
  for (const { path, value } of update.set) {
    changes.push({ path: placeholders.path(path), value: evaluateValue(value, item, placeholders) });
  }
  for (const { path: tokens, value } of update.add) {
    const path = placeholders.path(tokens);
    const before = attributeAt(item, path) ?? { N: '0' };
    changes.push({ path, value: sum(before, evaluateValue(value, item, placeholders)) });
  }
  for (const path of update.remove) changes.push({ path: placeholders.path(path), value: undefined });
  refuseOverlaps(changes.map(({ path }) => path));
  return changes.reduce((changed, { path, value }) => replaced(changed, path, value), item);
}

/** The attributes that an update changes, of the item itself. */
export function changedAttributes(update: Update, placeholders: Placeholders): string[] {
  const paths = [...update.set, ...update.add].map(({ path }) => path).concat(update.remove);
  return paths.flatMap((path) => placeholders.path(path).slice(0, 1));
}

function replaced(item: Item, [name = '', ...rest]: readonly string[], value: Attribute | undefined): Item {
  if (rest.length === 0) return withAttribute(item, name, value);
  const outer = attributeOf(item, name);
  if (outer === undefined || !('M' in outer)) {
    throw invalid('The document path provided in the update expression is invalid for update');
  }
  return withAttribute(item, name, { M: replaced(outer.M, rest, value) });
}

function refuseOverlaps(paths: readonly (readonly string[])[]): void {
  const meet = (one: readonly string[], other: readonly string[]) =>
    one.slice(0, other.length).every((name, index) => name === other[index]);
  paths.forEach((path, index) => {
    const other = paths.find((each, at) => at !== index && meet(path, each));
    if (other !== undefined) {
      throw invalid('Invalid UpdateExpression: Two document paths overlap with each other');
    }
  });
}
