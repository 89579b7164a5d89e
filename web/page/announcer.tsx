/** Says each new winner once to whoever listens to the page, and nothing of those that were there before. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { LiveView } from '../../lambda/core/live-view.ts';
import { drawnOf } from './phase.ts';
import { plain } from './text.tsx';

export function Announcer({ view }: { view: LiveView }) {
  const [text, say] = useState('');
  const latest = drawnOf(view)[0];
  const draw = `${view.run} ${latest?.windowStart}`;
  const said = useRef(draw);
  useEffect(() => {
    if (draw === said.current || latest === undefined) return;
    said.current = draw;
    const { userId, prize } = latest.winner;
    say(`User ${plain(userId)} won${prize === undefined ? '' : ` ${plain(prize)}`}.`);
  });
  return (
    <p class="unseen" role="status" aria-live="polite">
      {text}
    </p>
  );
}
