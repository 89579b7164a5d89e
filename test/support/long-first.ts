import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Files that run the synthesized app: with their waits they are the long ones. */
const long =
  /\/test\/(?:integration|proof\/soak)\/|\/test\/(?:cli\/(?:redrive\/redrive|restore\/restore)|bench\/sections)\.test\.ts$/;

/** The order in which files run: one that begins last, and takes a minute, would run alone. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification) => long.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
