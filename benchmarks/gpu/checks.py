"""Every kernel x type x odd sizes against float64. Prints one line a case; returns 1 if any is out of tolerance."""
import torch

import kernels as k
import reference
import tiles

cuda = dict(device="cuda")


def error(out, ref):
    out, ref = out.double().reshape(ref.shape), ref.double()
    if ref.numel() == 0:
        return 0.0
    off = (out - ref).norm() / ref.norm().clamp_min(1e-300)
    return float("inf") if torch.isnan(off) else off.item()


def columns(rows, count, dtype, aligned=True, scale=1.0):
    """Random columns inside a wider row."""
    before, after = (16, 24) if aligned else (3, 6)
    t = torch.randn(rows, before + count + after, **cuda).mul_(scale).to(k.TYPES[dtype][1])
    return k.Columns(t, before, count)


class Report:
    def __init__(self):
        self.failed, self.worst = 0, {}

    def see(self, kernel, dtype, case, **errors):
        limit = k.TOLERANCE[dtype]
        bad = {n: e for n, e in errors.items() if not e <= (0 if n == "split" else limit)}
        key = kernel, dtype
        for n, e in errors.items():
            self.worst.setdefault(key, {}).setdefault(n, 0)
            self.worst[key][n] = max(self.worst[key][n], e)
        if bad:
            self.failed += 1
            print("FAILED", kernel, dtype, case, {n: f"{e:.2g}" for n, e in errors.items()}, flush=True)


def split_of(run, lengths, whole, at):
    """Largest difference between the first sequences run alone and run with the others."""
    rows = sum(lengths[:at])
    y, state = run(lengths[:at], slice(0, rows), slice(0, at))
    z, other = run(lengths[at:], slice(rows, None), slice(at, None))
    y, state = torch.cat((y, z)), torch.cat((state, other))
    same = torch.equal(y, whole[0]) and torch.equal(state, whole[1])
    return 0.0 if same else max((y.double() - whole[0].double()).abs().max().item(), (state - whole[1]).abs().max().item(), 1e-30)


def start_of(lengths, shape, present):
    if not present:
        return None, None
    return torch.randn(3, *shape, **cuda), torch.randint(0, 3, (len(lengths),), dtype=torch.int32, device="cuda")


def some(parents, which):
    return None if parents is None else parents[which].contiguous()


def trimmed(cases, small):
    """The first two and the last, for compute-sanitizer."""
    return cases[:2] + cases[-1:] if small else cases


def check_ssd(report, small):
    cases = [  # kind, H, x heads, b groups, c groups, P, N, lengths, start, aligned
        ("continuous", 4, 4, 1, 1, 64, 128, [64, 1, 200, 63], True, True),
        ("continuous", 4, 4, 2, 2, 64, 128, [130], False, True),
        ("discrete", 4, 4, 4, 4, 64, 96, [17, 0, 128, 65], True, True),
        ("continuous", 6, 2, 3, 6, 48, 64, [5, 77], True, True),
        ("continuous", 3, 3, 1, 1, 37, 50, [33, 90], True, False),
        ("discrete", 2, 2, 1, 1, 128, 256, [70, 3], True, True),
        ("continuous", 2, 2, 1, 1, 80, 16, [66, 129], False, True)]
    for kind, H, xh, bg, cg, P, N, lengths, started, aligned in trimmed(cases, small):
        for dtype in k.TYPES:
            R = sum(lengths)
            par = dict(heads=H, x=xh, b=bg, c=cg, width=P, states=N, a=None if kind == "discrete" else -torch.rand(H, **cuda) * 8 - 0.2,
                       bias=None if kind == "discrete" else torch.randn(H, **cuda) - 2, min=0.001, max=float("inf") if H > 2 else 0.1, d=torch.randn(H, **cuda))
            x, b, c = columns(R, xh * P, dtype, aligned), columns(R, bg * N, dtype, aligned, N**-0.5), columns(R, cg * N, dtype, aligned)
            dt = columns(R, H, dtype, False)
            start, parents = start_of(lengths, (H, P, N), started)
            ref = reference.ssd(kind, par, x, b, c, dt, lengths, start, parents)
            for plain in ([True, False] if dtype != "float32" else [True]):
                def run(lengths, rows, which):
                    part = [v.rows(rows.start, rows.stop) for v in (x, b, c, dt)]
                    return k.ssd(kind, par, *part, lengths, start, some(parents, which), True, dtype, plain)
                out = run(lengths, slice(0, None), slice(0, None))
                alone, _ = k.ssd(kind, par, x, b, c, dt, lengths, start, parents, False, dtype, plain)
                split = split_of(run, lengths, out, 1) if len(lengths) > 1 else 0.0
                if not plain and N <= 128:
                    narrow = k.ssd(kind, par, x, b, c, dt, lengths, start, parents, True, dtype, plain, (32, 1, 3))
                    report.see("ssd_chunked 32", dtype, (kind, H, P, N, lengths), split=0.0 if all(map(torch.equal, narrow, out)) else 1.0)
                report.see("ssd_recurrent" if plain else "ssd_chunked", dtype, (kind, H, P, N, lengths), y=error(out[0], ref[0]), state=error(out[1], ref[1]),
                           no_carry=error(alone, ref[0]), split=split)


