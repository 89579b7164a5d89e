import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));
const pages = globSync(['*.md', '{bench,cli,client,docs,lambda,lib,local,proof,test,verify}/**/*.md'], {
  cwd: root,
});
const text = (file: string) => readFileSync(join(root, file), 'utf8');

/** What stands between fences is no text: comments of a shell look like headings. */
const prose = (file: string) => text(file).replace(/^ *```[\s\S]*?^ *```$/gm, '');

function headings(file: string): string[] {
  return [...prose(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
}

/** As GitHub makes it. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\d _-]/gu, '')
    .replaceAll(' ', '-');
}

it('every link of the documents leads to a file and, where it names one, to a section of it', () => {
  const links = pages.flatMap((page) =>
    [...prose(page).matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)/g)].map(([, path, section]) => ({
      page,
      file: path ? normalize(join(dirname(page), path)) : page,
      section,
    })),
  );
  expect(links.length).toBeGreaterThan(30);
  const dead = links.filter(({ file, section }) => {
    if (!existsSync(join(root, file))) return true;
    return section !== undefined && !headings(file).map(anchor).includes(section);
  });
  expect(dead).toEqual([]);
});

it('the runbook refers to its sections by links, which would be missed here', () => {
  const titles = headings('docs/runbook.md').filter((heading) => /[A-Z].* /.test(heading));
  expect(titles.length).toBeGreaterThan(10);
  const unlinked = prose('docs/runbook.md')
    .replace(/^#.*$/gm, '')
    .replace(/\[[^\]]*\]\([^)]*\)/g, '');
  expect(titles.filter((title) => unlinked.replace(/\s+/g, ' ').includes(title))).toEqual([]);
});

it('code names sections of the runbook that are there', () => {
  const files = globSync(
    ['{bin,bench,cli,client,lambda,lib,local,proof,verify}/**/*.ts', '.github/**/*.{sh,yml}'],
    { cwd: root },
  );
  const named = files.flatMap((file) =>
    // Over the end of a line there are quotes, comment signs and spaces between the two.
    [...text(file).matchAll(/runbook\.md,[\s',*#/+]*"([^"]+)"/g)].map(([, title]) => ({ file, title })),
  );
  expect(named.length).toBeGreaterThan(4);
  const titles = headings('docs/runbook.md');
  expect(named.filter(({ title = '' }) => !titles.includes(title))).toEqual([]);
});
