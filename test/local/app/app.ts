/** What somebody else's app may be: it has no stage, and shares nothing with the app of this repository. */
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Stream, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { Runtime, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { KinesisEventSource, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Queue } from 'aws-cdk-lib/aws-sqs';

const stack = new Stack(new App(), 'Weather');

const rain = new Stream(stack, 'Rain', { streamMode: StreamMode.PROVISIONED, shardCount: 1 });
const notes = new Queue(stack, 'Notes');
const log = new Table(stack, 'Log', { partitionKey: { name: 'id', type: AttributeType.STRING } });

const station = new NodejsFunction(stack, 'Station', {
  entry: 'station.ts',
  runtime: Runtime.NODEJS_24_X,
  environment: { TABLE_NAME: log.tableName },
  // The SDK too: the local runtime has none to lend.
  bundling: { externalModules: [] },
});
log.grantWriteData(station);
station.addEventSource(
  new KinesisEventSource(rain, {
    startingPosition: StartingPosition.TRIM_HORIZON,
    tumblingWindow: Duration.seconds(1),
  }),
);
station.addEventSource(new SqsEventSource(notes));

new CfnOutput(stack, 'RainName', { value: rain.streamName });
new CfnOutput(stack, 'NotesUrl', { value: notes.queueUrl });
new CfnOutput(stack, 'LogName', { value: log.tableName });
new CfnOutput(stack, 'StationName', { value: station.functionName });
