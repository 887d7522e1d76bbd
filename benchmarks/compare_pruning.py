"""WANDA side by side: `./coppice bench --prune wanda` and the peer script, on the same shape and as many calibration tokens.

    v/bin/python benchmarks/compare_pruning.py --threads 2

Two rows: one ratio as published (each layer sees what the pruned ones before it give), and nine ratios of one pass over the
dense model, beside nine runs of the script. The JSON lines of both sides go to --out.
"""

import argparse
import json
import sys
from pathlib import Path

from compare import ROOT, line_of

NINE = "0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8,0.9"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", default="mamba2-130m")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--samples", type=int, default=32)
    parser.add_argument("--length", type=int, default=512)
    parser.add_argument("--out", type=Path, default=Path("compare-pruning.jsonl"))
    args = parser.parse_args()

    common = ["--preset", args.preset, "--threads", str(args.threads), "--samples", str(args.samples)]
    own = [ROOT / "coppice", "bench", *common, "--window", str(args.length), "--prune", "wanda"]
    script = [sys.executable, ROOT / "benchmarks" / "peers" / "wanda_torch.py", *common, "--length", str(args.length)]
    published = line_of([*own, "--ratios", "0.5"])
    one_pass = line_of([*own, "--param", "propagate=dense", "--ratios", NINE])
    peer = line_of([*script, "--repeats", "1", "--cold-repeats", "0"])
    with args.out.open("a", encoding="utf-8") as out:
        for figures in (published, one_pass, peer):
            print(json.dumps(figures), file=out)
    print(f"| {args.preset}, wanda | script, s | ours, s | ratio (of CPU seconds) | tensors, MiB | process, MiB |")
    print("|---|---|---|---|---|---|")
    for name, line, runs in (("one ratio, as published", published, 1), ("nine ratios, one pass", one_pass, 9)):
        wall = peer["seconds_per_ratio"] * runs
        cpu = peer["cpu_median_s"] * runs
        print(
            f"| {name} | {wall:.4g} | {line['seconds']:.4g} | {wall / line['seconds']:.1f} ({cpu / line['cpu_s']:.1f}) "
            f"| {line['tensor_mib']} | {line['peak_rss_mib']} |"
        )


if __name__ == "__main__":
    main()
