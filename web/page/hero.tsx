/** What everybody looks at: how long the window is still open, how many entries it has, what can be won, who won last. */
import type { ComponentChildren } from 'preact';
import type { LiveView } from '../../lambda/core/live-view.ts';
import { useNow } from './environment.ts';
import { drawnOf, type Phase, phaseOf, prizeAt, prizesLeft, windowAt } from './phase.ts';
import { count, Foreign, remaining, Time } from './text.tsx';

export function Hero({ view }: { view: LiveView }) {
  const now = useNow();
  const phase = phaseOf(view, now);
  return (
    <section class="hero" aria-label="This window">
      <Clock phase={phase} now={now} view={view} />
      <Entries view={view} phase={phase} />
      <Prize view={view} phase={phase} now={now} />
      <LastWinner view={view} />
      <Progress view={view} phase={phase} now={now} />
    </section>
  );
}

function Figure(props: {
  label: ComponentChildren;
  value: ComponentChildren;
  kind: string;
  more?: ComponentChildren;
}) {
  return (
    <div class={`big ${props.kind}`}>
      <span class="label">{props.label}</span>
      <span class="value">{props.value}</span>
      <span class="more">{props.more}</span>
    </div>
  );
}

function Clock({ phase, now, view }: { phase: Phase; now: number; view: LiveView }) {
  switch (phase.kind) {
    case 'open':
      return (
        <Figure
          kind="is-clock"
          label="This window ends in"
          value={<span role="timer">{remaining(phase.windowEnd - now)}</span>}
          more={
            <>
              clicks until <Time time={phase.windowEnd} />
            </>
          }
        />
      );
    case 'before':
      return (
        <Figure
          kind="is-clock"
          label="Starts in"
          value={<span role="timer">{remaining(phase.startsAt - now)}</span>}
          more={
            <>
              at <Time time={phase.startsAt} />
            </>
          }
        />
      );
    case 'last-draws':
      return (
        <Figure kind="is-clock is-word" label="All windows are over" value="Last draws" more="being made" />
      );
    case 'ended':
      return (
        <Figure
          kind="is-clock is-word"
          label={`Run ${count(view.run)} of this lottery`}
          value="Ended"
          more="all draws are made"
        />
      );
    case 'replay':
      return (
        <Figure
          kind="is-clock is-word"
          label="Old events"
          value="Replay"
          more="their times count, not the clock's"
        />
      );
    default:
      return phase satisfies never;
  }
}

function Entries({ view, phase }: { view: LiveView; phase: Phase }) {
  const current = phase.kind === 'open' ? windowAt(view, phase.windowStart) : view.windows.at(-1);
  return (
    <Figure
      kind="is-entries"
      label={phase.kind === 'open' ? 'Entries so far' : 'Entries in the last window'}
      value={count(current?.entries ?? 0)}
      more={phase.kind === 'open' ? 'in this window' : current && <Time time={current.windowStart} />}
    />
  );
}

function Prize({ view, phase, now }: { view: LiveView; phase: Phase; now: number }) {
  const left = prizesLeft(view, now);
  const prize =
    phase.kind === 'open'
      ? prizeAt(view, phase.windowStart)
      : phase.kind === 'before'
        ? prizeAt(view, phase.startsAt)
        : undefined;
  if (left === undefined) return null;
  return (
    <Figure
      kind="is-prize"
      label="To be won"
      value={prize === undefined ? '–' : <Foreign text={prize} />}
      more={`${count(left)} of ${count(view.prizeCount ?? 0)} prizes left`}
    />
  );
}

function LastWinner({ view }: { view: LiveView }) {
  const latest = drawnOf(view)[0];
  return (
    <Figure
      kind="is-winner"
      label="Last winner"
      value={latest === undefined ? '–' : <Who text={latest.winner.userId} />}
      more={
        latest !== undefined && (
          <>
            {latest.winner.prize !== undefined && (
              <>
                <Foreign text={latest.winner.prize} />
                <span class="dot">·</span>
              </>
            )}
            <Time time={latest.windowStart} />
          </>
        )
      }
    />
  );
}

/** A number alone would be taken for one that counts something. */
function Who({ text }: { text: number | string }) {
  return (
    <>
      <small>user</small>
      <Foreign text={text} />
    </>
  );
}

/** How much of the window is over. It is in the clock as well, and so said to nobody. */
function Progress({ view, phase, now }: { view: LiveView; phase: Phase; now: number }) {
  const share = phase.kind === 'open' ? Math.min(1, (now + 1000 - phase.windowStart) / view.windowMs) : 1;
  const isFirst = phase.kind === 'open' && now - phase.windowStart < 1000;
  return (
    <div
      class={`progress ${phase.kind === 'open' ? '' : 'is-still'} ${isFirst ? 'is-first' : ''}`}
      aria-hidden="true"
    >
      <div style={{ transform: `scaleX(${share.toFixed(4)})` }} />
    </div>
  );
}
