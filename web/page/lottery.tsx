/** One lottery: what is open now, what was drawn, and the means to check it. */
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { LiveView } from '../../lambda/core/live-view.ts';
import { WitnessStore } from '../witness/store.ts';
import { Announcer } from './announcer.tsx';
import { Chart } from './chart.tsx';
import { Draws } from './draws.tsx';
import { useEnvironment, useFeed } from './environment.ts';
import { Facts } from './facts.tsx';
import { Hero } from './hero.tsx';
import { FullScreenButton, Keys, leaveWall, useKeys } from './keys.tsx';
import { ReceiptBox } from './receipt-box.tsx';
import { listAddress } from './route.ts';
import { Foreign, plain } from './text.tsx';
import { Wall } from './wall.tsx';

export function Lottery({ channel, isWall }: { channel: string; isWall: boolean }) {
  const { state, value } = useFeed<LiveView>(channel);
  const { clock, config } = useEnvironment();
  const store = useMemo(() => new WitnessStore(channel, config.local), [channel, config]);
  useEffect(() => {
    if (value !== undefined) store.take(value, clock.now());
  }, [store, value, clock]);
  const [opened, open] = useState<number>();
  useKeys({ channel, isWall, view: value, open });
  useTitle(value && plain(value.lotteryId));
  if (value === undefined) return <Missing state={state} />;
  if (isWall) return <Wall view={value} onLeave={() => leaveWall(channel)} />;
  return (
    <>
      <div class="title">
        <h1>
          <small>Lottery</small> <Foreign text={value.lotteryId} />
        </h1>
        <FullScreenButton channel={channel} />
      </div>
      <Announcer view={value} />
      <Hero view={value} />
      <Chart view={value} />
      <Draws view={value} store={store} opened={opened} onOpen={open} />
      <div class="columns">
        <ReceiptBox view={value} />
        <Facts view={value} store={store} />
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
