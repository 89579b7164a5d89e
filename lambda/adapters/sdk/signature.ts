/** In the place of signatures for many regions, which only access points of S3 that have many need: those for one. */
export {
  SignatureV4 as SignatureV4MultiRegion,
  SignatureV4 as SignatureV4SignWithCredentials,
} from '@smithy/signature-v4';
