/** The pipeline on one machine: what flows where, how fast, and what is behind. */
import { useEffect, useState } from 'preact/hooks';
import { readPipeline } from '../machine/client.ts';
import type { FunctionState, PipelineState } from '../machine/types.ts';
import { useEnvironment } from './environment.ts';
import { PipelineGraph } from './pipeline-graph.tsx';
import { count, plain, Time } from './text.tsx';

const everyMs = 1_000;

export function Pipeline() {
  const { config } = useEnvironment();
  const [state, setState] = useState<PipelineState>();
  const [problem, setProblem] = useState<string>();
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout>;
    const read = async () => {
      try {
        const next = await readPipeline();
        if (isOver) return;
        setState(next);
        setProblem(undefined);
      } catch (error) {
        if (!isOver) setProblem(error instanceof Error ? error.message : String(error));
      }
      if (!isOver) timer = setTimeout(read, everyMs);
    };
    void read();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, []);
  const short = (name: string) => name.replace(`${config.environment}-`, '');
  return (
    <>
      <h1>Pipeline</h1>
      {problem !== undefined && (
        <p class="note is-bad" role="alert">
          The pipeline cannot be read right now: {plain(problem)}
        </p>
      )}
      {state === undefined ? (
        problem === undefined && <div class="skeleton is-tall" role="status" aria-label="Loading" />
      ) : (
        <>
          <Figures state={state} />
          <PipelineGraph state={state} short={short} />
          <div class="columns">
            <Watermarks state={state} short={short} />
            <Failures state={state} short={short} />
          </div>
        </>
      )}
    </>
  );
}

function Figures({ state }: { state: PipelineState }) {
  const { functions, openDraws, failedBatches, faults } = state;
  const mappings = functions.flatMap(({ mappings: some }) => some);
  const lag = Math.max(0, ...mappings.map(({ lagMs }) => lagMs));
  const paused = mappings.filter(({ isEnabled }) => !isEnabled).length;
  const windows = mappings.reduce((sum, { openWindows }) => sum + openWindows, 0);
  const figures: [string, string, boolean][] = [
    ['Furthest behind', `${(lag / 1000).toFixed(1)} s`, lag > 10_000],
    ['Draws open', count(openDraws), false],
    ['Windows open', count(windows), false],
    ['Mappings paused', count(paused), paused > 0],
    ['Batches given up', count(failedBatches), failedBatches > 0],
    ...(faults === undefined
      ? []
      : ([
          ['Faults injected', count(Object.values(faults).reduce((sum, some) => sum + some, 0)), false],
        ] satisfies [string, string, boolean][])),
  ];
  return (
    <dl class="figures">
      {figures.map(([label, value, isBad]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd class={isBad ? 'is-bad' : ''}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

interface PartProps {
  readonly state: PipelineState;
  short(name: string): string;
}

function Watermarks({ state: { watermarks, at } }: PartProps) {
  return (
    <section class="card" aria-labelledby="watermarks">
      <h2 id="watermarks">Watermarks</h2>
      <table class="watermarks">
        <thead>
          <tr>
            <th scope="col">Shard</th>
            <th scope="col">Complete until</th>
            <th scope="col">Behind</th>
          </tr>
        </thead>
        <tbody>
          {watermarks.map(({ shard, time }) => (
            <tr key={shard} class="watermark">
              <td>{plain(shard)}</td>
              <td>{time > 0 ? <Time time={time} /> : '–'}</td>
              <td>{time > 0 ? `${Math.max(0, (at - time) / 1000).toFixed(1)} s` : '–'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {watermarks.length === 0 && <p class="aside">None yet: nothing has come in.</p>}
    </section>
  );
}

function Failures({ state: { functions, faults }, short }: PartProps) {
  const failing = functions.filter(
    (one): one is FunctionState & Required<Pick<FunctionState, 'lastFailure'>> =>
      one.lastFailure !== undefined,
  );
  return (
    <section class="card" aria-labelledby="failures">
      <h2 id="failures">What went wrong</h2>
      {failing.length === 0 && <p class="aside">No invocation has failed.</p>}
      <ul class="findings">
        {failing.map(({ name, failed, lastFailure }) => (
          <li key={name}>
            <b>{short(name)}</b>: {count(failed)} failed, the last at <Time time={lastFailure.at} />:{' '}
            {plain(lastFailure.reason)}
          </li>
        ))}
      </ul>
      {faults !== undefined && (
        <>
          <p class="label">Injected</p>
          <ul class="findings">
            {Object.entries(faults).map(([kind, number]) => (
              <li key={kind}>
                {count(number)} {kind}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
