import { Box, Text } from 'ink';
import { createElement as h, type ReactElement } from 'react';
import { printable } from '../start/describe.ts';
import { countdown, timeOf } from '../times.ts';
import { questions } from './commands.ts';
import { type Mode, selectedOf, type Ui } from './keys.ts';
import { layoutOf, pageRows, type Size, wrapped } from './layout.ts';
import type { ViewState } from './model.ts';
import { counts, functions, lotteries, number, winners } from './parts.ts';
import { line } from './table.ts';

export interface AppProps extends Size {
  environment: string;
  /** Address of the page, where there is one. */
  page?: string;
  /** When it was started, ms. */
  since: number;
  state: ViewState;
  ui: Ui;
  /** Lines, safe for a terminal. */
  guide: readonly string[];
}

const LEAST_COLUMNS = 72;
const LEAST_ROWS = 18;

const help = [
  's  start a lottery, with prizes or without',
  'x  stop the chosen lottery',
  'b  buy coupons for a user',
  'c  click in the chosen lottery as a user',
  'p  pause a function, or have it go on: by its number',
  'up, down  choose a lottery',
  'e  endpoints and commands for the AWS CLI',
  '?  this help',
  'q, Ctrl-C  end the environment',
  '',
  'ENTRIES  clicks in the window of now',
  'DRAWING  draws that are closed and wait for their winner',
  'WON      of a lottery: draws with a winner; below: when its window ended',
  'OF       how many entries the winner was drawn from',
  'LAG      age of the oldest record that was read and is not done',
  'UNDONE   records that were read and are not done',
  'FAILED   invocations that failed so far; a failed one is tried again',
];

/** The whole view, as large as the terminal. */
export function app(props: AppProps): ReactElement {
  const { columns, rows, ui } = props;
  const box = (...children: ReactElement[]) =>
    h(Box, { flexDirection: 'column', width: columns, height: rows, overflow: 'hidden' }, ...children);
  if (columns < LEAST_COLUMNS || rows < LEAST_ROWS)
    return box(
      line(`Too small: ${LEAST_COLUMNS}x${LEAST_ROWS} at least, this is ${columns}x${rows}`),
      line('q ends the environment'),
    );
  if (ui.mode.kind === 'help') return box(...page(props, 'Keys', help, 0));
  if (ui.mode.kind === 'guide')
    return box(...page(props, 'For the AWS CLI (up, down)', props.guide, ui.mode.top));
  return box(...watching(props));
}

function watching(props: AppProps): ReactElement[] {
  const { state, ui, columns, rows, environment, page: address } = props;
  const { faults } = state;
  const layout = layoutOf(rows, {
    ...{ lotteries: state.lotteries.length, winners: state.winners.length },
    ...{ functions: state.functions.length, hasFaults: faults !== undefined },
  });
  const selected = selectedOf(
    ui,
    state.lotteries.map(({ id }) => id),
  );
  return [
    title(props),
    line(address === undefined ? '' : `The page: ${address}`, { dimColor: true }, 'address'),
    h(
      Box,
      { key: 'lotteries', flexDirection: 'column', height: layout.lotteries + 1, flexShrink: 0 },
      lotteries(state, { shown: layout.lotteries, selected, columns }),
    ),
    line('', {}, 'blank 2'),
    h(
      Box,
      { key: 'middle', height: layout.middle + 1, flexShrink: 0, columnGap: 3, overflow: 'hidden' },
      winners(state.winners, layout.middle),
      functions(state.functions, {
        shown: layout.middle,
        isAsked: ui.mode.kind === 'pause',
        prefix: `${environment}-`,
      }),
    ),
    h(Box, { key: 'space', flexGrow: 1 }),
    labelled('Rejected', counts(state.rejected)),
    ...(faults ? [labelled('Faults', `${number(faults.total)}: ${counts(faults.byKind)}`)] : []),
    note(state),
    prompt(ui),
    line(keysOf(ui.mode), { dimColor: true }, 'keys'),
  ];
}

function title({ environment, since, state, columns }: AppProps): ReactElement {
  const running = `running ${countdown(state.at - since)}`;
  return h(
    Box,
    { key: 'title', height: 1, flexShrink: 0, justifyContent: 'space-between', width: columns },
    h(Text, { bold: true, wrap: 'truncate-end' }, `Lottery Streams: ${environment}`),
    h(Text, { dimColor: true, wrap: 'truncate-end' }, `${running}   ${timeOf(state.at)} UTC`),
  );
}

function labelled(label: string, text: string): ReactElement {
  return h(
    Box,
    { key: label, height: 1, flexShrink: 0, columnGap: 1 },
    h(Box, { width: 9, flexShrink: 0 }, h(Text, { dimColor: true }, label.toUpperCase())),
    h(Box, { flexGrow: 1, flexBasis: 0 }, h(Text, { wrap: 'truncate-end' }, text)),
  );
}

function note({ notes }: ViewState): ReactElement {
  const last = notes.at(-1);
  return last === undefined
    ? line('', {}, 'note')
    : line(`${timeOf(last.at)} ${last.text}`, { color: 'yellow' }, 'note');
}

function prompt({ mode, message }: Ui): ReactElement {
  switch (mode.kind) {
    case 'ask':
      // What is typed last is what counts: of a long text the end is shown.
      return line(
        `${questions[mode.what]}: ${printable(mode.text)}_`,
        { bold: true, wrap: 'truncate-start' },
        'prompt',
      );
    case 'stop':
      return line(
        `Stop lottery ${printable(mode.lotteryId)}? y stops it, any other key does not`,
        { bold: true, wrap: 'truncate-middle' },
        'prompt',
      );
    case 'pause':
      return line(
        'Pause which function, or have it go on? Its number, or any other key',
        { bold: true },
        'prompt',
      );
    default:
      return line(message, { wrap: 'truncate-middle' }, 'prompt');
  }
}

function keysOf(mode: Mode): string {
  return mode.kind === 'ask'
    ? 'Enter does it   Esc does not'
    : 's start  x stop  b buy  c click  p pause  e endpoints  ? help  q quit';
}

/** Lines on a page of their own. */
function page(props: AppProps, heading: string, lines: readonly string[], top: number): ReactElement[] {
  const shown = wrapped(lines, props.columns).slice(top, top + pageRows(props));
  return [
    title(props),
    line('', {}, 'blank'),
    line(heading, { bold: true }, 'heading'),
    ...shown.map((text, index) => line(text, {}, `line ${index}`)),
    h(Box, { key: 'space', flexGrow: 1 }),
    line('Any other key: back   q quit', { dimColor: true }, 'keys'),
  ];
}
