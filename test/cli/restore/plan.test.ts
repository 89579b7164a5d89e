import { describe, expect, it } from 'vitest';
import { type Found, type FoundTable, planRestore, type RestoreChoices } from '../../../cli/restore/plan.ts';
import { backupsSource, setName, timeSource } from '../../../cli/restore/source.ts';

const at = new Date('2026-05-01T12:00:00Z');
const now = new Date('2026-05-01T13:00:00Z');
const set = setName(at);

const table: FoundTable = {
  name: 'dev-users',
  copy: undefined,
  recovery: { earliest: new Date('2026-04-01T00:00:00Z'), latest: new Date('2026-05-01T12:55:00Z') },
  backups: [{ arn: 'arn:users', status: 'AVAILABLE' }],
};

const found: Found = {
  environment: 'dev',
  tables: [table],
  mappings: [{ uuid: 'mapping-1', functionName: 'dev-draw', state: 'Disabled' }],
  retentionHours: 24,
  now,
};

const toTime: RestoreChoices = {
  source: { kind: 'time', at },
  disableMappings: false,
  acceptLostEvents: false,
};
const fromBackups: RestoreChoices = { ...toTime, source: backupsSource(set) };

const refusals = (changes: Partial<FoundTable>, choices = toTime) =>
  planRestore({ ...found, tables: [{ ...table, ...changes }] }, choices).refusals;

