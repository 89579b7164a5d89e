#!/usr/bin/env bash
# Deploys the assembly in cdk.out as it is: nothing is synthesized here.
set -euo pipefail

deploy() {
  npx cdk deploy "$1" --app cdk.out --exclusively --no-notices --require-approval never "${@:2}"
}

# What holds data goes first, and no alarm rolls it back: it does not change with code.
if [ "$STACK" = both ]; then deploy "$ENVIRONMENT/Stateful"; fi

# Alarms that say that this deployment broke it: CloudFormation takes five. It rolls back when one goes on until the
# minutes are over; the slowest of them, draws-missing, needs about ten. One that is on before is left out: what is
# deployed may be its repair. One that does not exist, as before the first deployment, would fail the deployment.
arns=$(aws cloudwatch describe-alarms --output text --query "MetricAlarms[?StateValue!='ALARM'].AlarmArn" \
  --alarm-names "$ENVIRONMENT-function-errors-lottery-events" "$ENVIRONMENT-function-errors-user-events" \
  "$ENVIRONMENT-function-errors-draw" "$ENVIRONMENT-function-errors-ticks" "$ENVIRONMENT-draws-missing")
if [ -n "$arns" ]; then
  # shellcheck disable=SC2086 # one argument each
  deploy "$ENVIRONMENT/Processing" --rollback-trigger-alarm-arns $arns --monitoring-time-minutes 15
else
  # Without a word CloudFormation would keep those of the deployment before.
  deploy "$ENVIRONMENT/Processing" --rollback-trigger-alarm-arns none
fi
