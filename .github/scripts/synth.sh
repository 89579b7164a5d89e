#!/usr/bin/env bash
# Synthesizes one environment into cdk.out, with what only the repository's GitHub environment knows: where it goes
# and who is told. What is empty there is left to the settings.
set -euo pipefail

set -- --quiet --no-notices --no-lookups "$ENVIRONMENT/*"
if [ -n "${AWS_ACCOUNT:-}" ]; then set -- "$@" -c "$ENVIRONMENT:account=$AWS_ACCOUNT"; fi
if [ -n "${AWS_REGION:-}" ]; then set -- "$@" -c "$ENVIRONMENT:region=$AWS_REGION"; fi
if [ -n "${ALARM_EMAIL:-}" ]; then set -- "$@" -c "$ENVIRONMENT:alarmEmail=$ALARM_EMAIL"; fi
if [ -n "${ALARM_TOPIC_ARN:-}" ]; then set -- "$@" -c "$ENVIRONMENT:alarmTopicArn=$ALARM_TOPIC_ARN"; fi
if [ -n "${PAGE_TOPIC_ARN:-}" ]; then set -- "$@" -c "$ENVIRONMENT:pageTopicArn=$PAGE_TOPIC_ARN"; fi
if [ -n "${CDK_QUALIFIER:-}" ]; then set -- "$@" -c "@aws-cdk/core:bootstrapQualifier=$CDK_QUALIFIER"; fi

npx cdk synth "$@"
