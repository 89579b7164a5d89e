import { stateTablesContract } from './state-tables-contract.ts';
import { backends, clientOf } from './support/backends.ts';

for (const { name, start } of await backends()) {
  stateTablesContract(name, async () => {
    const backend = await start();
    const client = clientOf(backend);
    return {
      client,
      stop: async () => {
        client.destroy();
        await backend.stop();
      },
    };
  });
}
