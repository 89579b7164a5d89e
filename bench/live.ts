/**
 * `node bench/live.ts [first port] [clicks]`: how long a click takes to a viewer of the page, on the environment dev that
 * `npm start -- --no-players` runs: from before the put to the message that counts it, one click after the other.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { WebSocket } from 'ws';
import { z } from 'zod';

const [port = '4567', clicks = '40'] = process.argv.slice(2);
const host = `127.0.0.1:${Number(port) + 4}`;

const config = z.object({ host: z.string(), apiKey: z.string() });
const message = z.object({ type: z.string(), event: z.array(z.string()).optional() });
const view = z.object({ history: z.object({ entries: z.array(z.number()) }) });

const kinesis = new KinesisClient({
  ...{ region: 'us-east-1', endpoint: `http://127.0.0.1:${port}`, requestHandler: new NodeHttpHandler() },
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
});

async function put(stream: string, key: string, event: object): Promise<void> {
  const Data = Buffer.from(JSON.stringify(event));
  await kinesis.send(
    new PutRecordCommand({ StreamName: `dev-${stream}-events-input`, PartitionKey: key, Data }),
  );
}

const { apiKey, host: apiHost } = config.parse(await (await fetch(`http://${host}/config.json`)).json());
const authorization = { host: apiHost, 'x-api-key': apiKey };
const header = Buffer.from(JSON.stringify(authorization)).toString('base64url');
const socket = new WebSocket(`ws://${host}/event/realtime`, ['aws-appsync-event-ws', `header-${header}`]);
const lotteryId = `bench-${Date.now()}`;
const channel = `/lotteries/${createHash('sha256').update(lotteryId).digest('hex').slice(0, 32)}`;

let wake: (entries: number) => void = () => {};
socket.on('message', (data) => {
  const { type, event: [event] = [] } = message.parse(JSON.parse(data.toString()));
  if (type === 'subscribe_success') wake(-1);
  if (type !== 'data' || event === undefined) return;
  const { entries } = view.parse(JSON.parse(event)).history;
  wake(entries.reduce((sum, count) => sum + count, 0));
});

/** Until the page shows so many entries; -1: until it is subscribed. */
function shown(wanted: number): Promise<void> {
  return new Promise((resolve) => {
    wake = (entries) => entries >= wanted && resolve();
  });
}

await once(socket, 'open');
const subscribed = shown(-1);
socket.send(JSON.stringify({ type: 'subscribe', id: '1', channel, authorization }));
await subscribed;
const started = shown(0);
await put('lottery', lotteryId, { type: 'LotteryStartEvent', lotteryId });
await put('user', 'bench', { type: 'UserBuyCouponEvent', userId: 'bench', purchasedCoupons: Number(clicks) });
await started;
const times: number[] = [];
for (let click = 1; click <= Number(clicks); click += 1) {
  const seen = shown(click);
  const from = performance.now();
  await put('user', 'bench', { type: 'UserClickEvent', userId: 'bench', lotteryId, timestamp: Date.now() });
  await seen;
  times.push(performance.now() - from);
}
socket.close();
kinesis.destroy();
times.sort((left, right) => left - right);
const quantile = (part: number) => Math.round(times[Math.ceil(part * times.length) - 1] ?? 0);
process.stdout.write(`ms to a viewer: p50 ${quantile(0.5)}, p95 ${quantile(0.95)}, most ${quantile(1)}\n`);
