"""HellaSwag documents/s of a loop such as lm-eval's over transformers' Mamba-2 on a GPU, random weights of a published shape, nothing downloaded.

Every request is a context and one of four endings. As lm-eval's HFLM does it: requests are sorted by their length, the longest first, and cut into batches
of a fixed number, padded on the right to the longest of the batch; the model gives the logits of all positions, the logarithm of their softmax is taken in
float32, and the ending's tokens are gathered from it, one request after the other. transformers uses mamba_ssm's Triton scan where that can be imported.
--data is a HellaSwag file as the harness's task makes it (fields query and choices), such as data/lm/hellaswag_validation.jsonl.xz.
"""
import argparse
import importlib.util
import json
import lzma
import statistics

import _gpu as g
import torch

SHAPES = {"mamba2-130m": (24, 768), "mamba2-2.7b": (64, 2560)}  # layers, width
VOCABULARY = 50288

p = argparse.ArgumentParser(description=__doc__)
p.add_argument("--model", choices=list(SHAPES), default="mamba2-2.7b")
p.add_argument("--dtype", choices=["bfloat16", "float32"], default="bfloat16")
p.add_argument("--data", default="data/lm/hellaswag_validation.jsonl.xz")
p.add_argument("--tokenizer", required=True, help="tokenizer.json of the GPT-NeoX vocabulary, or of one with fewer tokens")
p.add_argument("--limit", type=int, default=1000, help="documents")
p.add_argument("--batch-sizes", default="32,128", help="requests of a batch; one line for each")
p.add_argument("--repeats", type=int, default=3)
args = p.parse_args()
torch.manual_seed(0)


def requests():
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(args.tokenizer)
    out = []
    with lzma.open(args.data, "rt", encoding="utf-8") as f:
        for _ in range(args.limit):
            row = json.loads(next(f))
            context = tokenizer.encode(row["query"], add_special_tokens=False).ids
            for choice in row["choices"]:
                whole = tokenizer.encode(row["query"] + " " + choice, add_special_tokens=False).ids
                out.append((whole[:len(context)], whole[len(context):]))
    return out


def model():
    from transformers import Mamba2Config, Mamba2ForCausalLM

    layers, width = SHAPES[args.model]
    config = Mamba2Config(num_hidden_layers=layers, hidden_size=width, num_heads=2 * width // 64, head_dim=64, expand=2, state_size=128, n_groups=1,
                          conv_kernel=4, vocab_size=VOCABULARY, chunk_size=256, tie_word_embeddings=True, residual_in_fp32=True,
                          pad_token_id=0, bos_token_id=0, eos_token_id=0)
    torch.set_default_dtype(getattr(torch, args.dtype))
    with torch.device("cuda"):
        made = Mamba2ForCausalLM(config).eval()
    torch.set_default_dtype(torch.float32)
    return made


@torch.inference_mode()
def score(lm, ordered, size):
    """Log-likelihood and greediness of each request, in the order given; tokens that went through the model, padding included."""
    results, padded = [], 0
    for at in range(0, len(ordered), size):
        batch = ordered[at:at + size]
        inputs = [torch.tensor((context + ending)[:-1], dtype=torch.long, device="cuda") for context, ending in batch]
        ids = torch.nn.utils.rnn.pad_sequence(inputs, batch_first=True)
        padded += ids.numel()
        logs = torch.log_softmax(lm(ids, use_cache=False).logits, dim=-1, dtype=torch.float32)
        for row, (context, ending) in enumerate(batch):
            own = logs[row, len(inputs[row]) - len(ending):len(inputs[row])]
            wanted = torch.tensor(ending, dtype=torch.long, device="cuda")
            greedy = bool((own.argmax(-1) == wanted).all())
            results.append((own.gather(1, wanted[:, None]).sum().item(), greedy))
    return results, padded


lm, all_requests = model(), requests()
ordered = sorted(all_requests, key=lambda r: (-len(r[0]) - len(r[1]), r[0] + r[1]))
tokens = sum(len(context) + len(ending) - 1 for context, ending in ordered)
for size in map(int, args.batch_sizes.split(",")):
    torch.cuda.empty_cache()
    torch.cuda.reset_peak_memory_stats()
    start = g.time.perf_counter()
    score(lm, ordered[::max(1, len(ordered) // (4 * size))], size)  # compiles, and meets long and short batches
    first = g.time.perf_counter() - start
    seconds, padded = [], 0
    for _ in range(args.repeats):
        torch.cuda.synchronize()
        start = g.time.perf_counter()
        _, padded = score(lm, ordered, size)
        torch.cuda.synchronize()
        seconds.append(g.time.perf_counter() - start)
    median = statistics.median(seconds)
    g.emit("hellaswag_hf_gpu", {"model": args.model, "dtype": args.dtype, "batch_size": size, "documents": args.limit, "requests": len(ordered), "tokens": tokens,
                                "tokens_with_padding": padded, "documents_per_s": g.sig(args.limit / median), "tokens_with_padding_per_s": g.sig(padded / median),
                                "peak_gib": g.sig(torch.cuda.max_memory_allocated() / 2**30), "mamba_ssm": importlib.util.find_spec("mamba_ssm") is not None,
                                "device": torch.cuda.get_device_name(), "first_s": g.sig(first), **g.spread(seconds)}, "torch", "triton", "transformers")
