"""Checks and times the CUDA kernels of gpu-worker by themselves: compiled by NVRTC as the worker compiles them, compared with float64.

    python3 kernels.py check                 every kernel x type x odd sizes; fresh random inputs, poisoned outputs, split batches
    python3 kernels.py time                  the sizes of Mamba-2 2.7B, Mamba-1 2.8B, S5 and S4D, in ms, GB/s and TFLOP/s
    PYTORCH_NO_CUDA_MEMORY_CACHING=1 compute-sanitizer python3 kernels.py check --small

Needs cupy and torch with CUDA.
"""
import argparse
import functools
import itertools
import math
import pathlib
import sys

import cupy
import torch

import reference

KERNELS = pathlib.Path(__file__).resolve().parents[2] / "gpu-worker/src/main/resources/dev/coppice/worker/compute/cuda"
TYPES = {"float32": (0, torch.float32), "float16": (1, torch.float16), "bfloat16": (2, torch.bfloat16)}
TOLERANCE = {"float32": 2e-5, "float16": 4e-3, "bfloat16": 2e-2}
compiled = {}
poison = True  # what kernels write to; off while timing


def function(file, name, shared=0, folder=None, **defines):
    key = (file, name, tuple(sorted(defines.items())))
    if key not in compiled:
        options = ("-std=c++17", f"-I{KERNELS}", *(f"-D{k}={v}" for k, v in defines.items()))
        compiled[key] = cupy.RawModule(code=(KERNELS / file).read_text(), options=options, backend="nvrtc").get_function(name)
        if shared > 48 * 1024:
            compiled[key].max_dynamic_shared_size_bytes = shared
    return compiled[key]


class Columns:
    """Columns of a wider row, as the worker's operations get them."""

    def __init__(self, tensor, start, count):
        self.tensor, self.start, self.count = tensor, start, count

    def args(self):
        t = self.tensor
        return cupy.int64(t.data_ptr() + self.start * t.element_size()), cupy.int64(t.shape[1])

    def values(self):
        return self.tensor[:, self.start:self.start + self.count].double()

    def rows(self, a, b):
        return Columns(self.tensor[a:b].contiguous(), self.start, self.count)

    def aligned(self):
        return self.args()[0] % 16 == 0 and self.tensor.shape[1] * self.tensor.element_size() % 16 == 0


def p(tensor):
    return cupy.int64(0 if tensor is None else tensor.data_ptr())


def launch(fn, blocks, threads, args, shared=0):
    args = tuple(cupy.int32(a) if isinstance(a, int) and not hasattr(a, "dtype") and abs(a) < 2**31 else
                 cupy.float32(a) if isinstance(a, float) else cupy.int64(a) if isinstance(a, int) else a for a in args)
    with cupy.cuda.Stream.from_external(torch.cuda.current_stream()):
        fn((blocks,), (threads,), args, shared_mem=shared)


def poisoned(shape, dtype):
    return torch.full(shape, float("nan"), dtype=dtype, device="cuda") if poison else torch.empty(shape, dtype=dtype, device="cuda")


@functools.lru_cache(maxsize=None)
def offsets_of_all(lengths):
    return torch.tensor([0, *itertools.accumulate(lengths)], dtype=torch.int32, device="cuda")


def offsets_of(lengths):
    return offsets_of_all(tuple(lengths))


