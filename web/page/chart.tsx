/** Entries per window. The chart is a picture: what it shows is said beside it, in words. */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import type { LiveHistory, LiveView } from '../../lambda/core/live-view.ts';
import { count, counted, Time } from './text.tsx';

const height = 180;

export function Chart({ view }: { view: LiveView }) {
  const { history, windowMs } = view;
  const place = useRef<HTMLDivElement>(null);
  const data = useMemo(() => dataOf(history, windowMs), [history, windowMs]);
  const plot = useRef<uPlot>(undefined);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const make = () => {
      plot.current?.destroy();
      plot.current = new uPlot(optionsFor(element, windowMs), plot.current?.data ?? [[], []], element);
    };
    make();
    const resized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height }));
    resized.observe(element);
    // Its colours are drawn, not styled.
    const dark = matchMedia('(prefers-color-scheme: dark)');
    dark.addEventListener('change', make);
    return () => {
      resized.disconnect();
      dark.removeEventListener('change', make);
      plot.current?.destroy();
      plot.current = undefined;
    };
  }, [windowMs]);
  useEffect(() => plot.current?.setData(data), [data]);
  return (
    <figure class="chart">
      <figcaption>
        <h2>Entries per window</h2>
        <span class="aside">
          <Summary history={history} windowMs={windowMs} />
        </span>
      </figcaption>
      <div class="plot" ref={place} aria-hidden="true" />
    </figure>
  );
}

function Summary({
  history: { firstWindowStart, entries },
  windowMs,
}: {
  history: LiveHistory;
  windowMs: number;
}) {
  if (entries.length === 0) return <>none yet</>;
  const all = entries.reduce((sum, some) => sum + some, 0);
  return (
    <>
      {counted(all, 'entry', 'entries')} in {counted(entries.length, 'window')} of {count(windowMs / 1000)} s
      since <Time time={firstWindowStart} />, {count(Math.max(...entries))} at most
    </>
  );
}

/** Few windows are not drawn as wide as the page. */
const fewest = 30;

function dataOf({ firstWindowStart, entries }: LiveHistory, windowMs: number): uPlot.AlignedData {
  const before = entries.length === 0 ? 0 : Math.max(0, fewest - entries.length);
  const times = Array.from(
    { length: before + entries.length },
    (_, index) => (firstWindowStart + (index - before) * windowMs) / 1000,
  );
  return [times, [...new Array<null>(before).fill(null), ...entries]];
}

function optionsFor(element: HTMLElement, windowMs: number): uPlot.Options {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour('--quiet'),
    font: `12px ${style.fontFamily}`,
    ticks: { show: false },
    grid: { stroke: colour('--line'), width: 1 },
  };
  return {
    ...{ width: Math.max(200, element.clientWidth), height },
    padding: [12, 8, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: true, range: (_, from, to) => [from - windowMs / 2000, to + windowMs / 2000] },
      y: { range: (_, __, most) => [0, Math.max(4, most * 1.1)] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        space: (plot) => (plot.width < 500 ? 54 : 80),
        values: (_, times) => times.map(timeText),
      },
      {
        ...axis,
        size: 56,
        space: 40,
        incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 1e6, 1e7],
        values: (_, ticks) => ticks.map(short),
      },
    ],
    series: [
      {},
      {
        fill: colour('--accent'),
        width: 0,
        points: { show: false },
        ...(uPlot.paths.bars && { paths: uPlot.paths.bars({ size: [0.7, 40], align: 0 }) }),
      },
    ],
  };
}

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const timeText = (seconds: number) => clock.format(new Date(seconds * 1000));
const compact = new Intl.NumberFormat('en', { notation: 'compact' });
const short = (number: number) => compact.format(number);
