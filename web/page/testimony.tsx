/** What this browser saw itself: words of nobody else. */
import type { LiveView, LiveWindow } from '../../lambda/core/live-view.ts';
import { isQuicknet } from '../check/quicknet.ts';
import type { Testimony as Seen } from '../witness/witness.ts';
import { plain, Time } from './text.tsx';

interface TestimonyProps {
  readonly view: LiveView;
  readonly window: LiveWindow;
  readonly testimony: Seen;
  readonly isKept: boolean;
}

export function Testimony({ view, window, testimony, isKept }: TestimonyProps) {
  const { kind } = testimony;
  if (kind === 'contradicted')
    return (
      <p class="seen is-bad" role="alert">
        <b>Not what you saw:</b> {plain(testimony.reason)}.
      </p>
    );
  if (kind === 'witnessed')
    return (
      <p class="seen is-good">
        <b>You are a witness.</b> This browser saw the root at <Time time={testimony.seenAt} />, by its own
        clock and the server’s, {seconds(testimony.beforeMs)} before round {window.round} could be known
        {!isQuicknet(view.chain) && ' to anybody but whoever runs the chain'}
        {window.winner === undefined ? '.' : ', and it is the same.'}{' '}
        <span class="aside">Kept {isKept ? 'in this browser.' : 'until this page is closed.'}</span>
      </p>
    );
  if (window.root === undefined) return null;
  if (view.randomness === 'seed')
    return <p class="seen">This run has no beacon: whoever knows its seed knows the winners.</p>;
  return (
    <p class="seen">
      {kind === 'late'
        ? 'This browser saw the root only when its round could be known, by its own clock or by the server’s.'
        : 'This browser did not see the root before its round. Stay on this page while a draw is closed, and you are its witness.'}
    </p>
  );
}

function seconds(ms: number): string {
  return ms < 1000 ? 'less than a second' : `${(ms / 1000).toFixed(1)} s`;
}
