import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EnvironmentError } from '../../../client/environment/environment-error.ts';
import { findLocal } from '../../../client/environment/find-local.ts';
import { type LocalFile, leaveLocalFile, readLocalFile } from '../../../client/environment/local-file.ts';
import { listen, type RunningEngine } from '../../../local/engines/running-engine.ts';

let directory: string;
let server: RunningEngine;
let noted: string[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'local-file-'));
  server = await listen(
    createServer((_, response) => response.writeHead(404).end()),
    0,
  );
  noted = [];
});

afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

function fileOf(changes: Partial<LocalFile> = {}): LocalFile {
  const endpoint = `http://127.0.0.1:${server.port}`;
  return {
    ...{ pid: process.pid, startedAt: '2026-05-01T12:00:00.000Z', region: 'us-east-1' },
    endpoints: { kinesis: endpoint, dynamodb: endpoint, sqs: endpoint, s3: endpoint, shared: endpoint },
    ...changes,
  };
}

const find = (name = 'dev') => findLocal(name, { directory, note: (line) => noted.push(line) });

describe('the file of an environment on this machine', () => {
  it('is the owner’s alone, found while it runs, and gone behind it', async () => {
    const withdraw = leaveLocalFile('dev', fileOf(), directory);
    expect(statSync(join(directory, 'dev.json')).mode & 0o777).toBe(0o600);
    expect(await find()).toEqual(fileOf());
    expect(await find('staging')).toBeUndefined();
    withdraw();
    expect(readdirSync(directory)).toEqual([]);
    expect(noted).toEqual([]);
  });

  it('is removed by who finds it when its process is gone', async () => {
    // Above what a system gives to any process.
    leaveLocalFile('dev', fileOf({ pid: 2 ** 30 }), directory);
    expect(await find()).toBeUndefined();
    expect(readdirSync(directory)).toEqual([]);
    expect(noted).toEqual([expect.stringContaining('dev does not run on this machine any more')]);
  });

  it('is removed when nothing listens where it says', async () => {
    leaveLocalFile('dev', fileOf(), directory);
    await server.close();
    expect(await find()).toBeUndefined();
    expect(readdirSync(directory)).toEqual([]);
    server = await listen(createServer(), 0);
  });

  it('of a later process stays when the earlier one ends', () => {
    const withdraw = leaveLocalFile('dev', fileOf(), directory);
    const later = fileOf({ startedAt: '2026-05-01T13:00:00.000Z' });
    leaveLocalFile('dev', later, directory);
    withdraw();
    expect(readLocalFile('dev', directory)).toEqual(later);
  });

  it.each([
    ['is cut off', '{"pid":'],
    ['names another machine', JSON.stringify(fileWith('http://192.0.2.1:4567'))],
    ['names another machine behind this one', JSON.stringify(fileWith('http://127.0.0.1:80@example.org'))],
  ])('is none where it %s, and what is meant for it does not go to a deployed one', async (_, text) => {
    const path = join(directory, 'dev.json');
    writeFileSync(path, text);
    expect(readLocalFile('dev', directory)).toBeUndefined();
    await expect(find()).rejects.toThrow(
      new EnvironmentError(
        `${path} is no file that npm start of this version leaves: end what left it, and remove it`,
      ),
    );
    expect(readdirSync(directory)).toEqual(['dev.json']);
  });

  it('stays where somebody listens and does not answer', async () => {
    const rude = await listen(
      createServer(({ socket }) => socket.destroy()),
      0,
    );
    const shared = `http://127.0.0.1:${rude.port}`;
    leaveLocalFile('dev', fileOf({ endpoints: { ...fileOf().endpoints, shared } }), directory);
    await expect(find()).rejects.toThrow(
      `dev runs on this machine (process ${process.pid}), but ${shared} has ended the connection`,
    );
    expect(readdirSync(directory)).toEqual(['dev.json']);
    await rude.close();
  });

  it.each(['../dev', 'a/b', '', 'dev.json', '-x'])('has no name like %j', async (name) => {
    await expect(find(name)).rejects.toThrow(EnvironmentError);
  });
});

function fileWith(shared: string): object {
  const here = 'http://127.0.0.1:1';
  const endpoints = { kinesis: here, dynamodb: here, sqs: here, s3: here, shared };
  return { pid: process.pid, startedAt: '2026-05-01T12:00:00.000Z', region: 'us-east-1', endpoints };
}
