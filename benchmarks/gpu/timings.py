"""Times the kernels at the sizes of published models; medians over replays of a graph of six launches, which take turns at two sets of inputs."""
import statistics

import torch

import kernels as k
import tiles

cuda = dict(device="cuda")


def time_ms(work, sets, repeats=7, launches=6):
    """Of one launch, in a graph of six."""
    for s in sets:
        work(s)
    torch.cuda.synchronize()
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        for j in range(launches):
            work(sets[j % len(sets)])
    graph.replay()
    times = []
    for _ in range(repeats):
        a, b = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
        a.record()
        graph.replay()
        b.record()
        torch.cuda.synchronize()
        times.append(a.elapsed_time(b) / launches)
    return statistics.median(times)


def line(name, ms, gigabytes=None, flops=None):
    print(f"{name:64} {ms:8.3f} ms" + (f" {gigabytes / ms * 1e3:7.0f} GB/s" if gigabytes else "") + (f" {flops / ms / 1e9:7.1f} TFLOP/s" if flops else ""), flush=True)


def mamba2(name, B, T, H, P, N, G, dtype, variants):
    t = k.TYPES[dtype][1]
    R, size = B * T, k.TYPES[dtype][1].itemsize
    conv_width = H * P + 2 * G * N
    wide = 2 * H * P + 2 * G * N + H
    par = dict(heads=H, x=H, b=G, c=G, width=P, states=N, a=-torch.rand(H, **cuda) * 15 - 1, bias=torch.rand(H, **cuda) - 4, min=0.0, max=float("inf"), d=torch.ones(H, **cuda))
    weight, bias = torch.randn(conv_width, 4, **cuda), torch.randn(conv_width, **cuda)
    sets = [(torch.randn(R, wide, **cuda).to(t), torch.randn(R, conv_width, **cuda).to(t)) for _ in range(2)]
    lengths = [T] * B

    def scan(s, plain=False, variant=None):
        u, v = s
        return k.ssd("continuous", par, k.Columns(v, 0, H * P), k.Columns(v, H * P, G * N), k.Columns(v, H * P + G * N, G * N), k.Columns(u, wide - H, H), lengths, None, None, False, dtype, plain, variant)

    gb = R * (2 * H * P + 2 * G * N + H) * size / 1e9
    flops = R * H * (2 * 32 * (N + P) + 4 * P * N)
    for v in variants:
        line(f"ssd {name} {B}x{T} {dtype} {v}", time_ms(lambda s: scan(s, v == "recurrent", None if v == "recurrent" else v), sets), gb, flops)
    line(f"conv {name} {B}x{T} {dtype}", time_ms(lambda s: k.conv(k.Columns(s[0], H * P, conv_width), weight, bias, True, lengths, None, None, False, dtype), sets), 2 * R * conv_width * size / 1e9)
    return par, sets


def peer(par, sets, B, T, H, P, N, chunk):
    from mamba_ssm.ops.triton.ssd_combined import mamba_chunk_scan_combined
    from mamba_ssm.ops.triton.layernorm_gated import rmsnorm_fn
    d = par["d"].to(torch.bfloat16)

    def scan(s):
        u, v = s
        x, b, c = v.view(B, T, -1).split([H * P, N, N], -1)
        return mamba_chunk_scan_combined(x.view(B, T, H, P), u.view(B, T, -1)[..., -H:], par["a"], b[:, :, None], c[:, :, None], chunk_size=chunk, D=d, dt_bias=par["bias"], dt_softplus=True)

    line(f"  mamba_ssm's Triton scan {B}x{T} chunk {chunk}", time_ms(scan, sets))


