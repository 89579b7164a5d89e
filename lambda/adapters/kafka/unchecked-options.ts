import { unused } from '../sdk/unused.ts';

/**
 * In the place of the validator with which Kafka's client checks its options and calls if it is told to (`strict`), which
 * `broker-access.ts` does not. It compiles a schema for each as it loads, which was most of the time that takes.
 */
export class Ajv2020 {
  readonly errorsText = unused;

  addKeyword(): this {
    return this;
  }

  compile(): typeof unused {
    return unused;
  }
}
