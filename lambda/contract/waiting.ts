import { beaconDelayMs } from '../core/beacon.ts';
import { quicknet } from './quicknet.ts';

/** What settings have to leave room for: the app refuses those that do not. In ms. */

/** What one call to AWS may take. */
export const requestTimeoutMs = 5_000;

/** How long an invocation of the ticks function waits, in all: for its ticks to be due, and their windows complete. */
export const ticksWaitingMs = 3_000;

/** From closing a draw until the round that draws it, at most: the delay, and the rest of a period. */
export const longestRoundWaitMs = beaconDelayMs + 1_000 * quicknet.periodSeconds;

/** How long the function of the key's public half asks KMS: then the deployment fails, and says why. */
export const publicKeyWaitingMs = 20_000;

/** How often it tries to give its answer, each time for what a call may take. */
export const answerAttempts = 5;
