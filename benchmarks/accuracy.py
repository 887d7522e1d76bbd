"""Evaluates trained checkpoints on whole test sets and compares with the accuracy in each one's RESULTS.json.

    python3 benchmarks/accuracy.py [DATA]

Without DATA: the checkpoints and data that ship. DATA is a folder with checkpoints/ and data/lra/ beside each other, for the
checkpoints that do not ship, or whose test data may not. Exit code 1 when an accuracy differs by more than two examples.
"""
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SHIPPED = [("s5-smnist", "smnist", "mnist"), ("s5-psmnist", "psmnist", "mnist"), ("s4d-smnist", "smnist", "mnist"),
           ("s5-listops-short", "listops", "listops-short")]
OTHERS = [("s5-listops", "listops", "listops"), ("s4d-listops", "listops", "listops"), ("s5-image", "image", "cifar10"), ("s5-text", "text", "imdb")]


def evaluate(checkpoint, task, data):
    with tempfile.TemporaryDirectory() as tmp:
        config = pathlib.Path(tmp, "accuracy.conf")
        config.write_text(json.dumps({"sweep": {
            "name": "accuracy", "models": [{"name": checkpoint.name, "path": str(checkpoint)}],
            "tasks": [{"name": task, "data": str(data)}], "methods": ["dense"], "ratios": [0],
            "output": str(pathlib.Path(tmp, "out"))}, "worker": {"threads": 2}}))
        coppice = [str(ROOT / "coppice")]
        subprocess.run(coppice + ["run", str(config)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        report = subprocess.run(coppice + ["report", str(config), "--format", "csv"], check=True, capture_output=True, text=True)
        row = next(csv.DictReader(report.stdout.splitlines()))
        return float(row["accuracy"]), int(row["examples"])


def main():
    cases = [(ROOT / "data/checkpoints" / name, task, ROOT / "data" / data) for name, task, data in SHIPPED]
    if len(sys.argv) > 1:
        base = pathlib.Path(sys.argv[1]).resolve()
        cases += [(base / "checkpoints" / name, task, base / "data/lra" / data) for name, task, data in OTHERS]
    worst = 0
    print(f"{'checkpoint':20} {'examples':>8} {'accuracy':>9} {'trained':>9}  difference")
    for checkpoint, task, data in cases:
        expected = json.loads((checkpoint / "RESULTS.json").read_text())["test_accuracy"]
        accuracy, examples = evaluate(checkpoint, task, data)
        difference = round((accuracy - expected) * examples)
        worst = max(worst, abs(difference))
        print(f"{checkpoint.name:20} {examples:8} {100 * accuracy:8.2f}% {100 * expected:8.2f}%  {difference:+d} examples", flush=True)
    sys.exit(worst > 2)


main()
