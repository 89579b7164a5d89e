#!/usr/bin/env bash
# Runs the assembly in cdk.out on this machine: a lottery, two players, and a winner whom the verifier accepts.
set -euo pipefail

directory=$(mktemp -d)
cat > "$directory/events.jsonl" <<EOF
{"type":"LotteryStartEvent","lotteryId":1}
{"type":"UserBuyCouponEvent","userId":1,"purchasedCoupons":1}
{"type":"UserBuyCouponEvent","userId":2,"purchasedCoupons":1}
{"type":"UserClickEvent","userId":1,"lotteryId":1,"timestamp":$(date +%s)000}
{"type":"UserClickEvent","userId":2,"lotteryId":1,"timestamp":$(date +%s)000}
{"type":"LotteryStopEvent","lotteryId":1}
EOF
npm start --silent -- --assembly cdk.out --env "$ENVIRONMENT" --events "$directory/events.jsonl" --json > "$directory/out.jsonl"
grep LotteryWinnerEvent "$directory/out.jsonl"
npm run --silent verify -- "$directory/out.jsonl"
