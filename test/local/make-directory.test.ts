import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { makeDirectory } from '../../local/make-directory.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'make-directory-'));
});

afterEach(() => rmSync(root, { recursive: true }));

it('makes what is missing, and leaves what is there', () => {
  for (const path of ['a/b/c', 'a/b/c', 'a/b/', 'd/../e', '.', 'a/b/d/e']) {
    makeDirectory(`${root}/${path}`);
    expect(statSync(`${root}/${path}`).isDirectory(), path).toBe(true);
  }
});

it('takes a link to a directory for one', () => {
  symlinkSync(root, join(root, 'link'));
  makeDirectory(join(root, 'link'));
  makeDirectory(join(root, 'link/below'));
  expect(statSync(join(root, 'below')).isDirectory()).toBe(true);
});

it('fails where something else has the name', () => {
  writeFileSync(join(root, 'file'), '');
  symlinkSync(join(root, 'nowhere'), join(root, 'dangling'));
  expect(() => makeDirectory(join(root, 'file'))).toThrow('EEXIST');
  expect(() => makeDirectory(join(root, 'file/below'))).toThrow('ENOTDIR');
  expect(() => makeDirectory(join(root, 'dangling'))).toThrow('EEXIST');
  expect(() => makeDirectory(join(root, 'dangling/below'))).toThrow('EEXIST');
  expect(() => makeDirectory('')).toThrow('ENOENT');
});
