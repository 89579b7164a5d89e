import { hash } from 'node:crypto';
import { mapBounded } from '../../batch/map-bounded.ts';
import { intervalMs, publishingMs } from '../../contract/live.ts';
import type { Publication } from '../../ports/live.ts';
import type { LiveDependencies } from './dependencies.ts';

/** Something that is published: a lottery's view, or the list. */
export interface Target {
  /** Of its channel, its snapshot and what is known of its publication. */
  readonly name: string;
  /** Everything but version and time, as it is now; undefined where there is nothing to show. */
  readonly content: () => Promise<object | undefined>;
  /** What else is to be done with the content of before until it counts as published. */
  readonly after?: (version: number, now: number) => Promise<void>;
}

/** While somebody else publishes. */
const lookAgainMs = 100;

/**
 * Publishes what is not published yet. Those that are too early wait together, and hold up no others; whoever comes first then
 * publishes what all have stored, and the others find it done.
 */
export async function publishAll(
  targets: readonly Target[],
  limit: number,
  dependencies: LiveDependencies,
): Promise<void> {
  let left = targets;
  while (left.length > 0) {
    const waits = await mapBounded(limit, left, (target) => publishOne(target, dependencies));
    left = left.filter((_, index) => (waits[index] ?? 0) > 0);
    if (left.length > 0) await dependencies.sleep(Math.min(...waits.filter((wait) => wait > 0)));
  }
}

/**
 * The order is what makes it right. What is known of the publication is read before the content, so that of two versions the
 * higher one has all that the lower one has. Then it is claimed, which one of many gets. The snapshot comes before the
 * message, as whoever has the message looks for no snapshot. Only at the end it is done: whoever dies before leaves a view
 * that others publish again, and the own batch does when it comes again.
 *
 * @returns how long to wait before another attempt, ms; 0: it is done
 */
async function publishOne(target: Target, dependencies: LiveDependencies): Promise<number> {
  const { publications, snapshots, messages, now } = dependencies;
  const { name } = target;
  const known = await publications.of(name);
  const content = await target.content();
  if (content === undefined) return 0;
  const digest = hash('sha256', JSON.stringify(content));
  if (known.isDone && known.digest === digest) return 0;
  const at = now();
  const wait = waitFor(known, at);
  if (wait > 0) return wait;
  if (!(await publications.begin(name, known, at))) return lookAgainMs;
  const version = known.version + 1;
  const json = JSON.stringify({ version, at, ...content });
  await snapshots.put(name, json);
  await messages.publish(name, json);
  await target.after?.(version, at);
  // Where another one has begun meanwhile, this one was taken for dead: what it has put may be the older snapshot.
  const done = { version, publishedAt: now(), isDone: true, digest };
  return (await publications.end(name, done)) ? 0 : lookAgainMs;
}

function waitFor({ version, isDone, publishedAt }: Publication, now: number): number {
  if (version === 0) return 0;
  if (isDone) return Math.max(0, publishedAt + intervalMs - now);
  return now >= publishedAt + publishingMs ? 0 : Math.min(lookAgainMs, publishedAt + publishingMs - now);
}
