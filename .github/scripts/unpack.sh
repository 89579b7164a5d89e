#!/usr/bin/env bash
# Unpacks the assembly that was tested, and no other.
set -euo pipefail

echo "$DIGEST  cdk.out.tgz" | sha256sum --check --strict
tar --extract --gzip --file cdk.out.tgz