def check_conv(report, small):
    for C, K, silu, bias, lengths, started, aligned in trimmed([(256, 4, True, True, [1, 70, 2, 33, 0, 64], True, True), (1048, 4, True, True, [100], False, True),
                                                        (37, 4, False, False, [3, 40, 0, 1, 1], True, False), (40, 3, True, True, [50, 31], True, True)], small):
        for dtype in k.TYPES:
            x = columns(sum(lengths), C, dtype, aligned)
            weight, b = torch.randn(C, K, **cuda), torch.randn(C, **cuda) if bias else None
            start, parents = start_of(lengths, (C, K), started)
            ref = reference.conv(x, weight, b, silu, lengths, start, parents)
            run = lambda lengths, rows, which: k.conv(x.rows(rows.start, rows.stop), weight, b, silu, lengths, start, some(parents, which), True, dtype)
            out = run(lengths, slice(0, None), slice(0, None))
            split = split_of(run, lengths, out, 2) if len(lengths) > 2 else 0.0
            report.see("causal_conv", dtype, (C, K, lengths), y=error(out[0], ref[0]), windows=error(out[1], ref[1]), split=split)


def check_selective(report, small):
    for C, N, lengths, started, bias in trimmed([(64, 16, [40, 1, 65], True, True), (45, 16, [33, 0, 32], True, False), (70, 10, [5, 100], False, True), (33, 64, [37, 2], True, True)], small):
        for dtype in k.TYPES:
            R = sum(lengths)
            par = dict(a=-torch.rand(C, N, **cuda) * 8 - 0.1, d=torch.randn(C, **cuda), bias=torch.randn(C, **cuda) - 2 if bias else None)
            x, dt, b, c = columns(R, C, dtype, False), columns(R, C, dtype, False), columns(R, N, dtype, False), columns(R, N, dtype, False)
            start, parents = start_of(lengths, (C, N), started)
            ref = reference.selective(par, x, dt, b, c, lengths, start, parents)
            run = lambda lengths, rows, which: k.selective(par, *(v.rows(rows.start, rows.stop) for v in (x, dt, b, c)), lengths, start, some(parents, which), True, dtype)
            out = run(lengths, slice(0, None), slice(0, None))
            report.see("selective_scan", dtype, (C, N, lengths), y=error(out[0], ref[0]), state=error(out[1], ref[1]), split=split_of(run, lengths, out, 1))


def eigenvalues(*shape):
    return torch.polar(torch.exp(-torch.rand(*shape, dtype=torch.double, **cuda) ** 4 * 0.5 - 1e-4), torch.randn(*shape, dtype=torch.double, **cuda))


def check_diagonal(report, small):
    for B, T, P, D in trimmed([(3, 200, 8, 2), (2, 1, 5, 2), (1, 15, 40, 2), (2, 1000, 96, 1), (5, 333, 33, 2)], small):
        for dtype in k.TYPES:
            v = torch.randn(B, T, 2 * P, **cuda)
            lam = torch.view_as_real(eigenvalues(P)).T.float().contiguous()
            ref = reference.diagonal(v, lam, D)
            out = k.diagonal(v, lam, D, dtype)
            split = 0.0 if torch.equal(out[:1], k.diagonal(v[:1].contiguous(), lam, D, dtype)) else 1.0
            report.see("diagonal_scan", dtype, (B, T, P, D), states=error(out, ref), split=split)


