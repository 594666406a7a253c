# A reward of one's own: the nearer a completion is to 20 words, the more. Any program will do that reads one JSON object
# a line and prints one a line; only answers belong on standard output. See docs/rewards.md.
#   reward: [science, "program:python3 examples/rewards/length.py"]
import json
import sys

for line in sys.stdin:
    item = json.loads(line)
    words = len(item["completion"].split())
    print(json.dumps({"id": item["id"], "reward": max(0.0, 1 - abs(words - 20) / 20)}), flush=True)
