import { z } from 'zod';
import { ServiceError } from '../errors.ts';

/** A stream is named by its name or its ARN. */
export const streamName = { StreamName: z.string().optional(), StreamARN: z.string().optional() };

export interface StreamNamed {
  readonly StreamName?: string | undefined;
  readonly StreamARN?: string | undefined;
}

/** @throws ServiceError */
export function nameOf({ StreamName: name, StreamARN: arn }: StreamNamed): string {
  const named = name ?? arn?.slice(arn.indexOf('/') + 1);
  if (named !== undefined) return named;
  throw new ServiceError('InvalidArgumentException', 'Either StreamName or StreamARN should be provided.');
}
