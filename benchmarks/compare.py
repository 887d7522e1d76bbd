"""Classifier evaluation side by side: `./coppice bench` and the peer script on the same shapes, one after the other.

    v/bin/python benchmarks/compare.py --layer s5 --threads 1 --batch 50

Prints a Markdown table of the ratios and of what half of the states gain; the JSON lines of both sides go to --out.
The table is only worth something on an otherwise idle machine: see `loadavg` in the lines.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEERS = {"s5": "s5_jax.py", "s4d": "s4d_torch.py"}


def line_of(command):
    """The JSON line that a benchmark command prints."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or not lines:
        sys.exit(f"{' '.join(map(str, command))} failed with {done.returncode}:\n{done.stderr[-2000:]}")
    return json.loads(lines[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--layer", choices=PEERS, default="s5")
    parser.add_argument("--presets", default="smnist,listops,imdb,image")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path("compare.jsonl"))
    args = parser.parse_args()

    shape = ["--threads", str(args.threads), "--batch", str(args.batch), "--repeats", str(args.repeats)]
    print("| preset | peer, sequences/s | ours | ratio | GFLOP/s | share of peak | half of the states |")
    print("|---|---|---|---|---|---|---|")
    with args.out.open("a", encoding="utf-8") as out:
        for preset in args.presets.split(","):
            own = [ROOT / "coppice", "bench", "--layer", args.layer, "--preset", preset, *shape]
            peer = [sys.executable, ROOT / "benchmarks" / "peers" / PEERS[args.layer], "--preset", preset]
            dense = line_of(own)
            theirs = line_of([*peer, *shape, "--cold-repeats", "0"])
            half = line_of([*own, "--kept-states", "0.5"])
            for figures in (dense, theirs, half):
                print(json.dumps(figures), file=out, flush=True)
            ours = dense["sequences_per_s"]
            print(
                f"| {preset} | {theirs['sequences_per_s']:.4g} | {ours:.4g} | {ours / theirs['sequences_per_s']:.1f} "
                f"| {dense['gflop_per_s']:.0f} | {dense['share_of_peak']:.0%} | {half['sequences_per_s'] / ours:.2f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
