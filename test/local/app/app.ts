/** What somebody else's app may be: it has no stage, and shares nothing with the app of this repository. */
import { App, CfnOutput, CustomResource, Duration, Stack } from 'aws-cdk-lib';
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

// Written on the table before anything else is: the right to do so has to be there by then.
const surveyor = new NodejsFunction(stack, 'Surveyor', {
  entry: 'surveyor.ts',
  runtime: Runtime.NODEJS_24_X,
  environment: { TABLE_NAME: log.tableName },
  bundling: { externalModules: [] },
});
const survey = new CustomResource(stack, 'Survey', {
  resourceType: 'Custom::Survey',
  serviceToken: surveyor.functionArn,
  serviceTimeout: Duration.minutes(1),
  properties: { Metres: 1_200 },
});
survey.node.addDependency(log.grantWriteData(surveyor));
new CfnOutput(stack, 'Height', { value: survey.getAttString('Height') });
new CfnOutput(stack, 'SurveyId', { value: survey.ref });

new CfnOutput(stack, 'RainName', { value: rain.streamName });
new CfnOutput(stack, 'NotesUrl', { value: notes.queueUrl });
new CfnOutput(stack, 'LogName', { value: log.tableName });
new CfnOutput(stack, 'StationName', { value: station.functionName });
