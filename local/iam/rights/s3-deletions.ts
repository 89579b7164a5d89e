import type { AwsCall } from '../../proxy/aws-call.ts';

/** In the order in which the engine replaces them. */
const entities = [
  ['&amp;', '&'],
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&apos;', "'"],
] as const;

/** The keys that a body lists for DeleteObjects, as the engine finds them: it reads no XML. */
export function deletedKeys({ body }: Pick<AwsCall, 'body'>): string[] {
  return [...body.toString('utf8').matchAll(/<Key>([\s\S]*?)<\/Key>/g)].map(([, key = '']) =>
    entities.reduce((text, [entity, sign]) => text.replaceAll(entity, sign), key),
  );
}
