/** For a large screen at an event: what everybody looks at, and nothing else. */
import type { LiveView } from '../../lambda/core/live-view.ts';
import { Announcer } from './announcer.tsx';
import { Hero } from './hero.tsx';
import { Foreign } from './text.tsx';

export function Wall({ view, onLeave }: { view: LiveView; onLeave(): void }) {
  return (
    <div class="screen">
      <h1>
        <small>Lottery</small> <Foreign text={view.lotteryId} />
      </h1>
      <Announcer view={view} />
      <Hero view={view} />
      <button type="button" class="leave" onClick={onLeave}>
        Leave full screen
      </button>
    </div>
  );
}
