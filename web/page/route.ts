/** Where the page is, in the address behind #: what can be kept and sent to others. */
import { useEffect, useState } from 'preact/hooks';

export type Route =
  | { readonly page: 'list' | 'play' | 'pipeline' | 'unknown' }
  /** @property isWall for a large screen, alone */
  | { readonly page: 'lottery'; readonly channel: string; readonly isWall: boolean };

export function routeOf(hash: string): Route {
  const [page = '', channel = '', mode] = hash.replace(/^#?\/?/, '').split('/');
  if (page === '') return { page: 'list' };
  if (page === 'play' || page === 'pipeline') return { page };
  if (page === 'lottery' && /^[0-9a-f]{32}$/.test(channel)) return { page, channel, isWall: mode === 'wall' };
  return { page: 'unknown' };
}

export const listAddress = '#/';
export const lotteryAddress = (channel: string, isWall = false): string =>
  `#/lottery/${channel}${isWall ? '/wall' : ''}`;

export function useRoute(): Route {
  const [route, setRoute] = useState(() => routeOf(location.hash));
  useEffect(() => {
    const change = () => setRoute(routeOf(location.hash));
    addEventListener('hashchange', change);
    return () => removeEventListener('hashchange', change);
  }, []);
  return route;
}
