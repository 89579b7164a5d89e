import { createServer } from 'node:http';
import { KMSClient } from '@aws-sdk/client-kms';
import { listen } from '../../local/engines/running-engine.ts';
import { keyFiles } from '../../local/kms/key-files.ts';
import { Kms } from '../../local/kms/kms.ts';
import { listenerOf } from '../../local/proxy/proxy.ts';
import { type KeysBackend, keysContract } from './keys-contract.ts';
import { inMemoryServices } from './support/in-memory-services.ts';

const region = 'us-east-1';

keysContract('the local runtime', async (): Promise<KeysBackend> => {
  const kms = new Kms({ region, accountId: '000000000000' }, keyFiles(undefined));
  const listener = listenerOf(undefined, async (call) => kms.answer(call));
  const { port, close } = await listen(createServer(listener), 0);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new KMSClient({ region, endpoint: `http://127.0.0.1:${port}`, credentials, maxAttempts: 1 });
  return {
    client,
    createKey: (request) => kms.createKey(request),
    createAlias: (name, target) => kms.createAlias(name, target),
    async stop() {
      client.destroy();
      await close();
    },
  };
});

keysContract('the simulation', async (): Promise<KeysBackend> => {
  const { services, clients } = inMemoryServices();
  return {
    client: clients.kms,
    createKey: (request) => services.kms.createKey(request),
    createAlias: (name, target) => services.kms.createAlias(name, target),
    stop: async () => clients.destroy(),
  };
});
