/** In the place of the handler for HTTP/2: see `clients.ts`. */
export { NodeHttpHandler as NodeHttp2Handler } from '@smithy/node-http-handler';