def check_siso(report, small):
    for B, T, H, n, D in trimmed([(2, 200, 64, 32, 2), (19, 100, 24, 32, 2), (3, 1, 5, 4, 2), (1, 35, 40, 20, 2), (2, 500, 130, 16, 1), (2, 333, 33, 48, 2), (1, 64, 9, 1, 2), (1, 70, 9, 128, 2)], small):
        for dtype in k.TYPES:
            u = torch.randn(B, T, H, **cuda).to(k.TYPES[dtype][1])
            lam, weight, d = eigenvalues(H, n), torch.randn(D, H, n, dtype=torch.cdouble, **cuda), torch.randn(H, dtype=torch.double, **cuda)
            ref = reference.siso(u, lam, weight, d)
            forms = {"siso_scan": lambda u: k.siso(u, tables, dtype)}
            tables = k.siso_tables(lam, weight, d)
            if n <= 32:
                tiled = k.siso_tiled_tables(lam, weight, d, T)
                forms["siso_tiled"] = lambda u: k.siso_tiled(u, tiled, dtype)
            for name, form in forms.items():
                out = form(u)
                report.see(name, dtype, (B, T, H, n, D), y=error(out, ref), split=0.0 if torch.equal(out[:1], form(u[:1].contiguous())) else 1.0)


def check_attention(report, small):
    for heads, kv, P, lengths, earlier, aligned in trimmed([(4, 2, 64, [64, 1, 70], [0, 100, 5], True), (4, 4, 128, [130], [0], True), (6, 2, 40, [10, 65], [3, 64], False), (8, 2, 80, [33, 0, 2], [31, 4, 200], True)], small):
        for dtype in k.TYPES:
            totals = [a + b for a, b in zip(lengths, earlier)]
            query = columns(sum(lengths), heads * P, dtype, aligned)
            keys, values = (torch.randn(sum(totals), kv * P, **cuda).to(k.TYPES[dtype][1]) for _ in range(2))
            ref = reference.attention(query, keys, values, heads, kv, lengths, totals)
            for plain in ([True, False] if dtype != "float32" else [True]):
                out = k.attention(query, keys, values, heads, kv, lengths, totals, dtype, plain)
                split = k.attention(query.rows(0, lengths[0]), keys[:totals[0]].contiguous(), values[:totals[0]].contiguous(), heads, kv, lengths[:1], totals[:1], dtype, plain)
                report.see("attention_plain" if plain else "attention_tiled", dtype, (heads, kv, P, lengths), out=error(out, ref),
                           split=0.0 if torch.equal(split, out[:lengths[0]]) else 1.0)


def check_tiles(report, small):
    for precision in tiles.TERMS:
        k.TOLERANCE.setdefault("tf32", 2e-3)
        for R, H, value, erf in trimmed([(70, 12, 0, False), (64, 128, 0, False), (129, 256, 2, True), (65, 512, 1, False), (3, 512, 2, True), (200, 140, 2, False)], small):
            y, residual = (torch.randn(R, H, **cuda) for _ in range(2))
            weight, bias = torch.randn(1 + value // 2, H, H, **cuda) / H**0.5, torch.randn(1 + value // 2, H, **cuda)
            unit = tiles.Gated(H, weight, bias, value, erf, precision)
            out = unit(y, residual)
            ref = reference.gated(y, residual, weight, bias, value, erf)
            report.see("gated_unit", precision, (R, H, value), out=error(out, ref), split=0.0 if torch.equal(out[:2], unit(y[:2].contiguous(), residual[:2].contiguous())) else 1.0)
        for B, T, H, P, D in trimmed([(3, 200, 12, 8, 2), (2, 64, 128, 8, 2), (2, 130, 256, 96, 2), (1, 1000, 512, 192, 2), (2, 63, 40, 17, 1)], small):
            lam, b, c = eigenvalues(P), torch.randn(P, H, dtype=torch.cdouble, **cuda) / H**0.5, torch.randn(D, H, P, dtype=torch.cdouble, **cuda) / P**0.5
            u, d, scale, shift = torch.randn(B, T, H, **cuda), *(torch.randn(H, **cuda) for _ in range(3))
            layer = tiles.Mimo(lam, b, c, d, precision)
            out = layer(u, scale, shift)
            ref = reference.mimo(u * scale.double() + shift, lam, b, c, d)
            report.see("S5 in tiles", precision, (B, T, H, P, D), y=error(out, ref), split=0.0 if torch.equal(out[:1], layer(u[:1].contiguous(), scale, shift)) else 1.0)


def run(small, only):
    report = Report()
    for check in (check_ssd, check_conv, check_selective, check_diagonal, check_siso, check_attention, check_tiles):
        if only in check.__name__:
            torch.manual_seed(1)
            check(report, small)
            torch.cuda.synchronize()
    print(f"{'kernel':18}{'type':10} largest relative errors (2-norm)")
    for (kernel, dtype), errors in sorted(report.worst.items()):
        print(f"{kernel:18}{dtype:10}", "  ".join(f"{n} {e:.1e}" for n, e in errors.items()))
    print("failed:", report.failed)
    return 1 if report.failed else 0