def run(only):
    k.poison = False
    print(torch.cuda.get_device_name())
    big = torch.empty(2, 1 << 30, dtype=torch.uint8, **cuda)
    line("copy of 1 GiB", time_ms(lambda s: big[0].copy_(big[1]), [0]), 2 * 1.0737)
    variants = [(64, 2, 2), (64, 1, 2), (32, 1, 3)]  # width, stages, blocks a multiprocessor
    if only in "mamba2":
        for B, T in ((16, 1024), (32, 256), (1, 2048)):
            par, sets = mamba2("2.7B", B, T, 80, 64, 128, 1, "bfloat16", variants)
            try:
                peer(par, sets, B, T, 80, 64, 128, 256)
            except ImportError as absent:
                print("  no mamba_ssm:", absent)
        mamba2("2.7B", 16, 1024, 80, 64, 128, 1, "float32", ["recurrent"])
        mamba2("2.7B", 1, 2048, 80, 64, 128, 1, "float32", ["recurrent"])
    if only in "mamba1":
        for B, T in ((16, 1024), (1, 2048)):
            C, N, t = 5120, 16, torch.bfloat16
            par = dict(a=-torch.rand(C, N, **cuda) * 15 - 1, d=torch.ones(C, **cuda), bias=torch.rand(C, **cuda) - 4)
            sets = [tuple(torch.randn(B * T, n, **cuda).to(t) for n in (C, C, N, N)) for _ in range(2)]
            all_of = lambda v: k.Columns(v, 0, v.shape[1])
            line(f"selective scan 2.8B {B}x{T} bfloat16", time_ms(lambda s: k.selective(par, *map(all_of, s), [T] * B, None, None, False, "bfloat16"), sets), 3 * B * T * C * 2 / 1e9)
    if only in "s5":
        for name, B, T, H, P in (("listops", 50, 2048, 128, 8), ("imdb", 50, 4096, 256, 96), ("image", 50, 1024, 512, 192), ("one long", 1, 16384, 128, 128)):
            lam = torch.view_as_real(torch.polar(torch.rand(P, **cuda), torch.randn(P, **cuda))).T.contiguous()
            sets = [torch.randn(B, T, 2 * P, **cuda) for _ in range(2)]
            line(f"S5 scan {name} {B}x{T} P {P} float32", time_ms(lambda s: k.diagonal(s, lam, 2, "float32"), sets), 3 * B * T * 2 * P * 4 / 1e9)
            b, c = torch.randn(P, H, dtype=torch.cdouble, **cuda) / H**0.5, torch.randn(2, H, P, dtype=torch.cdouble, **cuda) / P**0.5
            u, d = [torch.randn(B, T, H, **cuda) for _ in range(2)], torch.randn(H, **cuda)
            weight = torch.randn(2, H, H, **cuda) / H**0.5
            rows = [x.view(B * T, H) for x in u]
            for precision in tiles.TERMS:
                if 2 * P <= H:
                    layer = tiles.Mimo(torch.complex(lam[0].double(), lam[1].double()), b, c, d, precision)
                    line(f"S5 layer {name} {B}x{T} H {H} P {P} {precision}", time_ms(lambda x: layer(x, d, d), u), (2 * H + 4 * P) * B * T * 4 / 1e9, 12 * B * T * H * P)
                for value, of in ((0, "y"), (1, "g"), (2, "projected")):
                    unit = tiles.Gated(H, weight[value < 2:], weight[value < 2:, 0], value, value == 2, precision)
                    line(f"gated unit {name} {B * T} rows H {H} of {of} {precision}", time_ms(lambda x: unit(x, rows[0]), rows), 3 * B * T * H * 4 / 1e9, (4 if value == 2 else 2) * B * T * H * H)
    if only in "s4d":
        for name, B, T, H, n in (("listops", 50, 2048, 128, 32), ("listops half", 50, 2048, 128, 16), ("imdb", 50, 4096, 256, 32), ("image", 50, 1024, 512, 32), ("image half", 50, 1024, 512, 16)):
            lam = torch.polar(torch.rand(H, n, dtype=torch.double, **cuda), torch.randn(H, n, dtype=torch.double, **cuda))
            tables = k.siso_tables(lam, torch.randn(2, H, n, dtype=torch.cdouble, **cuda), torch.randn(H, dtype=torch.double, **cuda))
            sets = [torch.randn(B, T, H, **cuda) for _ in range(2)]
            tiled = k.siso_tiled_tables(lam, torch.randn(2, H, n, dtype=torch.cdouble, **cuda), torch.randn(H, dtype=torch.double, **cuda), T)
            line(f"S4D {name} {B}x{T} H {H} n {n} float32 recurrence", time_ms(lambda s: k.siso(s, tables, "float32"), sets), None, B * T * H * n * 2 * 2 * 4.75)
            line(f"S4D {name} {B}x{T} H {H} n {n} float32 tiled", time_ms(lambda s: k.siso_tiled(s, tiled, "float32"), sets))
            half = [s.bfloat16() for s in sets]
            line(f"S4D {name} {B}x{T} H {H} n {n} bfloat16 tiled", time_ms(lambda s: k.siso_tiled(s, tiled, "bfloat16"), half))
    if only in "attention":
        for B, T in ((16, 1024), (1, 4096)):
            heads, kv, P = 32, 8, 128
            sets = [tuple(torch.randn(B * T, n * P, **cuda).bfloat16() for n in (heads, kv, kv)) for _ in range(2)]
            run_one = lambda s: k.attention(k.Columns(s[0], 0, heads * P), s[1], s[2], heads, kv, [T] * B, [T] * B, "bfloat16")
            line(f"attention {B}x{T} 32 heads of 128, 8 kv", time_ms(run_one, sets), None, 2 * B * heads * T * T * P)
            shaped = lambda v: v.view(B, T, -1, P).transpose(1, 2)
            line("  torch's scaled_dot_product_attention", time_ms(lambda s: torch.nn.functional.scaled_dot_product_attention(*map(shaped, s), is_causal=True, enable_gqa=True), sets), None, 2 * B * heads * T * T * P)
