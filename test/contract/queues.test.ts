import { queuesContract } from './queues-contract.ts';
import { engineBackend, inMemoryBackend } from './support/service-backends.ts';

for (const { name, start } of [engineBackend('fauxqs'), inMemoryBackend]) queuesContract(name, start);
