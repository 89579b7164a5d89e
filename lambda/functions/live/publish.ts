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

interface Attempt {
  readonly target: Target;
  /** Whether a newer snapshot may have been replaced by an older one: then there has to be another one. */
  readonly isOverwritten: boolean;
  /** Before the attempt, ms. */
  readonly wait: number;
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
  let left: readonly Attempt[] = targets.map((target) => ({ target, isOverwritten: false, wait: 0 }));
  while (left.length > 0) {
    const attempts = await mapBounded(limit, left, (attempt) => publishOne(attempt, dependencies));
    left = attempts.filter(({ wait }) => wait > 0);
    if (left.length > 0) await dependencies.sleep(Math.min(...left.map(({ wait }) => wait)));
  }
}

/**
 * The order is what makes it right. What is known of the publication is read before the content, so that of two versions the
 * higher one has all that the lower one has. Then it is claimed, which one of many gets. The snapshot comes before the
 * message, as whoever has the message looks for no snapshot. Only at the end it is done: whoever dies before leaves a view
 * that others publish again, and the own batch does when it comes again.
 *
 * @returns what to try after a wait; without one it is done
 */
async function publishOne(attempt: Attempt, dependencies: LiveDependencies): Promise<Attempt> {
  const { target, isOverwritten } = attempt;
  const { publications, snapshots, messages, telemetry, now } = dependencies;
  const { name } = target;
  const known = await publications.of(name);
  const content = await target.content();
  if (content === undefined) return done(attempt);
  const digest = hash('sha256', JSON.stringify(content));
  if (known.isDone && known.digest === digest && !isOverwritten) return done(attempt);
  const at = now();
  const wait = waitFor(known, at);
  if (wait > 0) return { ...attempt, wait };
  if (!(await publications.begin(name, known, at))) return { ...attempt, wait: lookAgainMs };
  const version = known.version + 1;
  const json = JSON.stringify({ version, at, ...content });
  await snapshots.put(name, json);
  await messages.publish(name, json).catch((error: unknown) => {
    telemetry.count('publicationsRefused');
    throw error;
  });
  await target.after?.(version, at);
  // Where another one has begun meanwhile, this one was taken for dead: what it has put may be the older snapshot.
  const published = { version, publishedAt: now(), isDone: true, digest };
  if (await publications.end(name, published)) return done(attempt);
  return { target, isOverwritten: true, wait: lookAgainMs };
}

function done(attempt: Attempt): Attempt {
  return { ...attempt, wait: 0 };
}

function waitFor({ version, isDone, publishedAt }: Publication, now: number): number {
  if (version === 0) return 0;
  if (isDone) return Math.max(0, publishedAt + intervalMs - now);
  return now >= publishedAt + publishingMs ? 0 : Math.min(lookAgainMs, publishedAt + publishingMs - now);
}
