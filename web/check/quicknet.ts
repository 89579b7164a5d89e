/** drand's public chain, by name: its key is the verifier's own, and comes with the check. */
export const quicknetHash = '52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971';
