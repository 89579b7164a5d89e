#!/usr/bin/env python3
"""Makes aggregated-records.json with PyPI's aws-kinesis-agg (1.2.3) and its own protobuf: no code of this project.

Usage: python3 test/data/make-aggregated.py > test/data/aggregated-records.json
       python3 test/data/make-aggregated.py --stdin: for each line, a JSON list of events, a line with the records that hold them
       python3 test/data/make-aggregated.py --events < events.jsonl | npx lottery put --base64: the users' events of the file

An event is [partition key, explicit hash key or null, data in base64]; a record is base64.
"""
import base64, json, sys

from aws_kinesis_agg.aggregator import RecordAggregator


def aggregated(events):
    aggregator = RecordAggregator()
    full = [aggregator.add_user_record(key, base64.b64decode(data), hash_key) for key, hash_key, data in events]
    records = [record for record in full + [aggregator.clear_and_get()] if record is not None]
    return [base64.b64encode(record.get_contents()[2]).decode() for record in records]


def event(key, data, hash_key=None):
    content = data if isinstance(data, bytes) else json.dumps(data, separators=(",", ":"), ensure_ascii=False).encode()
    return [key, hash_key, base64.b64encode(content).decode()]


def click(user, time=1_700_000_000_000):
    return event(str(user), {"type": "UserClickEvent", "timestamp": time, "userId": user, "lotteryId": 1})


CASES = {
    "a lone event": [click(1)],
    "three users, one of them twice": [click(1), click(2), click(1, 1_700_000_000_001), click(3)],
    "explicit hash keys, of some": [
        event("1", {"a": 1}, "0"),
        event("2", {"a": 2}),
        event("3", {"a": 3}, str(2**128 - 1)),
        event("1", {"a": 4}, "0"),
    ],
    "keys that need care": [event(key, key.encode()) for key in ["ä", "🎟", " ", "\u0000", "__proto__", "k" * 256]],
    "data that is no text, and none": [event("1", bytes(range(256))), event("2", b""), event("1", b"\xf3\x89\x9a\xc2")],
    "sixty clicks of twenty users": [click(n % 20, 1_700_000_000_000 + n) for n in range(60)],
    "data of more than one length byte": [event("1", b"x" * n) for n in (127, 128)],
}

if __name__ == "__main__":
    if "--stdin" in sys.argv:
        for line in sys.stdin:
            print(json.dumps(aggregated(json.loads(line))))
    elif "--events" in sys.argv:
        lines = [line.strip() for line in sys.stdin if line.strip()]
        users = [(json.loads(line).get("userId"), line) for line in lines]
        events = [event(str(user), line.encode()) for user, line in users if user is not None]
        print("\n".join(aggregated(events)))
    else:
        made = [{"name": name, "events": events, "records": aggregated(events)} for name, events in CASES.items()]
        print("[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in made) + "\n]")
