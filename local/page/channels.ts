/** AppSync Events Developer Guide, "Understanding channel namespaces": up to five segments, each of up to 50 characters. */
const SEGMENT = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,48}[A-Za-z0-9])?$/;
const MOST_SEGMENTS = 5;

/** @returns the channel's name with a slash before it; undefined where the text names none */
export function channelIn(text: unknown): string | undefined {
  const segments = segmentsOf(text);
  return segments?.every((segment) => SEGMENT.test(segment)) ? `/${segments.join('/')}` : undefined;
}

/** As that; what is subscribed to may end with `/*`: all channels below. */
export function subscriptionIn(text: unknown): string | undefined {
  const segments = segmentsOf(text);
  if (segments === undefined || segments.length < 2 || segments.at(-1) !== '*') return channelIn(text);
  return segments.slice(0, -1).every((segment) => SEGMENT.test(segment))
    ? `/${segments.join('/')}`
    : undefined;
}

export function namespaceOf(channel: string): string {
  return channel.split('/')[1] ?? '';
}

export function covers(subscription: string, channel: string): boolean {
  if (!subscription.endsWith('/*')) return subscription === channel;
  return channel.startsWith(subscription.slice(0, -1));
}

function segmentsOf(text: unknown): string[] | undefined {
  if (typeof text !== 'string') return undefined;
  const segments = text.replace(/^\//, '').split('/');
  return segments.length <= MOST_SEGMENTS ? segments : undefined;
}
