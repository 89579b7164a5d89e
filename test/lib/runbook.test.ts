import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type AlarmKind, alarmKinds } from '../../lib/monitoring/alarm-kinds.ts';
import { alarms } from './alarms.ts';
import { synthesize, synthesizeLive } from './synthesize.ts';

/**
 * Whether a pause, a restore or a replay sets an alarm of the kind off though nothing is wrong: a function that may not
 * run, records as old as the stream, events that come again, clicks after their draws, and as much as there is at once.
 */
const setOffOnPurpose: Readonly<Record<AlarmKind, boolean>> = {
  'input-lag': true,
  'input-unread': true,
  'archive-late': true,
  'page-late': true,
  'page-refused': false,
  'page-incomplete': true,
  'puts-failed': false,
  'function-errors': false,
  'function-throttles': true,
  'function-timeouts': false,
  'loop-stopped': false,
  'draws-late': true,
  'draws-missing': true,
  'draws-held-up': true,
  'events-unreadable': true,
  'clock-differs': true,
  'write-conflicts': false,
  'write-failures': false,
  'events-replayed': true,
  'entries-refunded': true,
  'records-ignored': false,
  'seeds-missing': false,
  'blocks-missing': false,
  'beacon-missing': false,
  'batches-failed': false,
  'batches-undelivered': false,
  'records-dropped': false,
  'retention-near': true,
  'ticks-dead-lettered': false,
  'table-throttles': true,
  'stream-throttles': true,
  'read-throttles': true,
};

describe('the runbook', () => {
  const byName = new Map([...alarms(synthesize('dev').processing), ...alarms(synthesizeLive('dev'))]);
  const text = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
  const entries = new Map(
    text
      .split(/^### /m)
      .slice(1)
      .map((entry) => [entry.slice(0, entry.indexOf('\n')), entry]),
  );

  it.each(Object.entries(alarmKinds))('says what to do about %s', (kind, { severity }) => {
    const entry = entries.get(kind) ?? '';
    for (const part of ['**Means.**', '**Look at.**', '**Do.**']) expect(entry).toContain(part);
    expect(entry.split('\n')[2]).toBe(`Severity: ${severity}.`);
    const ofKind = [...byName.keys()].filter((name) => name.startsWith(`dev-${kind}`));
    expect(ofKind.length).toBeGreaterThan(0);
  });

  it('mutes the kinds that a pause or a replay sets off, and no others', () => {
    const lines = [...text.matchAll(/^MUTED="(?:\$MUTED )?(.*)"$/gm)];
    const muted = lines.flatMap(([, kinds = '']) => kinds.split(' '));
    const expected = Object.entries(setOffOnPurpose).filter(([, isSetOff]) => isSetOff);
    expect(muted).toEqual(expected.map(([kind]) => kind));
    // They are found by the start of their names.
    const found = [...byName.keys()].filter((name) => muted.some((kind) => name.startsWith(`dev-${kind}`)));
    const ofKinds = found.filter((name) => muted.some((kind) => new RegExp(`^dev-${kind}(-|$)`).test(name)));
    expect(found).toEqual(ofKinds);
    // What one call of DisableAlarmActions takes.
    expect(found.length).toBeLessThanOrEqual(100);
  });

  it('says in each section that stops a function, or moves one back, to mute before', () => {
    const stops =
      /--no-enabled|--disable-mappings|delete-event-source-mapping|put-function-concurrency|cdk destroy.*Processing|disable the mappings/;
    const stopping = [...entries].filter(
      ([, entry]) => stops.test(entry) || /^3\. .*Pause the inputs/m.test(entry),
    );
    expect(stopping.map(([heading]) => heading)).toContain('Replay from a timestamp');
    const silent = stopping.filter(
      ([, entry]) => !/\(#(mute-what-is-done-on-purpose|make-the-processing-stack-anew)\)/.test(entry),
    );
    expect(silent.map(([heading]) => heading)).toEqual([]);
  });

  it('has no entry for an alarm that is not there', () => {
    const headings = [...entries.keys()].filter((heading) => /^[a-z-]+$/.test(heading));
    expect(headings.sort()).toEqual(Object.keys(alarmKinds).sort());
  });
});
