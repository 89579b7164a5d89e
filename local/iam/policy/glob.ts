/**
 * Whether a text is what a pattern says, as a whole: `*` is any number of characters, `?` is one. In time that grows with
 * the product of the lengths and no faster, whatever the pattern.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let at = 0;
  let next = 0;
  /** After the last star, and what of the text it has swallowed so far. */
  let afterStar = -1;
  let swallowed = 0;
  while (next < text.length) {
    const sign = pattern[at];
    if (sign === '*') {
      at += 1;
      afterStar = at;
      swallowed = next;
    } else if (sign === '?' || (sign !== undefined && sign === text[next])) {
      at += 1;
      next += 1;
    } else if (afterStar >= 0) {
      swallowed += 1;
      next = swallowed;
      at = afterStar;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}

const ARN_PARTS = 6;

/** The six parts of an ARN; what follows the fifth colon is the last, whatever is in it. */
function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, ARN_PARTS - 1), ...partOfRest(parts)];
}

function partOfRest(parts: readonly string[]): string[] {
  return parts.length < ARN_PARTS ? [] : [parts.slice(ARN_PARTS - 1).join(':')];
}

/**
 * A pattern of an ARN, as in `Resource`: each part is compared with its own, so that a star in one does not reach into
 * the next, and parts that are left out at the end are any (IAM User Guide, Resource element).
 */
export function matchesArn(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const wanted = partsOf(pattern);
  const given = partsOf(arn);
  if (given.length < ARN_PARTS) return matchesGlob(pattern, arn);
  return given.every((part, index) => matchesGlob(wanted[index] ?? '*', part));
}

/** `ArnLike`: part by part as well, but all six have to be there. */
export function isArnLike(pattern: string, arn: string): boolean {
  const wanted = partsOf(pattern);
  const given = partsOf(arn);
  if (wanted.length < ARN_PARTS || given.length < ARN_PARTS) return false;
  return wanted.every((part, index) => matchesGlob(part, given[index] ?? ''));
}
