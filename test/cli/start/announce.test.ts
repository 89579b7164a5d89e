import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { announce } from '../../../cli/start/announce.ts';
import { type LocalFile, leaveLocalFile, readLocalFile } from '../../../client/environment/local-file.ts';

const at = 'http://127.0.0.1:1';
const endpoints = { kinesis: at, dynamodb: at, sqs: at, s3: at, kms: at };
const runtime = { region: 'us-east-1', endpoints, lambdaEndpoint: at, outputs: {} };

/** The file is looked at meanwhile. */
const LONG_MS = 10_000;

let directory: string;
let notes: string[];
let withdraw: () => void;

beforeEach(() => {
  vi.useFakeTimers();
  directory = mkdtempSync(join(tmpdir(), 'announce-'));
  notes = [];
});

afterEach(() => {
  withdraw();
  vi.useRealTimers();
  rmSync(directory, { recursive: true });
});

function announced(): void {
  const screen = { note: (text: string) => notes.push(text) };
  withdraw = announce('dev', { runtime, screen, directory });
}

const found = () => readLocalFile('dev', directory)?.pid;

/** A process that runs, and is another one: the one that has started this one. */
function other(pid = process.ppid): LocalFile {
  const { kinesis, dynamodb, sqs, s3 } = endpoints;
  const startedAt = '2026-05-01T12:00:00.000Z';
  return { pid, startedAt, region: 'us-east-1', endpoints: { kinesis, dynamodb, sqs, s3, shared: at } };
}

describe('what npm start leaves for the other commands', () => {
  it('is left again where it is gone, and is gone in the end', () => {
    announced();
    rmSync(join(directory, 'dev.json'));
    vi.advanceTimersByTime(LONG_MS);
    expect(found()).toBe(process.pid);
    withdraw();
    vi.advanceTimersByTime(LONG_MS);
    expect(found()).toBeUndefined();
    expect(notes).toEqual([]);
  });

  it('takes the place of another one that runs, and says so', () => {
    leaveLocalFile('dev', other(), directory);
    announced();
    expect(found()).toBe(process.pid);
    expect(notes).toEqual([expect.stringContaining(`(process ${process.ppid})`)]);
  });

  it('says nothing of one that was killed', () => {
    // Above what a system gives to any process.
    leaveLocalFile('dev', other(2 ** 30), directory);
    announced();
    expect(notes).toEqual([]);
  });

  it('leaves its place to a later one, until that was killed', () => {
    announced();
    leaveLocalFile('dev', other(), directory);
    vi.advanceTimersByTime(LONG_MS);
    expect(found()).toBe(process.ppid);
    leaveLocalFile('dev', other(2 ** 30), directory);
    vi.advanceTimersByTime(LONG_MS);
    expect(found()).toBe(process.pid);
  });
});
