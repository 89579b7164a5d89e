/** For a large screen at an event: what everybody looks at, and nothing else. */
import type { LiveView } from '../../lambda/core/live-view.ts';
import { Announcer } from './announcer.tsx';
import { useNow } from './environment.ts';
import { Clock, Entries, LastWinner, Prize, Progress } from './hero.tsx';
import { phaseOf } from './phase.ts';
import { Foreign } from './text.tsx';

export function Wall({ view, onLeave }: { view: LiveView; onLeave(): void }) {
  const now = useNow();
  const phase = phaseOf(view, now);
  return (
    <div class="screen">
      <h1>
        <small>Lottery</small> <Foreign text={view.lotteryId} />
      </h1>
      <Announcer view={view} />
      <section class="hero" aria-label="This window">
        <Clock phase={phase} now={now} view={view} />
        <Entries view={view} phase={phase} />
        <Prize view={view} phase={phase} now={now} />
        <LastWinner view={view} />
        <Progress view={view} phase={phase} now={now} />
      </section>
      <button type="button" class="leave" onClick={onLeave}>
        Leave full screen
      </button>
    </div>
  );
}
