import type { Advice } from './advice.ts';
import { isClose, isExceeded, type Limit, type Met } from './limits/limit.ts';
import { columns, dollars } from './text-tables.ts';

const lineWidth = 80;

/** What to set, as it is given on the command line. */
export function adviceText(environment: string, advice: readonly Advice[]): string {
  if (advice.length === 0) return `To set beyond what ${environment} has: nothing`;
  const rows = advice.map(({ setting, value, why }) => [`  -c ${environment}:${setting}=${value}`, why]);
  const table = columns(rows, 2);
  const fits = table.split('\n').every((line) => line.length <= lineWidth);
  const lines = fits
    ? table
    : rows.map(([option, why]) => `${option}\n${wrapped(`${why}`, '      ')}`).join('\n');
  return `To set beyond what ${environment} has (the bill is with it):\n${lines}`;
}

/** All limits, and what to do about those that are exceeded. */
export function limitsText(all: readonly Met[]): string {
  const rows = all.map((met) => [
    `${markOf(met)} ${met.limit.service}`,
    met.limit.what,
    amount(met.needed),
    amount(met.there),
    met.metAt === undefined ? '-' : amount(met.metAt),
  ]);
  const head = ['  limit', '', 'needed', 'there', 'at clicks/s'];
  const remedies = all.filter(isExceeded).map(remedyText);
  const rest =
    remedies.length === 0
      ? 'No limit is exceeded.'
      : `Exceeded (!), and what lifts it:\n${remedies.join('\n')}`;
  const close = all.some(isClose) ? '\n\nClose (~): more than four fifths of what is there.' : '';
  return `${columns([head, ...rows], 2)}${close}\n\n${rest}`;
}

function markOf(met: Met): string {
  return isExceeded(met) ? '!' : isClose(met) ? '~' : ' ';
}

const lifts: Readonly<Record<Limit['by'], string>> = {
  setting: 'settings',
  quota: 'a quota, on request',
  itself: 'time: it grows',
  nobody: 'nothing, by design',
};

function remedyText({ limit: { service, what, by, remedy }, needed }: Met): string {
  const asked = by === 'quota' ? `ask for ${amount(needed)} or more of ` : '';
  return `! ${service}, ${what}: ${lifts[by]}\n${wrapped(`${asked}${remedy}`, '    ')}`;
}

/** The cheapest way to have the same. */
export function cheapestText(
  environment: string,
  choice: Readonly<Record<string, unknown>>,
  { month, millionClicks }: { readonly month: number; readonly millionClicks: number },
): string {
  const options = Object.entries(choice).map(([setting, value]) => `-c ${environment}:${setting}=${value}`);
  const head = `At its cheapest, under a load that does not change: ${dollars(month)} a month, ${dollars(millionClicks)} a million clicks`;
  return `${wrapped(head, '')}\n${wrapped(options.join(' '), '  ', / (?=-c )/)}`;
}

/** Whole from 10 on; a part of one is seen. */
function amount(value: number): string {
  const maximumFractionDigits = value >= 10 ? 0 : 1;
  return value.toLocaleString('en-US', { maximumFractionDigits });
}

/** In lines of a terminal. @param between where a line may end */
export function wrapped(text: string, indent: string, between = / /): string {
  const lines: string[] = [];
  for (const word of text.split(between)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > lineWidth) lines.push(indent + word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join('\n');
}
