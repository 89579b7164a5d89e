/** One lottery: what is open now, what was drawn, and the means to check it. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { LiveView } from '../../lambda/core/live-view.ts';
import { WitnessStore } from '../witness/store.ts';
import { Announcer } from './announcer.tsx';
import { Chart } from './chart.tsx';
import { Draws } from './draws.tsx';
import { useEnvironment, useFeed } from './environment.ts';
import { Facts } from './facts.tsx';
import { Guard } from './guard.tsx';
import { Hero } from './hero.tsx';
import { FullScreenButton, Keys, leaveWall, useKeys } from './keys.tsx';
import { ReceiptBox } from './receipt-box.tsx';
import { listAddress } from './route.ts';
import { Foreign, plain } from './text.tsx';
import { Wall } from './wall.tsx';

export function Lottery({ channel, isWall }: { channel: string; isWall: boolean }) {
  const { state, value } = useFeed<LiveView>(channel);
  const [opened, open] = useState<number>();
  useKeys({ channel, isWall, view: value, open });
  useTitle(value && plain(value.lotteryId));
  if (value === undefined) return <Missing state={state} />;
  return (
    <Guard of={value}>
      <Told {...{ channel, isWall, opened, open }} view={value} />
    </Guard>
  );
}

interface ToldProps {
  readonly view: LiveView;
  readonly channel: string;
  readonly isWall: boolean;
  /** The draw whose details are shown, by windowStart. */
  readonly opened: number | undefined;
  open(windowStart: number | undefined): void;
}

function Told({ view, channel, isWall, opened, open }: ToldProps) {
  const { clock, config } = useEnvironment();
  const store = useMemo(() => new WitnessStore(channel, config.local), [channel, config]);
  useEffect(() => store.take(view, clock.now()), [store, view, clock]);
  if (isWall) return <Wall view={view} onLeave={() => leaveWall(channel)} />;
  return (
    <>
      <div class="title">
        <h1>
          <small>Lottery</small> <Foreign text={view.lotteryId} />
        </h1>
        <FullScreenButton channel={channel} />
      </div>
      <Announcer view={view} />
      <Hero view={view} />
      <Chart view={view} />
      <Draws view={view} store={store} opened={opened} onOpen={open} />
      <div class="columns">
        <ReceiptBox view={view} />
        <Facts view={view} store={store} />
      </div>
      <Keys />
    </>
  );
}

function useTitle(name: string | undefined): void {
  useEffect(() => {
    document.title = name === undefined ? 'Lotteries' : `${name} – Lotteries`;
    return () => {
      document.title = 'Lotteries';
    };
  }, [name]);
}

function Missing({ state }: { state: ReturnType<typeof useFeed>['state'] }) {
  if (state === 'loading') return <div class="skeleton is-tall" role="status" aria-label="Loading" />;
  return (
    <>
      <h1>{state === 'absent' ? 'No such lottery' : 'A lottery'}</h1>
      {state === 'absent' ? (
        <p class="note">
          It has not been started, or its address is not whole. If it starts, it is shown here.{' '}
          <a href={listAddress}>All lotteries</a>
        </p>
      ) : (
        <p class="note is-bad" role="alert">
          It cannot be read right now. This page keeps trying. <a href={listAddress}>All lotteries</a>
        </p>
      )}
    </>
  );
}
