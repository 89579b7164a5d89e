/** Ids and prizes are their senders' words: any characters, 128 of them. Times and numbers are set so that they do not jump. */

/** What is not to be seen, or turns the text around it: written out, so that two ids that differ look different. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

export function plain(text: number | string): string {
  return String(text).replace(unseen, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}

/** Somebody else's words, on their own: they neither break the line's width nor its direction. */
export function Foreign({ text, class: name = '' }: { text: number | string; class?: string }) {
  return (
    <bdi class={`foreign ${name}`} dir="auto" title={plain(text)}>
      {plain(text)}
    </bdi>
  );
}

const whole = new Intl.NumberFormat('en');
export const count = (number: number): string => whole.format(number);
export const counted = (number: number, one: string, many = `${one}s`): string =>
  `${count(number)} ${number === 1 ? one : many}`;

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** Of this machine's time zone. @param time ms since 1970 */
export function Time({ time, isWhole = false }: { time: number; isWhole?: boolean }) {
  const date = new Date(time);
  if (Number.isNaN(date.valueOf())) return <span>–</span>;
  return (
    <time dateTime={date.toISOString()} title={date.toISOString()}>
      {(isWhole ? day : clock).format(date)}
    </time>
  );
}

/** As a clock shows what is left: 0:07, 12:30, 1:00:00. @param ms rounded up, so that 0:00 is the end */
export function remaining(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (number: number) => String(number).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

/** A hash: its beginning is enough to look at, and the whole can be selected. */
export function Hash({ value }: { value: string }) {
  return <code class="hash">{value}</code>;
}
