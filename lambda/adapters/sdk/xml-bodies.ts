import { unused } from './unused.ts';

/** In the place of what writes bodies in XML: those that functions send to S3 are objects. It is made for each client of S3 all the same. */
export class XmlShapeSerializer {
  readonly write = unused;
  readonly flush = unused;

  setSerdeContext(): void {}
}
