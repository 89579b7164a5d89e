const yearMs = 365 * 86_400_000;

/** What `retention.ms` of a topic may be at most. */
export const longestTopicRetentionMs = yearMs;

/**
 * A topic keeps records for longer than it says: it lets go of whole segments, once the last record in one is that old, and a
 * segment takes records for `segment.ms`, a week unless its owner has it otherwise (Kafka, "Topic configs"). So nobody here
 * knows when one is gone; a group that was paused, or set back, is given such records, and whatever fails of them comes again.
 * Twice as long as a topic may say is enough for any. A partition does not go away, so that cursors do not become more by it.
 */
export const topicRecordsComeAgainForMs = 2 * longestTopicRetentionMs;
