"""The kernels around tile_product.cuh: S5's layers in tiles of steps and gated units, as TiledMimo and CudaGatedUnit launch them."""
import torch

import kernels as k

TILE = 64
TERMS = {"float32": 3, "tf32": 1}


def up(n, multiple):
    return -(-n // multiple) * multiple


def packed(weight, precision, halves=True):
    """weight (rows, columns) in the order of PackedWeight, and its unit."""
    rows, columns = weight.shape
    steps = 2 if precision == "tf32" else 1
    if precision == "tf32" and halves:
        w = weight.reshape(rows // 16, 2, 8, columns // 16, 2, 4, 2)  # sixteens, half, g, depth, eight, q, pair
        w = w.permute(3, 0, 2, 5, 1, 4, 6).contiguous()
    else:
        w = weight.reshape(rows // 16, 2, 8, columns // (8 * steps), steps, 2, 4)  # sixteens, half, g, depth, step, part, q
        w = w.permute(3, 0, 2, 6, 4, 1, 5).contiguous()
    if precision == "float32":
        return w.float(), 1.0
    unit = 2.0 ** (weight.abs().max().clamp_min(1e-30).log2().floor().item() - 14)
    return (w / unit).half(), unit


def tile_bytes(columns, precision):
    return TILE * (4 + (columns + 8) * 2 if precision == "tf32" else (columns + 4) * 4)


def filled(weight, rows, columns):
    return torch.nn.functional.pad(weight, (0, columns - weight.shape[1], 0, rows - weight.shape[0]))


def choices(H, precision):
    return dict(PADDED=up(H, 32), WHOLE=int(H % 32 == 0), TERMS=TERMS[precision])


class Gated:
    """value 0: y, 1: gelu(y), 2: projected, whose weight (2, H, H) holds the value's rows first."""

    def __init__(self, H, weight, bias, value, erf, precision):
        self.H, self.padded = H, up(H, 32)
        self.weight, self.unit = packed(torch.cat([filled(w, self.padded, self.padded) for w in weight]), precision)
        self.bias = torch.cat([torch.nn.functional.pad(b, (0, self.padded - H)) for b in bias])
        self.shared = tile_bytes(self.padded, precision)
        self.fn = k.function("gated_unit.cu", "gated_unit", self.shared, VALUE=value, ERF=int(erf), **choices(H, precision))

    def __call__(self, y, residual):
        out = k.poisoned(y.shape, torch.float32)
        rows = y.shape[0]
        k.launch(self.fn, -(-rows // TILE), self.padded, (k.p(y), k.p(self.weight), self.unit, k.p(self.bias), k.p(residual), k.p(None), k.p(None), k.p(out), rows, self.H, 0), self.shared)
        return out


class Mimo:
    """lam (P), b (P, H), c (directions, H, P) complex; d (H)."""

    def __init__(self, lam, b, c, d, precision):
        D, H, P = c.shape
        self.H, self.P, self.D, self.d = H, P, D, d.float()
        padded, half = up(H, 32), up(P, 8)
        self.padded, self.group = padded, up(-(-P // -(-P // 64)), 8)
        groups = -(-P // self.group)
        pair = lambda z: torch.stack((z.real, z.imag))
        self.lam, self.turn = (pair(z).float().contiguous() for z in (lam, lam**TILE))
        self.b, self.b_unit = packed(filled(torch.cat([filled(x, half, padded) for x in (b.real, b.imag)]), up(2 * half, 32), padded), precision)
        c = torch.nn.functional.pad(torch.stack((c.real, -c.imag), 1), (0, groups * self.group - P))  # (D, 2, H, states)
        c = c.reshape(D, 2, H, groups, self.group).permute(2, 3, 0, 1, 4).reshape(H, -1)
        self.c, self.c_unit = packed(filled(c, padded, c.shape[1]), precision, False)
        self.in_shared = max(tile_bytes(padded, precision), TILE * (1 + 2 * half + 8) * 4)
        self.out_shared = TILE * 2 * self.group * 4 + TILE * (D * 2 * self.group + 4) * 4
        self.input = k.function("diagonal_input.cu", "diagonal_input", self.in_shared, DIRECTIONS=D, **choices(H, precision))
        self.ends = k.function("diagonal_ends.cu", "diagonal_ends", DIRECTIONS=D)
        self.output = k.function("diagonal_output.cu", "diagonal_output", self.out_shared, DIRECTIONS=D, **choices(H, precision))

    def __call__(self, u, scale, shift):
        B, T, _ = u.shape
        tiles = -(-T // TILE)
        v, ends = k.poisoned((B, T, 2 * self.P), torch.float32), k.poisoned((B, tiles, self.D, 2, self.P), torch.float32)
        y = k.poisoned(u.shape, torch.float32)
        k.launch(self.input, B * tiles, self.padded, (k.p(u), k.p(scale), k.p(shift), k.p(self.b), self.b_unit, k.p(self.lam), k.p(v), k.p(ends), T, self.H, self.P, 0), self.in_shared)
        k.launch(self.ends, -(-B * self.D * self.P // 128), 128, (k.p(self.turn), k.p(ends), B, tiles, self.P))
        k.launch(self.output, B * tiles, self.padded, (k.p(v), k.p(self.lam), k.p(ends), k.p(self.c), self.c_unit, k.p(u), k.p(scale), k.p(shift), k.p(self.d), k.p(y), T, self.H, self.P, self.group, 1), self.out_shared)
        return y
