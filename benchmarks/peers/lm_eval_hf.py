"""lm-eval's HFLM log-likelihood requests over HellaSwag and PIQA on CPU, random-weight Mamba-2, nothing downloaded.

Requests are built here from local files in the harness's own prompt format (piqa: "Question: ...\\nAnswer:" + " " + choice;
hellaswag: processed query + " " + choice). Counts documents, requests, tokens and tokens including padding.
"""
import json
import lzma
import os
import pathlib

import _common as c
import _mamba2

DATA = pathlib.Path(__file__).resolve().parent.parent.parent / "data" / "lm"


def documents(task, n, data):
    if task == "piqa":
        with lzma.open(data / "piqa/valid.jsonl.xz", "rt", encoding="utf-8") as f:
            rows = [json.loads(next(f)) for _ in range(n)]
        return [(f"Question: {r['goal']}\nAnswer:", [r["sol1"], r["sol2"]]) for r in rows]
    with lzma.open(data / "hellaswag_validation.jsonl.xz", "rt", encoding="utf-8") as f:
        rows = [json.loads(next(f)) for _ in range(n)]
    return [(r["query"], r["choices"]) for r in rows]


def main():
    p = c.parser(__doc__)
    p.add_argument("--tasks", default="hellaswag,piqa")
    p.add_argument("--docs", type=int, default=20, help="documents of each task")
    p.add_argument("--preset", choices=list(_mamba2.SHAPES), default="mamba2-130m")
    p.add_argument("--layers", type=int, default=0, help="0: as in the preset")
    p.add_argument("--dtype", choices=["float32", "bfloat16"], default="float32")
    p.add_argument("--batch-size", type=int, default=16)
    p.add_argument("--chunk", type=int, default=256)
    p.add_argument("--data", type=pathlib.Path, default=DATA, help="folder with the tasks' files")
    p.add_argument("--tokenizer", type=pathlib.Path, required=True, help="tokenizer.json of the GPT-NeoX vocabulary")
    args = p.parse_args()
    c.setup(args)
    os.environ.setdefault("HF_DATASETS_OFFLINE", "1")
    import logging
    import torch
    from lm_eval.api.instance import Instance
    from lm_eval.models.huggingface import HFLM
    from transformers import PreTrainedTokenizerFast

    logging.disable(logging.WARNING)
    torch.set_num_threads(args.threads)
    tok = PreTrainedTokenizerFast(
        tokenizer_file=str(args.tokenizer), eos_token="<|endoftext|>", bos_token="<|endoftext|>", pad_token="<|endoftext|>"
    )
    t = c.time.perf_counter()
    model = _mamba2.build(args.preset, args.seed, args.dtype, args.layers, args.chunk)
    count = {"calls": 0, "padded": 0}
    inner = model.forward

    def counting(*a, **k):
        ids = k.get("input_ids", a[0] if a else None)
        count["calls"] += 1
        count["padded"] += ids.numel()
        return inner(*a, **k)

    model.forward = counting
    lm = HFLM(pretrained=model, tokenizer=tok, backend="causal", batch_size=args.batch_size, max_length=2048, device="cpu")
    build_s = c.time.perf_counter() - t
    out = {}
    for task in args.tasks.split(","):
        docs = documents(task, args.docs, args.data)

        def requests():
            return [Instance("loglikelihood", {}, (ctx, " " + choice), i) for i, (ctx, cs) in enumerate(docs) for choice in cs]

        n = len(requests())
        tokens = sum(len(tok.encode(ctx + " " + ch)) - 1 for ctx, cs in docs for ch in cs)
        if not args.cold_child:
            lm.loglikelihood(requests()[: min(n, args.batch_size)], disable_tqdm=True)
        count.update(calls=0, padded=0)
        secs = c.timed(lambda: lm.loglikelihood(requests(), disable_tqdm=True), args, warmup=0)
        med = c.statistics.median(secs)
        r = len(secs)
        out[task] = {"documents": len(docs), "requests": n, "requests_per_s": c.sig(n / med), "documents_per_s": c.sig(len(docs) / med),
                     "model_calls": count["calls"] // r, "tokens": tokens, "tokens_with_padding": count["padded"] // r,
                     "tokens_with_padding_per_s": c.sig(count["padded"] / r / med), **c.spread(secs)}
    c.emit("lm_eval_hf", args, {"preset": args.preset, "dtype": args.dtype, "tasks": out, "build_s": c.sig(build_s),
                                "cold_process": c.cold(args)}, ("lm_eval", "torch", "transformers", "tokenizers"))


if __name__ == "__main__":
    main()
