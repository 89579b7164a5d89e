/**
 * A client's file of schemas, such that what no function uses of it can be left out: S3's are 66 KB, of which functions need
 * five. As the SDK has it, esbuild must keep all: a key such as `[_hH]` might have side effects, and each error of the service is registered.
 * @param isNeeded whether an error needs its own class; without it, it is of the service's base class, with the same name and message (of SQS's, the name is that of its documentation)
 * @throws Error when the file is not written as this expects
 */
export function shakeableSchemas(source: string, isNeeded: (error: string) => boolean): string {
  const constants = new Map<string, string>();
  for (const [, name = '', text = ''] of source.matchAll(/^const (_\w+) = ("[^"\n]*");$/gm)) {
    constants.set(name, text);
  }
  const registrations = /^n0_registry\.registerError\((\w+)\$, \1\);$/gm;
  if (constants.size === 0 || source.search(registrations) < 0) throw new Error('No schemas as they were');
  return source
    .replaceAll(/\[(_\w+)\]:/g, (_, name: string) => {
      const text = constants.get(name);
      if (text === undefined) throw new Error(`${name} is not a constant`);
      return `${text}:`;
    })
    .replaceAll(registrations, (line, error: string) => (isNeeded(error) ? line : ''));
}

/** @returns errors with a class that has more to it than a name: that they can be tried again */
export function retryableErrors(source: string): ReadonlySet<string> {
  const classes = source.split(/^export class /m).slice(1);
  if (classes.length === 0) throw new Error('No errors as they were');
  const retryable = classes.filter((text) => text.includes('$retryable'));
  return new Set(retryable.map((text) => text.slice(0, text.indexOf(' '))));
}
