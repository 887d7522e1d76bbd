"""Plain float64 forms of what the kernels compute, row by row."""
import torch
import torch.nn.functional as F


def sequences(lengths):
    at = 0
    for s, n in enumerate(lengths):
        yield s, at, n
        at += n


def begin(start, parents, s, shape):
    return torch.zeros(shape, dtype=torch.double, device="cuda") if start is None else start[parents[s]].double()


def ssd(kind, par, x, b, c, dt, lengths, start, parents):
    H, P, N = par["heads"], par["width"], par["states"]
    R = sum(lengths)
    spread = lambda v, groups, width: v.values().view(R, groups, width).repeat_interleave(H // groups, 1)
    X, B, C = spread(x, par["x"], P), spread(b, par["b"], N), spread(c, par["c"], N)
    step = F.softplus(dt.values() + (0 if par["bias"] is None else par["bias"].double()), threshold=1e9)
    if kind == "discrete":
        decay, scale = torch.exp(-step), torch.ones_like(step)
    else:
        scale = step.clamp(par["min"], par["max"])
        decay = torch.exp(scale * par["a"].double())
    y, states = torch.empty(R, H, P, dtype=torch.double, device="cuda"), []
    for s, at, n in sequences(lengths):
        S = begin(start, parents, s, (H, P, N))
        for r in range(at, at + n):
            S = decay[r, :, None, None] * S + (scale[r, :, None] * X[r])[..., None] * B[r, :, None, :]
            y[r] = (S * C[r, :, None, :]).sum(-1)
        states.append(S)
    if par["d"] is not None:
        y += par["d"].double()[:, None] * X
    return y.view(R, H * P), torch.stack(states)


def conv(x, weight, bias, silu, lengths, start, parents):
    C, K = weight.shape
    X, out, windows = x.values(), [], []
    for s, at, n in sequences(lengths):
        both = torch.cat((begin(start, parents, s, (C, K)).T, X[at:at + n]))
        y = F.conv1d(both.T[None, :, 1:], weight.double()[:, None], None if bias is None else bias.double(), groups=C)[0].T if n else both[:0]
        out.append(F.silu(y) if silu else y)
        windows.append(both[-K:].T)
    return torch.cat(out), torch.stack(windows)


def selective(par, x, dt, b, c, lengths, start, parents):
    X, B, C, A = x.values(), b.values(), c.values(), par["a"].double()
    step = F.softplus(dt.values() + (0 if par["bias"] is None else par["bias"].double()), threshold=1e9)
    y, states = torch.empty_like(X), []
    for s, at, n in sequences(lengths):
        S = begin(start, parents, s, A.shape)
        for r in range(at, at + n):
            S = torch.exp(step[r, :, None] * A) * S + (step[r] * X[r])[:, None] * B[r]
            y[r] = (S * C[r]).sum(-1)
        states.append(S)
    return y + par["d"].double() * X, torch.stack(states)


def diagonal(v, lam, directions):
    B, T, W = v.shape
    P = W // 2
    drive = torch.complex(v[..., :P].double(), v[..., P:].double())
    rate = torch.complex(lam[0].double(), lam[1].double())
    out = []
    for direction in range(directions):
        x, states = torch.zeros_like(drive[:, 0]), torch.empty_like(drive)
        for t in range(T) if direction == 0 else reversed(range(T)):
            x = rate * x + drive[:, t]
            states[:, t] = x
        out += [states.real, states.imag]
    return torch.cat(out, -1)


def mimo(u, lam, b, c, d):
    drive = u.to(b.dtype) @ b.T
    D, H, P = c.shape
    pair = lambda z: torch.cat((z.real, z.imag), -1)
    states = diagonal(pair(drive), torch.stack((lam.real, lam.imag)), D).reshape(*u.shape[:2], D, 2, P)
    return torch.einsum("btdp,dhp->bth", torch.complex(states[..., 0, :], states[..., 1, :]), c).real + d.double() * u


def gated(y, residual, weight, bias, value, erf):
    y, residual = y.double(), residual.double()
    g = torch.nn.functional.gelu(y, approximate="none" if erf else "tanh")
    projected = [g @ w.double().T + b.double() for w, b in zip(weight, bias)]
    return (y, g, projected[0])[value] * torch.sigmoid(projected[-1]) + residual


def siso(u, lam, weight, d):
    """By Fourier transform in float64: u (B, T, H), lam (H, n), weight (directions, H, n)."""
    T = u.shape[1]
    power = lam[..., None] ** torch.arange(T, device="cuda")
    kernel = (weight[..., None] * power).real.sum(2)  # (directions, H, T)
    full = F.pad(kernel[0], (0, T))
    if len(kernel) == 2:
        full = full + F.pad(kernel[1].flip(-1), (T, 0))  # [T + i] holds the lag -(T - i)
    x = u.double().transpose(1, 2)
    y = torch.fft.irfft(torch.fft.rfft(x, n=2 * T) * torch.fft.rfft(full, n=2 * T), n=2 * T)[..., :T]
    return (y + d[:, None] * x).transpose(1, 2)


def attention(query, keys, values, heads, kv_heads, lengths, key_lengths):
    P, out, k0 = query.count // heads, [], 0
    for (_, at, n), m in zip(sequences(lengths), key_lengths):
        q = query.values()[at:at + n].view(n, heads, P).transpose(0, 1)
        k, v = (t[k0:k0 + m].double().view(m, kv_heads, P).transpose(0, 1).repeat_interleave(heads // kv_heads, 0) for t in (keys, values))
        mask = torch.ones(n, m, dtype=torch.bool, device="cuda").tril(m - n)
        weights = (q @ k.transpose(1, 2) * P**-0.5).masked_fill(~mask, float("-inf")).softmax(-1)
        out.append((weights @ v).transpose(0, 1).reshape(n, heads * P))
        k0 += m
    return torch.cat(out)
