import { contentBucketContract } from './content-bucket-contract.ts';
import { engineBackend, inMemoryBackend } from './support/service-backends.ts';

for (const { name, start } of [engineBackend('fauxqs'), inMemoryBackend]) contentBucketContract(name, start);
