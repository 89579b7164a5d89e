#!/usr/bin/env python3
"""Makes draw-vectors.json with Python's standard library and openssl: other tools, no code of this project.

Usage: python3 test/data/make-draw-vectors.py > test/data/draw-vectors.json

A whole lottery of two windows: receipts, closed draws, sheets, winners. It is drawn by rounds 1000 and 1003 of drand's quicknet, whose signatures
are in quicknet-rounds.json, since neither tool can make one. The receipts' key is made anew each time, and thrown away.
"""
import base64, hashlib, hmac, json, os, re, subprocess, sys, tempfile

here = os.path.dirname(os.path.abspath(__file__))
SEED = bytes(range(32)).hex()
WINDOW_MS, GRACE_MS, DELAY_MS = 10_000, 2_000, 3_000


def sha256(data):
    return hashlib.sha256(data).digest()


def text_of(value):
    """JSON without spaces, all but control characters, quotes, backslashes and halves of pairs as it is."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return re.sub("[\ud800-\udfff]", lambda half: "\\u%04x" % ord(half[0]), text)


def leaf(data):
    return sha256(b"\x00" + data)


def split(length):
    half = 1
    while half * 2 < length:
        half *= 2
    return half


def root(leaves):
    if len(leaves) == 1:
        return leaves[0]
    half = split(len(leaves))
    return sha256(b"\x01" + root(leaves[:half]) + root(leaves[half:]))


def path(index, leaves):
    if len(leaves) == 1:
        return []
    half = split(len(leaves))
    if index < half:
        return path(index, leaves[:half]) + [root(leaves[half:])]
    return path(index - half, leaves[half:]) + [root(leaves[:half])]


def base64url(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def place(index, leaves):
    return {"index": index, "size": len(leaves), "path": base64url(b"".join(path(index, leaves)))}


def openssl(*arguments, data=None):
    return subprocess.run(["openssl", *arguments], input=data, stdout=subprocess.PIPE, check=True).stdout


class Key:
    def __init__(self, directory):
        self.file = os.path.join(directory, "key.pem")
        openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", self.file)
        self.public = base64.b64encode(openssl("pkey", "-in", self.file, "-pubout", "-outform", "DER")).decode()

    def sign(self, text):
        der = openssl("dgst", "-sha256", "-sign", self.file, data=text.encode())
        r_end = 4 + der[3]
        numbers = der[4:r_end], der[r_end + 2 :]
        return base64url(b"".join(int.from_bytes(each, "big").to_bytes(32, "big") for each in numbers))


def blocks_of(key, batch):
    """One batch, {drawId: [[entryId, userId], ...]}: its blocks, each with a receipt for each entry."""
    blocks = []
    for draw_id in sorted(batch):
        leaves = [leaf(text_of([draw_id, *entry]).encode()) for entry in batch[draw_id]]
        blocks.append({"drawId": draw_id, "entries": batch[draw_id], "leaves": leaves, "root": root(leaves).hex()})
    roots = [leaf(bytes.fromhex(block["root"])) for block in blocks]
    signature = key.sign("lottery-streams receipt v1\n" + root(roots).hex())
    for number, block in enumerate(blocks):
        batch_place = {"batch": place(number, roots)} if len(blocks) > 1 else {}
        block["receipts"] = [
            {"root": block["root"], **place(index, block["leaves"]), **batch_place, "signature": signature}
            for index in range(len(block["leaves"]))
        ]
    return blocks


def window_seed(lottery_id, window_start):
    return hmac.new(bytes.fromhex(SEED), f"{lottery_id}:{window_start}".encode(), hashlib.sha256).hexdigest()


def draw(lottery_id, window_start, blocks, chain, signatures, closed_at):
    draw_id = f"{lottery_id}@{window_start}"
    blocks = sorted((block for block in blocks if block["drawId"] == draw_id), key=lambda block: block["root"])
    window_end = window_start + WINDOW_MS
    behind = max(window_end + GRACE_MS, closed_at) + DELAY_MS - chain["genesisSeconds"] * 1000
    round_number = -(-behind // (chain["periodSeconds"] * 1000)) + 1
    signature = signatures[round_number]
    seed = window_seed(lottery_id, window_start)
    draw_seed = sha256(f"{seed}:{signature}".encode()).hex()
    entries = {entry_id: user_id for block in blocks for entry_id, user_id in block["entries"]}
    ranked = sorted((sha256(f"{draw_seed}:{entry_id}".encode()).hex(), entry_id) for entry_id in entries)
    priority, winner_id = ranked[0]
    winner = {"entryId": winner_id, "userId": entries[winner_id], "priority": priority}
    window_root = root([leaf(bytes.fromhex(block["root"])) for block in blocks]).hex()
    commitment = sha256(bytes.fromhex(seed)).hex()
    of = {"drawId": draw_id, "lotteryId": lottery_id, "run": 1, "windowStart": window_start, "windowEnd": window_end}
    header = {
        "type": "DrawSheet", **of, "entries": len(entries), "blocks": len(blocks), "windowRoot": window_root,
        "windowSeed": seed, "windowSeedCommitment": commitment, "closedAt": closed_at,
        "chainHash": chain["chainHash"], "round": round_number, "beaconSignature": signature, "winner": winner,
    }
    lines = [header, *({"root": block["root"], "entries": block["entries"]} for block in blocks)]
    sheet = "".join(text_of(line) + "\n" for line in lines)
    close = {
        "type": "DrawClosedEvent", **of, "windowRoot": window_root, "blocks": len(blocks),
        "windowSeedCommitment": commitment, "closedAt": closed_at, "round": round_number, "chainHash": chain["chainHash"],
    }
    won = {
        "type": "LotteryWinnerEvent", **of, **winner, "entries": len(entries), "windowSeed": seed, "windowRoot": window_root,
        "sheet": sha256(sheet.encode()).hex(), "round": round_number, "beaconSignature": signature,
    }
    return {"drawSeed": draw_seed, "sheet": sheet}, [close, won]


def main():
    with open(os.path.join(here, "quicknet-rounds.json")) as file:
        known = json.load(file)
    chain = known["chain"]
    signatures = {each["round"]: each["signature"] for each in known["rounds"]}
    lottery_id, first = 'Zürich "抽選" 🎟@#', 1_692_806_340_000
    draws = [f"{lottery_id}@{first + WINDOW_MS * number}" for number in (0, 1)]
    # Users whose ids need care: quotes, a backslash, a line feed, half of a pair, a separator of lines, nothing but digits.
    users = ["7", 'a"b', "c\\d", "e\nf", "half \ud83d", "g\u2028h", "ü 🎟", "\x1f\x7f"]
    entry = lambda number: [f"shardId-00000000000{number % 3}:{49545115243490985018280067714973144582180062593244200961 + number}", users[number % len(users)]]
    with tempfile.TemporaryDirectory() as directory:
        key = Key(directory)
        batches = [
            {draws[0]: [entry(number) for number in range(5)]},
            {draws[0]: [entry(5), entry(6), entry(7)], draws[1]: [entry(8)]},
            {draws[1]: [entry(9), entry(10)]},
        ]
        blocks = [block for batch in batches for block in blocks_of(key, batch)]
        public = key.public
    commitment = sha256(bytes.fromhex(SEED)).hex()
    run = {"lotteryId": lottery_id, "run": 1}
    events = [{
        "type": "LotteryStartedEvent", **run, "seedCommitment": commitment, "windowMs": WINDOW_MS, "graceMs": GRACE_MS,
        "firstWindowStart": first, "receiptKey": public, "beacon": chain,
    }]
    for block in blocks:
        start = int(block["drawId"].rsplit("@", 1)[1])
        for (entry_id, user_id), receipt in zip(block["entries"], block["receipts"]):
            events.append({
                "type": "ClickAcceptedEvent", "userId": user_id, "lotteryId": lottery_id, "timestamp": start + 100, "arrival": start + 150,
                "entryId": entry_id, "drawId": block["drawId"], "windowStart": start, "windowEnd": start + WINDOW_MS,
                "availableCoupons": 3, "receipt": receipt,
            })
    drawn = []
    for number, closed_at in ((0, first + WINDOW_MS + 9_500), (1, first + 2 * WINDOW_MS + 10_000)):
        result, published = draw(lottery_id, first + number * WINDOW_MS, blocks, chain, signatures, closed_at)
        drawn.append(result)
        events += published
    events.append({"type": "LotteryEndedEvent", **run, "seed": SEED, "seedCommitment": commitment})
    trees = []
    for size in range(1, 10):
        leaves = [leaf(str(number).encode()) for number in range(size)]
        trees.append({"size": size, "root": root(leaves).hex(), "paths": [base64url(b"".join(path(index, leaves))) for index in range(size)]})
    json.dump({"trees": trees, "lines": [text_of(event) for event in events], "draws": drawn}, sys.stdout, indent=1)
    print()


main()
