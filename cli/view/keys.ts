import { type Asked, buyOf, clickOf, startOf, stopOf, type Understood } from './commands.ts';

/** What the keys have to do with just now. */
export type Mode =
  | { kind: 'watch' }
  | { kind: 'help' }
  /** The guide from this line on. */
  | { kind: 'guide'; top: number }
  | { kind: 'ask'; what: Asked; text: string }
  /** Whether that lottery shall be stopped. */
  | { kind: 'stop'; lotteryId: string }
  /** Which function shall be paused, or go on. */
  | { kind: 'pause' };

export interface Ui {
  mode: Mode;
  /** The id of a lottery; the first one of those that are shown where it is none of them. */
  selected?: string;
  /** Who bought or clicked last. */
  user: string;
  /** What came of the last key. */
  message: string;
}

/** A key, or what was pasted, as ink tells it. */
export interface Pressed {
  input: string;
  return?: boolean;
  escape?: boolean;
  backspace?: boolean;
  delete?: boolean;
  upArrow?: boolean;
  downArrow?: boolean;
  ctrl?: boolean;
  meta?: boolean;
}

/**
 * What comes at once, pasted or typed ahead on a slow line, is a text and Enter where it has a line end; what is behind that is
 * left out: it was not typed for what is asked next.
 */
export function pressesOf(pressed: Pressed): Pressed[] {
  const end = pressed.input.search(/[\r\n]/);
  return end <= 0 ? [pressed] : [{ input: pressed.input.slice(0, end) }, { input: '', return: true }];
}

/** What is known when a key is pressed. */
export interface Known {
  /** Ids, as they are shown. */
  lotteries: readonly string[];
  /** Names, as they are shown. */
  functions: readonly string[];
  /** The line of the guide that it can be read from at the most. */
  guideTop: number;
  /** ms. */
  now: number;
}

export type Action =
  | { type: 'quit' }
  | { type: 'put'; event: object }
  | { type: 'toggle'; functionName: string };

export interface Next {
  ui: Ui;
  action?: Action;
}

/** Longer than any id with a few prizes; what is pasted beyond that is left out. */
const MOST_TEXT = 4_000;
const GUIDE_STEP = 1;

export const initialUi: Ui = { mode: { kind: 'watch' }, user: '1', message: '' };

/** The lottery that keys mean: undefined where there is none. */
export function selectedOf({ selected }: Ui, lotteries: readonly string[]): string | undefined {
  return selected !== undefined && lotteries.includes(selected) ? selected : lotteries[0];
}

export function press(ui: Ui, pressed: Pressed, known: Known): Next {
  if (pressed.ctrl) return pressed.input === 'c' ? { ui, action: { type: 'quit' } } : { ui };
  switch (ui.mode.kind) {
    case 'watch':
      return watching(ui, pressed, known);
    case 'help':
      return pressed.input === 'q' ? { ui, action: { type: 'quit' } } : { ui: watch(ui) };
    case 'guide':
      return reading(ui, ui.mode, pressed, known);
    case 'ask':
      return typing(ui, ui.mode, pressed, known);
    case 'stop':
      if (pressed.input !== 'y') return { ui: watch(ui, 'Not stopped') };
      return { ui: watch(ui), action: { type: 'put', event: stopOf(ui.mode.lotteryId) } };
    case 'pause':
      return choosing(ui, pressed, known);
    default:
      return ui.mode satisfies never;
  }
}

function watch(ui: Ui, message = ''): Ui {
  return { ...ui, mode: { kind: 'watch' }, message };
}

function watching(ui: Ui, pressed: Pressed, known: Known): Next {
  if (pressed.upArrow || pressed.downArrow) return { ui: move(ui, pressed.upArrow ? -1 : 1, known) };
  const lotteryId = selectedOf(ui, known.lotteries);
  const mode = (next: Mode): Next => ({ ui: { ...ui, mode: next, message: '' } });
  const noLottery = { ui: watch(ui, 'There is no lottery yet: s starts one') };
  switch (pressed.input) {
    case 'q':
      return { ui, action: { type: 'quit' } };
    case '?':
    case 'h':
      return mode({ kind: 'help' });
    case 'e':
      return mode({ kind: 'guide', top: 0 });
    case 's':
      return mode({ kind: 'ask', what: 'start', text: '' });
    case 'x':
      return lotteryId === undefined ? noLottery : mode({ kind: 'stop', lotteryId });
    case 'b':
      return mode({ kind: 'ask', what: 'buy', text: ui.user });
    case 'c':
      return lotteryId === undefined ? noLottery : mode({ kind: 'ask', what: 'click', text: ui.user });
    case 'p':
      return mode({ kind: 'pause' });
    default:
      return { ui };
  }
}

function move(ui: Ui, by: number, { lotteries }: Known): Ui {
  const now = lotteries.indexOf(selectedOf(ui, lotteries) ?? '');
  const selected = lotteries[Math.min(Math.max(now + by, 0), lotteries.length - 1)];
  return selected === undefined ? ui : { ...ui, selected };
}

function reading(ui: Ui, { top }: { top: number }, pressed: Pressed, { guideTop }: Known): Next {
  if (pressed.input === 'q') return { ui, action: { type: 'quit' } };
  if (!pressed.upArrow && !pressed.downArrow) return { ui: watch(ui) };
  const next = top + (pressed.upArrow ? -GUIDE_STEP : GUIDE_STEP);
  return { ui: { ...ui, mode: { kind: 'guide', top: Math.min(Math.max(next, 0), guideTop) } } };
}

function typing(ui: Ui, mode: Extract<Mode, { kind: 'ask' }>, pressed: Pressed, known: Known): Next {
  if (pressed.escape) return { ui: watch(ui) };
  if (pressed.return) return answered(ui, mode, known);
  const asked = (text: string): Next => ({ ui: { ...ui, mode: { ...mode, text } } });
  if (pressed.backspace || pressed.delete) return asked([...mode.text].slice(0, -1).join(''));
  if (pressed.meta || pressed.upArrow || pressed.downArrow) return { ui };
  return asked((mode.text + pressed.input.replace(/\p{Cc}/gu, '')).slice(0, MOST_TEXT));
}

function answered(ui: Ui, { what, text }: Extract<Mode, { kind: 'ask' }>, known: Known): Next {
  const understood = understand(what, text, selectedOf(ui, known.lotteries), known.now);
  if ('problem' in understood) return { ui: watch(ui, understood.problem) };
  const user = what === 'start' ? ui.user : (text.trim().split(/\s+/)[0] ?? ui.user);
  return { ui: watch({ ...ui, user }), action: { type: 'put', event: understood.event } };
}

function understand(what: Asked, text: string, lotteryId: string | undefined, now: number): Understood {
  switch (what) {
    case 'start':
      return startOf(text);
    case 'buy':
      return buyOf(text);
    case 'click':
      return lotteryId === undefined ? { problem: 'There is no lottery' } : clickOf(text, lotteryId, now);
    default:
      return what satisfies never;
  }
}

function choosing(ui: Ui, { input }: Pressed, { functions }: Known): Next {
  const functionName = functions[Number(input) - 1];
  if (!/^[1-9]$/.test(input) || functionName === undefined) return { ui: watch(ui) };
  return { ui: watch(ui), action: { type: 'toggle', functionName } };
}
