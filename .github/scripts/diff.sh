#!/usr/bin/env bash
# What the assembly in cdk.out would change in an environment: in the log, and in the summary of the run.
set -euo pipefail

stacks="$ENVIRONMENT/*"
if [ "${STACK:-both}" = processing ]; then stacks="$ENVIRONMENT/Processing"; fi

# Without a change set: that one would need the right to make it.
npx cdk diff --app cdk.out --exclusively --no-notices --no-color --method=template "$stacks" 2>&1 | tee diff.txt
{
  echo "### What would change in $stacks"
  if [ -n "${DIGEST:-}" ]; then echo "Assembly \`$DIGEST\`"; fi
  echo '~~~~~~'
  # A summary may hold 1 MiB.
  head -c 900000 diff.txt
  echo '~~~~~~'
  if [ "$(wc -c < diff.txt)" -gt 900000 ]; then echo "**Cut here. The log of this job has all of it.**"; fi
} >> "$GITHUB_STEP_SUMMARY"
