/** A file of the site, by its path in it. */
export interface SiteFile {
  readonly path: string;
  readonly contents: string;
}

/**
 * The page. What stands here is a place for it: it says that there is a back end, which web/ replaces by what it builds.
 */
export function siteFiles(): readonly SiteFile[] {
  return [{ path: 'index.html', contents: placeholder }];
}

const placeholder = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Lotteries</title>
<p>The lotteries of now: <a href="live/index.json">live/index.json</a>, with the key and the endpoint of
<a href="config.json">config.json</a>.</p>
</html>
`;