def ssd(kind, par, x, b, c, dt, lengths, start, parents, carry, dtype, plain=False, variant=None):
    e, t = TYPES[dtype]
    H, P, N = par["heads"], par["width"], par["states"]
    y = poisoned((sum(lengths), H * P), t)
    state = poisoned((len(lengths), H, P, N), torch.float32) if carry else None
    discrete = int(kind == "discrete")
    sizes = (*dt.args(), p(par["a"]), p(par["bias"]), float(par["min"]), float(par["max"]))
    places = (p(par["d"]), p(offsets_of(lengths)), p(start), p(parents), p(y), p(state), H, H // par["x"], H // par["b"], H // par["c"], P, N)
    if plain:
        fn = function("ssd_recurrent.cu", "ssd_recurrent", ELEMENT=e, STATES=-(-N // 16) * 16, DISCRETE=discrete)
        launch(fn, len(lengths) * -(-P // 64) * H, 256, (*x.args(), *b.args(), *c.args(), *sizes, *places))
        return y, state
    chunks = offsets_of([-(-n // 64) for n in lengths])
    steps = poisoned((3, H, sum(lengths)), torch.float32)
    fn = function("ssd_steps.cu", "ssd_steps", ELEMENT=e, DISCRETE=discrete)
    launch(fn, sum(-(-n // 64) for n in lengths) * -(-H // 32), 256, (*sizes, p(offsets_of(lengths)), p(chunks), len(lengths), p(steps[0]), p(steps[1]), p(steps[2]), H, sum(lengths)))
    width, stages, blocks = variant or ((32, 1, 2) if N > 128 else (64, 2, 2))
    states = -(-N // 32) * 32
    aligned = int(all(k.aligned() for k in (x, b, c)) and P % 8 == 0 and N % 8 == 0)
    shared = 2 * (stages * (64 * (max(states, width) + 8) + 64 * (states + 8) + 64 * (width + 8)) + width * (states + 8)) + stages * 3 * 64 * 4
    fn = function("ssd_chunked.cu", "ssd_chunked", shared, ELEMENT=e, STATES=states, WIDTH=width, ALIGNED=aligned, STAGES=stages, BLOCKS=blocks)
    launch(fn, len(lengths) * -(-P // width) * H, 128, (*x.args(), *b.args(), *c.args(), p(steps[0]), p(steps[1]), p(steps[2]), *places, sum(lengths)), shared)
    return y, state


def conv(x, weight, bias, silu, lengths, start, parents, carry, dtype):
    e, t = TYPES[dtype]
    C, K = weight.shape
    y = poisoned((sum(lengths), C), t)
    windows = poisoned((len(lengths), C, K), torch.float32) if carry else None
    lanes = 16 // t.itemsize
    aligned = int(x.aligned() and C % lanes == 0)
    off = offsets_of(lengths)
    fn = function("causal_conv.cu", "causal_conv", ELEMENT=e, TAPS=K, SILU=int(silu), ALIGNED=aligned)
    blocks = -(-C // (128 * (lanes if aligned else 1))) * -(-sum(lengths) // 32)
    launch(fn, blocks, 128, (*x.args(), p(weight), p(bias), p(off), len(lengths), p(start), p(parents), p(y), C, sum(lengths)))
    if carry:
        fn = function("causal_conv.cu", "causal_conv_windows", ELEMENT=e, TAPS=K, SILU=int(silu), ALIGNED=aligned)
        launch(fn, -(-C // 128) * len(lengths), 128, (*x.args(), p(off), len(lengths), p(start), p(parents), p(windows), C))
    return y, windows


def selective(par, x, dt, b, c, lengths, start, parents, carry, dtype):
    e, t = TYPES[dtype]
    C, N = par["a"].shape
    y = poisoned((sum(lengths), C), t)
    state = poisoned((len(lengths), C, N), torch.float32) if carry else None
    fn = function("selective_scan.cu", "selective_scan", ELEMENT=e, STATES=-(-N // 4) * 4)
    launch(fn, -(-C // 32) * len(lengths), 128, (*x.args(), *dt.args(), *b.args(), *c.args(), p(par["a"]), p(par["d"]), p(par["bias"]),
                                                 p(offsets_of(lengths)), p(start), p(parents), p(y), p(state), C, N))
    return y, state


def diagonal(v, lam, directions, dtype):
    """v (B, T, 2P)"""
    e, t = TYPES[dtype]
    B, T, W = v.shape
    out = poisoned((B, T, directions * W), t)
    fn = function("diagonal_scan.cu", "diagonal_scan", ELEMENT=e, DIRECTIONS=directions)
    launch(fn, -(-B * (W // 2) // 8), 512, (p(v), p(lam), p(out), B, T, W // 2))
    return out


def siso(u, tables, dtype):
    e, t = TYPES[dtype]
    B, T, H = u.shape
    y = poisoned((B, T, H), t)
    partial = y if t == torch.float32 else poisoned((B, T, H), torch.float32)
    parts, own, table, within = tables
    fn = function("siso_scan.cu", "siso_scan", ELEMENT=e, DIRECTIONS=table.shape[0], PARTS=parts, OWN=own)
    launch(fn, -(-H // 16) * B, 16 * parts, (p(u), p(table), p(within), p(partial), p(y), H, T))
    return y


def siso_tables(lam, weight, d):
    """lam (H, n), weight (directions, H, n), d (H): see siso_scan.cu"""
    D, H, n = weight.shape
    parts, own = min(((q, -(-n // q)) for q in (4, 8, 16, 32)), key=lambda c: (max(c[1], 0) > 6, c[0] * c[1], c[0]))
    pad = parts * own - n
    lam, weight = torch.nn.functional.pad(lam, (0, pad)), torch.nn.functional.pad(weight, (0, pad))
    lam = lam.expand(D, H, parts * own)
    power = torch.stack([lam**k for k in range(5)], -1)  # (D, H, S, 5)
    table = torch.empty(D, H, parts * own, 8, dtype=torch.cdouble, device=lam.device)
    table[..., 0] = power[..., 4] - 1
    for k in range(3):
        table[..., 1 + k] = power[..., 3 - k]
    within = torch.zeros(D, H, 4, 4, dtype=torch.double, device=lam.device)
    for k in range(D):
        for j in range(4):
            table[k, ..., 4 + j] = weight[k] * power[k, ..., j + 1 - k]
            for i in range(j + 1 - k):
                within[k, :, j, i] = (weight[k] * power[k, ..., j - i - k]).real.sum(-1)
    for j in range(4):
        within[0, :, j, j] += d
    return parts, own, torch.view_as_real(table).float().contiguous(), within.float().contiguous()


def siso_tiled(u, tables, dtype, channels=8):
    e, t = TYPES[dtype]
    B, T, H = u.shape
    y = poisoned((B, T, H), t)
    partial = y if t == torch.float32 else poisoned((B, T, H), torch.float32)
    outputs, inputs, turns, within, scales = tables
    D, tiles = outputs.shape[0], outputs.shape[-1] // 16
    shared = channels * (2 * 388 * 4 + (4 * tiles + 2) * 512)
    blocks = D * -(-H // channels) * -(-B // 16)
    flags = torch.zeros(blocks, dtype=torch.int32, device="cuda")
    fn = function("siso_tiled.cu", "siso_tiled", shared, ELEMENT=e, DIRECTIONS=D, TILES=tiles, CHANNELS=channels, WHOLE=int(H % 4 == 0))
    launch(fn, blocks, 32 * channels, (p(u), p(outputs), p(inputs), p(turns), p(within), p(scales), p(partial), p(flags), p(y), B, H, T), shared)
    return y


def siso_tiled_tables(lam, weight, d, steps):
    """See siso_tiled.cu"""
    D, H, n = weight.shape
    pad = -n % 8
    lam, weight = torch.nn.functional.pad(lam, (0, pad)), torch.nn.functional.pad(weight, (0, pad))
    power = torch.stack([lam**k for k in range(17)], -1)  # (H, n, 17)
    size = lam.abs()
    gain = torch.where((size - 1).abs() < 1e-12, torch.full_like(size, steps), (1 - size**steps) / (1 - size))
    reach = 2.0 ** -torch.ceil(torch.log2(gain.clamp_min(1)))  # keeps states below the largest input
    turns = torch.stack((power[..., 16].real - 1, power[..., 16].imag), -1).expand(D, H, n + pad, 2)
    outputs, inputs, within, scales = [], [], [], []
    for k in range(D):
        kernel = (weight[k, ..., None] * power[..., :16]).real.sum(1)  # (H, 16)
        out = weight[k, ..., None] * power[..., 1 - k:17 - k] / reach[..., None]  # (H, n, 16)
        most = torch.maximum(out.abs().amax((1, 2)), kernel.abs().amax(1)).clamp_min(1e-30)
        scale = 2.0 ** torch.floor(torch.log2(most))
        outputs.append(torch.stack((out.real, -out.imag), -1).permute(0, 2, 1, 3).reshape(H, 16, -1) / scale[:, None, None])
        into = power[..., :16].flip(-1) * reach[..., None]
        inputs.append(torch.stack((into.real, into.imag), -1).permute(0, 2, 1, 3).reshape(H, 16, -1))
        within.append(kernel / scale[:, None])
        scales.append(torch.stack((scale, d if k == 0 else torch.zeros_like(d)), -1))
    return [torch.stack(v).float().contiguous() for v in (outputs, inputs)] + [turns.float().contiguous()] + [torch.stack(v).float().contiguous() for v in (within, scales)]


def attention(query, keys, values, heads, kv_heads, lengths, key_lengths, dtype, plain=False):
    e, t = TYPES[dtype]
    P = query.count // heads
    rows = 32 if plain else 64
    out = poisoned((sum(lengths), heads * P), t)
    blocks = offsets_of([-(-n // rows) for n in lengths])
    grid = heads * sum(-(-n // rows) for n in lengths)
    width = -(-P // 16) * 16
    args = (*query.args(), p(keys), p(values), p(offsets_of(lengths)), p(offsets_of(key_lengths)), p(blocks), len(lengths), p(out), heads, kv_heads, P)
    if plain:
        shared = 4 * (64 * (width + 4) + 32 * 33)
        fn = function("attention_plain.cu", "attention_plain", shared, ELEMENT=e, WIDTH=width)
        launch(fn, grid, 128, (*args, P**-0.5), shared)
    else:
        shared = 2 * 128 * (width + 8)
        fn = function("attention_tiled.cu", "attention_tiled", shared, ELEMENT=e, WIDTH=width, ALIGNED=int(query.aligned() and P % 8 == 0))
        launch(fn, grid, 128, (*args, math.log2(math.e) * P**-0.5), shared)
    return out


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["check", "time"])
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    sys.modules["kernels"] = sys.modules["__main__"]
    if args.what == "check":
        import checks
        sys.exit(checks.run(args.small, args.only))
    import timings
    timings.run(args.only)
