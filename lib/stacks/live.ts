import { CfnOutput, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EventApi } from '../constructs/event-api.ts';
import { LiveProcessor } from '../constructs/live-processor.ts';
import { LiveTable } from '../constructs/live-table.ts';
import { Site } from '../constructs/site.ts';
import { SiteBucket } from '../constructs/site-bucket.ts';
import { PageMonitoring } from '../monitoring/page-monitoring.ts';
import type { LotteryStackProps, StatefulStack } from './stateful.ts';

export interface LiveStackProps extends LotteryStackProps {
  readonly stateful: StatefulStack;
}

/** The page for whoever watches. It takes part in nothing: without it the lotteries are played as with it. */
export class LiveStack extends Stack {
  readonly table: LiveTable;
  readonly siteBucket: SiteBucket;
  readonly site: Site;

  constructor(scope: Construct, id: string, props: LiveStackProps) {
    super(scope, id, props);
    const { environment, settings } = props;
    const { encryption, streams, tables, artifacts, drawsBucket, logs } = props.stateful;
    this.table = new LiveTable(this, 'Live', { environment, encryption });
    this.siteBucket = new SiteBucket(this, 'SiteFiles');
    const eventApi = new EventApi(this, 'Events', { environment });
    const { siteBucket, table: liveTable } = this;
    const processor = new LiveProcessor(this, 'Processor', {
      ...{ environment, settings, logs, streams, tables, artifacts },
      ...{ liveTable, siteBucket, eventApi },
    });
    new PageMonitoring(this, 'Monitoring', { environment, settings, streams, processor, liveTable });
    this.site = new Site(this, 'Site', {
      ...{ environment, settings, siteBucket, eventApi },
      drawsBucket: drawsBucket.bucket,
    });
    new CfnOutput(this, 'LivePageUrl', {
      value: `https://${this.site.distribution.distributionDomainName}/`,
    });
    new CfnOutput(this, 'LiveHttpEndpoint', { value: `https://${eventApi.httpHost}/event` });
    new CfnOutput(this, 'LiveRealtimeEndpoint', { value: `wss://${eventApi.realtimeHost}/event/realtime` });
    new CfnOutput(this, 'LiveApiKeyId', { value: eventApi.apiKeyId });
  }
}
