"""Language models side by side: `./coppice bench` and the peer scripts on the same shapes and documents, one after the other.

    v/bin/python benchmarks/compare_language.py --threads 2 --llamacpp-python vl/bin/python --tokenizer tokenizer.json

Prints Markdown tables: prefill (all tokens scored) and, with a GPT-NeoX tokenizer.json, documents of tasks. Ratios are of wall
time and, in brackets, of CPU seconds, which bear other work on the machine better. The JSON lines of all sides go to --out.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from compare import ROOT, line_of

PEERS = ROOT / "benchmarks" / "peers"
CONFIGS = {  # d_model, n_layer of the published models
    "mamba2-130m": (768, 24),
    "mamba2-370m": (1024, 48),
}


def say(out, figures):
    print(json.dumps(figures), file=out, flush=True)
    return figures


def ratio(ours, theirs):
    """How many times as fast: by wall time, and by CPU seconds."""
    return f"{theirs['median_s'] / ours['median_s']:.2f} ({theirs['cpu_median_s'] / ours['cpu_median_s']:.2f})"


def prefill(args, out):
    llamacpp = " llama.cpp | ratio |" if args.llamacpp_python else ""
    print(f"| {args.preset}, {args.dtype} | transformers, tokens/s | ratio |{llamacpp} ours | GFLOP/s | share of peak | tensors, MiB | process, MiB |")
    print("|---" * (8 + 2 * bool(args.llamacpp_python)) + "|")
    common = ["--threads", str(args.threads), "--repeats", str(args.repeats), "--preset", args.preset, "--dtype", args.dtype]
    for shape in args.shapes.split(","):
        batch, length = shape.split("x")
        own = say(out, line_of([ROOT / "coppice", "bench", *common, "--batch", batch, "--length", length]))
        ours = own["prefill"][shape]
        row = f"| {shape} "
        pythons = {"mamba2_hf.py": sys.executable, "mamba2_llamacpp.py": args.llamacpp_python}
        for script, python in pythons.items():
            if python is None:
                continue
            peer = [python, PEERS / script, *common, "--shapes", shape, "--decode", "", "--cold-repeats", "0"]
            theirs = say(out, line_of(peer))["prefill"][shape]
            row += f"| {theirs['tokens_per_s']:.4g} | {ratio(ours, theirs)} "
        print(
            f"{row}| {ours['tokens_per_s']:.4g} | {ours['gflop_per_s']:.0f} | {ours['share_of_peak']:.0%} "
            f"| {own['tensor_mib']} | {own['peak_rss_mib']} |",
            flush=True,
        )


def synthesized(args, folder):
    """A model of the preset's shape with random weights and the tokenizer."""
    width, layers = CONFIGS[args.preset]
    mixer = {"layer": "Mamba2"}
    config = {"d_model": width, "n_layer": layers, "vocab_size": 50277, "pad_vocab_size_multiple": 16, "ssm_cfg": mixer}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    model = folder / args.preset
    command = [ROOT / "coppice", "synthesize", "--config", folder / "config.json", "--out", model, "--dtype", args.dtype]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    shutil.copy(args.tokenizer, model / "tokenizer.json")
    return model


def tasks(args, out):
    print(f"\n| {args.docs} documents, {args.preset} | lm-eval, documents/s | ours | ratio | of the tokens run | tensors, MiB | process, MiB |")
    print("|---|---|---|---|---|---|---|")
    common = ["--threads", str(args.threads), "--repeats", str(args.repeats)]
    with tempfile.TemporaryDirectory() as folder:
        model = synthesized(args, Path(folder))
        for task in args.tasks.split(","):
            own = [ROOT / "coppice", "bench", *common, "--model", model, "--task", task, "--limit", str(args.docs)]
            peer = [sys.executable, PEERS / "lm_eval_hf.py", *common, "--preset", args.preset, "--dtype", args.dtype]
            peer += ["--tasks", task, "--docs", str(args.docs), "--tokenizer", args.tokenizer, "--cold-repeats", "0"]
            line = say(out, line_of(own))
            ours = line["tasks"][task]
            theirs = say(out, line_of(peer))["tasks"][task]
            assert ours["tokens"] == theirs["tokens"], f"{task}: {ours['tokens']} and {theirs['tokens']} tokens"
            print(
                f"| {task} | {theirs['documents_per_s']:.3g} | {ours['documents_per_s']:.3g} | {ratio(ours, theirs)} "
                f"| {ours['computed_share']:.3f} | {line['tensor_mib']} | {line['peak_rss_mib']} |",
                flush=True,
            )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--preset", choices=CONFIGS, default="mamba2-130m")
    parser.add_argument("--dtype", choices=["float32", "bfloat16"], default="float32")
    parser.add_argument("--shapes", default="1x2048,4x512,16x128")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--llamacpp-python", help="Python of an environment with llama-cpp-python; without it llama.cpp is left out")
    parser.add_argument("--tokenizer", type=Path, help="tokenizer.json of the GPT-NeoX vocabulary; without it the tasks are left out")
    parser.add_argument("--tasks", default="hellaswag,piqa")
    parser.add_argument("--docs", type=int, default=20)
    parser.add_argument("--out", type=Path, default=Path("compare-language.jsonl"))
    args = parser.parse_args()
    with args.out.open("a", encoding="utf-8") as out:
        prefill(args, out)
        if args.tokenizer:
            tasks(args, out)


if __name__ == "__main__":
    main()
