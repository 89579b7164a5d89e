/**
 * `npm run redrive`: replays the batches that a mapping gave up and left in the artifacts bucket.
 * Exit code 0: nothing is left, or it was a dry run; 1: batches are left, or nothing could be done.
 */
import { Command, InvalidArgumentError } from 'commander';

/** An unset variable leaves nothing, or makes the next option the name: `--dry-run` would be taken for a bucket. */
function bucketName(name: string): string {
  if (/^[a-z0-9]/.test(name)) return name;
  throw new InvalidArgumentError('It must be the name of a bucket: the output ArtifactsBucketName.');
}

const options = new Command('npm run redrive --')
  .description(
    'Replays failed batches from the artifacts bucket without applying anything twice. Works on a deployed ' +
      "environment or, with the variables that npm start prints, on a local one: the AWS SDK's own variables say " +
      'where (AWS_REGION or AWS_DEFAULT_REGION, AWS_PROFILE, AWS_ENDPOINT_URL_...). docs/faults.md says what is left, and what to do then.',
  )
  .requiredOption(
    '--bucket <name>',
    "the environment's artifacts bucket: the output ArtifactsBucketName, which npm start prints",
    bucketName,
  )
  .option('--dry-run', 'say what would be done, change nothing', false)
  .helpOption('-h, --help', 'show this help')
  .parse(process.argv)
  .opts<{ bucket: string; dryRun: boolean }>();

try {
  // What a command line that is wrong does not wait for.
  const [{ redriveResources }, { redrive }] = await Promise.all([
    import('./redrive/resources.ts'),
    import('../client/redrive/redrive.ts'),
  ]);
  const { batches, removed, left } = await redrive({
    ...options,
    resources: redriveResources(),
    say: (line) => console.log(line),
  });
  console.log(
    options.dryRun
      ? `${batches} batches; a dry run: nothing was changed`
      : `${batches} batches, ${removed} redriven and removed, ${left} left`,
  );
  if (left > 0) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
