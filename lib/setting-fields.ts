/**
 * The kinds of a setting: each knows its limits and turns a value from the command line (always text),
 * or one written in the code, into the typed value.
 */

export interface Field<T> {
  /** What is allowed, in words: the end of "dev:shards must be ..." */
  readonly expects: string;
  /** The typed value, or undefined when the value is outside the limits. */
  readonly parse: (value: unknown) => T | undefined;
}

/** A whole number from `least` to `most`. */
export function whole(least: number, most: number, unit: string): Field<number> {
  return {
    expects: `a whole number from ${least} to ${most} (${unit})`,
    parse: (value) => {
      const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isInteger(number)) return undefined;
      return number >= least && number <= most ? number : undefined;
    },
  };
}

/** From one whole number to another, as it is written on the command line: `100-2000`. */
export type Span = `${number}-${number}`;

/** Two whole numbers from `least` to `most`, the first not above the second. */
export function span(least: number, most: number, unit: string): Field<Span> {
  return {
    expects: `a span such as 100-2000 within ${least}-${most} (${unit})`,
    parse: (value) => {
      if (typeof value !== 'string' || !/^\d+-\d+$/.test(value)) return undefined;
      const [from = 0, to = 0] = value.split('-').map(Number);
      return least <= from && from <= to && to <= most ? `${from}-${to}` : undefined;
    },
  };
}

/** Both ends of a span. */
export function ends(value: Span): { readonly least: number; readonly most: number } {
  const [least = 0, most = 0] = value.split('-').map(Number);
  return { least, most };
}

/** One of the words. */
export function word<const Word extends string>(...words: readonly Word[]): Field<Word> {
  return {
    expects: words.map((allowed) => `'${allowed}'`).join(' or '),
    parse: (value) => words.find((allowed) => allowed === value),
  };
}

/** One of the numbers that a service accepts. */
export function oneOf(numbers: readonly number[], unit: string): Field<number> {
  return {
    expects: `one of ${numbers.join(', ')} (${unit})`,
    parse: (value) => numbers.find((allowed) => String(allowed) === String(value)),
  };
}

/** True or false. */
export function flag(): Field<boolean> {
  return {
    expects: 'true or false',
    parse: (value) => {
      if (value === true || value === 'true') return true;
      return value === false || value === 'false' ? false : undefined;
    },
  };
}

/** Either of two kinds. */
export function either<A, B>(first: Field<A>, second: Field<B>): Field<A | B> {
  return {
    expects: `${first.expects} or ${second.expects}`,
    parse: (value) => first.parse(value) ?? second.parse(value),
  };
}

/** A time in UTC, to the second. */
export function time(): Field<string> {
  const isTime = (value: string) => {
    const time = Date.parse(value);
    // Written the one way that it is printed: a 30th of February would be one in March.
    return !Number.isNaN(time) && new Date(time).toISOString() === value.replace(/Z$/, '.000Z');
  };
  return {
    expects: 'a time such as 2026-05-01T12:00:00Z',
    parse: (value) => (typeof value === 'string' && isTime(value) ? value : undefined),
  };
}

/** Text of a form; `form` says it in words. */
export function text(pattern: RegExp, form: string): Field<string> {
  return {
    expects: form,
    parse: (value) => (typeof value === 'string' && pattern.test(value) ? value : undefined),
  };
}

/** Characters of a list of URLs: a function's variables have 4 KB (Lambda Developer Guide, "Environment variables"). */
const longestUrls = 1_024;

/**
 * From one to so many URLs, separated by commas; each as it is normalized, without what a request would carry along (names,
 * queries) and without a slash at its end, as a path is put behind it.
 */
export function httpsUrls(most: number): Field<string> {
  const isPlain = (value: string) => {
    if (!URL.canParse(value)) return false;
    const { protocol, origin, pathname } = new URL(value);
    return protocol === 'https:' && value === `${origin}${pathname}`.replace(/\/$/, '');
  };
  return {
    expects: `1 to ${most} URLs such as https://example.com, separated by commas`,
    parse: (value) => {
      if (typeof value !== 'string' || value.length > longestUrls) return undefined;
      const urls = value.split(',');
      return urls.length <= most && urls.every(isPlain) ? value : undefined;
    },
  };
}

/**
 * From one to so many pieces of text of a form, each once, separated by commas and by nothing else.
 * @param form one of them, in words
 */
export function list(most: number, form: string, isOne: (text: string) => boolean): Field<string> {
  return {
    expects: `1 to ${most} ${form}, each once, separated by commas`,
    parse: (value) => {
      if (typeof value !== 'string') return undefined;
      const all = value.split(',');
      const isList = all.length <= most && new Set(all).size === all.length && all.every(isOne);
      return isList ? value : undefined;
    },
  };
}

/** What `list` lets pass, one by one. */
export function listed(value: string): string[] {
  return value.split(',');
}

/** Letters, digits and dashes between dots: a name of DNS, or an address of IPv4, which looks like one of numbers alone. */
const hostName =
  /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;
const onlyNumbers = /^[\d.]+$/;
const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** `host:port`: the host by a name in lower case or an address of IPv4, the port without a zero before it. */
export function isHostAndPort(text: string): boolean {
  const [, host = '', port = ''] = /^([^:]+):([1-9]\d{0,4})$/.exec(text) ?? [];
  const isHost = onlyNumbers.test(host) ? ipv4.test(host) : hostName.test(host);
  return isHost && Number(port) <= 65_535;
}
