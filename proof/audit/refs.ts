/** What a draw knows a block by: `<name of its object>/<root of its entries of the draw>`. */
export const refPattern = /^[0-9a-f]{64}\/[0-9a-f]{64}$/;

export const objectOfRef = (ref: string): string => ref.slice(0, 64);
export const rootOfRef = (ref: string): string => ref.slice(65);
