import type { Address } from './request.ts';

/** What came of a request, for CloudFormation. */
export type Answer =
  | { readonly Status: 'SUCCESS'; readonly PhysicalResourceId: string; readonly Data?: { PublicKey: string } }
  | { readonly Status: 'FAILED'; readonly PhysicalResourceId: string; readonly Reason: string };

/** CloudFormation takes no more (AWS CloudFormation User Guide, custom resource response objects). */
const maximumBytes = 4_096;

/** @returns JSON; a reason that is too long ends early */
export function answerText(address: Address, answer: Answer): string {
  const { ResponseURL: _, ...of } = address;
  const text = JSON.stringify({ ...answer, ...of });
  if (answer.Status === 'SUCCESS' || Buffer.byteLength(text) <= maximumBytes) return text;
  const Reason = `${answer.Reason.slice(0, answer.Reason.length / 2)}…`;
  return answerText(address, { ...answer, Reason });
}