describe('a plan', () => {
  it('restores each table into a copy of its own, by recovery or from its backup', () => {
    const two = { ...found, tables: [table, { ...table, name: 'dev-seeds', backups: [] }] };
    expect(planRestore(two, toTime)).toMatchObject({
      refusals: [],
      steps: [
        { table: 'dev-users', copy: 'dev-users-restoring', isCopyThere: false },
        { table: 'dev-seeds', copy: 'dev-seeds-restoring', isCopyThere: false },
      ],
    });
    expect(planRestore(found, fromBackups).steps).toEqual([
      { table: 'dev-users', copy: 'dev-users-restoring', isCopyThere: false, backupArn: 'arn:users' },
    ]);
  });

  it('goes on with the copies of an earlier run, and with no others', () => {
    const copyOf = (from: { at: Date; backupArn?: string } | undefined) => ({ from });
    const same = { ...table, copy: copyOf({ at }) };
    expect(planRestore({ ...found, tables: [same] }, toTime)).toMatchObject({
      refusals: [],
      steps: [{ isCopyThere: true }],
    });
    const later = new Date(at.getTime() + 1_000);
    expect(refusals({ copy: copyOf({ at: later }) })).toEqual([
      expect.stringMatching(
        /^dev-users-restoring is there and not of 2026-05-01T12:00:00Z: it is of 2026-05-01T12:00:01Z\. .*delete-table/,
      ),
    ]);
    expect(refusals({ copy: copyOf(undefined) })).toEqual([expect.stringContaining('no restore made it')]);
    expect(refusals({ copy: copyOf({ at, backupArn: 'arn:users' }) })).toHaveLength(1);
    expect(refusals({ copy: copyOf({ at, backupArn: 'arn:users' }) }, fromBackups)).toEqual([]);
    expect(refusals({ copy: copyOf({ at, backupArn: 'arn:older' }) }, fromBackups)).toHaveLength(1);
    expect(refusals({ copy: copyOf({ at }) }, fromBackups)).toHaveLength(1);
  });

  it('needs a copy of an earlier run to be within no window any more', () => {
    const copy = { from: { at } };
    expect(refusals({ copy, recovery: undefined })).toEqual([]);
  });

  it('refuses a table without recovery, and a time outside of it', () => {
    expect(refusals({ recovery: undefined })).toEqual([
      expect.stringContaining('dev-users has no point-in-time recovery'),
    ]);
    const recovery = { earliest: new Date('2026-05-01T12:00:01Z'), latest: now };
    expect(refusals({ recovery })).toEqual([
      'dev-users can be restored to a time from 2026-05-01T12:00:01Z to 2026-05-01T13:00:00Z, ' +
        'not to 2026-05-01T12:00:00Z',
    ]);
  });

  it('refuses a set that lacks a table, has one twice, or is not made yet', () => {
    const backup = { arn: 'arn:users', status: 'AVAILABLE' };
    expect(refusals({ backups: [] }, fromBackups)).toEqual([
      `dev-users has no backup ${set}: a set has one of each table`,
    ]);
    expect(refusals({ backups: [backup, backup] }, fromBackups)).toHaveLength(1);
    expect(refusals({ backups: [{ ...backup, status: 'CREATING' }] }, fromBackups)).toEqual([
      `The backup ${set} of dev-users is CREATING`,
    ]);
  });

  it('refuses while a mapping is enabled, with the command that disables it, unless it is to be disabled', () => {
    const enabled = {
      ...found,
      mappings: [{ uuid: 'mapping-1', functionName: 'dev-draw', state: 'Enabled' }],
    };
    expect(planRestore(enabled, toTime).refusals).toEqual([
      'The event source mapping of dev-draw is Enabled (--disable-mappings, or ' +
        'aws lambda update-event-source-mapping --no-enabled --uuid mapping-1)',
    ]);
    expect(planRestore(enabled, { ...toTime, disableMappings: true }).refusals).toEqual([]);
  });

  it('refuses to lose what the streams have let go of, unless it is accepted, and says what', () => {
    const late = { ...found, now: new Date('2026-05-02T13:00:00Z') };
    expect(planRestore(late, toTime).refusals).toEqual([
      expect.stringContaining(
        'what came from 2026-05-01T12:00:00Z to 2026-05-01T13:00:00Z cannot be applied again',
      ),
    ]);
    const accepted = planRestore(late, { ...toTime, acceptLostEvents: true });
    expect(accepted.refusals).toEqual([]);
    expect(accepted.lines.join('\n')).toContain('from 2026-05-01T12:00:00Z until then are lost');
    expect(planRestore(found, toTime).lines.join('\n')).toContain('they have all of it still');
  });

  it('takes imported copies as they are, all of them, and says that nothing comes again', () => {
    const imported: RestoreChoices = { ...toTime, source: { kind: 'imported', at } };
    expect(refusals({}, imported)).toEqual([
      'Not there: dev-users-restoring. Every table has to be imported first',
    ]);
    const late = { ...found, now: new Date('2026-06-01T00:00:00Z') };
    const copy = { from: undefined };
    const plan = planRestore({ ...late, tables: [{ ...table, copy }] }, imported);
    expect(plan).toMatchObject({ refusals: [], steps: [{ isCopyThere: true }] });
    expect(plan.lines.join('\n')).toContain('What was applied after 2026-05-01T12:00:00Z is lost');
  });

  it('says of imported copies of which some are gone what an interrupted run leaves to do', () => {
    const tables = ['dev-draws', 'dev-seeds', 'dev-users'].map((name, index) => ({
      ...{ ...table, name },
      copy: index === 0 ? undefined : { from: undefined },
    }));
    const imported: RestoreChoices = { ...toTime, source: { kind: 'imported', at } };
    expect(planRestore({ ...found, tables }, imported).refusals).toEqual([
      'Not there: dev-draws-restoring. Every table has to be imported first, unless an earlier run said that all ' +
        'tables are restored: then nothing is left but to delete the other copies: ' +
        'aws dynamodb delete-table --table-name dev-seeds-restoring; ' +
        'aws dynamodb delete-table --table-name dev-users-restoring',
    ]);
  });

  it('says how the tables can be had back as they are now, or that they cannot', () => {
    expect(planRestore(found, toTime).lines.at(-1)).toContain('--to 2026-05-01T13:00:00Z');
    const backups = { ...found, tables: [{ ...table, recovery: undefined }] };
    expect(planRestore(backups, fromBackups).lines.at(-1)).toContain('cannot be had back');
  });
});

describe('a source', () => {
  it('is a time with its zone, to the second', () => {
    expect(timeSource('time', '2026-05-01T14:00:00+02:00')).toEqual({ kind: 'time', at });
    for (const text of [
      '2026-02-31T00:00:00Z',
      '2026-05-01T12:00:00',
      '2026-05-01',
      '2026-05-01T12:00:00.5Z',
      'yesterday',
      '2026-13-01T00:00:00Z',
    ])
      expect(() => timeSource('time', text)).toThrow(`'${text}' is no time with a time zone`);
  });

  it('is a set of backups that were made while nothing wrote, and no other', () => {
    expect(backupsSource('paused-20260501T120000Z')).toEqual({ kind: 'backups', set, at });
    for (const name of [
      'nightly',
      'paused-',
      'paused-20261301T000000Z',
      'arn:aws:dynamodb:us-east-1:1:table/x/backup/1',
    ])
      expect(() => backupsSource(name)).toThrow(`'${name}' is no set of backups`);
  });
});
