import { hash } from 'node:crypto';
import type { AwsAnswer } from '../proxy/aws-call.ts';
import { BEACON_ID, type Chain, groupHashOf, roundAt, SCHEME } from './chain.ts';
import { mirrorOf } from './mirrors.ts';

/** A round's number as drand's relays read it. */
const ROUND = /^\d{1,15}$/;

/**
 * What a relay of drand answers (docs.drand.love, HTTP API, version 1): `/chains`, `/<chain hash>/info`,
 * `/<chain hash>/public/latest` and `/<chain hash>/public/<round>`. A round that is to come is 425 Too Early, as of
 * drand/http-relay; a relay holds the very next one back until it is there, and here it is 425 as well.
 * @param now when it is asked, ms @param path with or without a mirror before it, and a query
 */
export function answerDrand(
  chain: Chain,
  now: number,
  { method, path }: { method: string; path: string },
): AwsAnswer {
  if (method !== 'GET') return text(405, 'Method Not Allowed');
  const [place = ''] = mirrorOf(path).path.split('?');
  const [first, second, third, ...rest] = place.split('/').slice(1);
  if (first === 'chains' && second === undefined) return json([chain.info.chainHash]);
  if (first !== chain.info.chainHash || rest.length > 0) return text(404, 'Not Found');
  if (second === 'info' && third === undefined) return json(describe(chain));
  if (second !== 'public' || third === undefined) return text(404, 'Not Found');
  return roundAnswer(chain, roundAt(chain.info, now), third);
}

function roundAnswer(chain: Chain, last: number, name: string): AwsAnswer {
  if (name !== 'latest' && !ROUND.test(name)) return text(400, 'This is no number of a round');
  // Round 0 is the latest one to the relays, too.
  const round = name === 'latest' ? last : Number(name) || last;
  if (round > last || round === 0) return text(425, 'This round is to come');
  const signature = chain.signatureOf(round);
  const randomness = hash('sha256', Buffer.from(signature, 'hex'));
  return json({ round, randomness, signature });
}

function describe({ info: { chainHash, publicKey, genesisSeconds, periodSeconds } }: Chain): object {
  return {
    public_key: publicKey,
    period: periodSeconds,
    genesis_time: genesisSeconds,
    hash: chainHash,
    groupHash: groupHashOf(publicKey),
    schemeID: SCHEME,
    metadata: { beaconID: BEACON_ID },
  };
}

function json(value: object): AwsAnswer {
  const body = Buffer.from(JSON.stringify(value));
  return { status: 200, headers: { 'content-type': 'application/json' }, body };
}

function text(status: number, message: string): AwsAnswer {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: Buffer.from(`${message}\n`),
  };
}
