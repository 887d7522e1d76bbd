"""Loads a checkpoint, such as `coppice prune` writes, into code that is not Coppice's, and records what it computes for `coppice verify`.

    python3 benchmarks/load_pruned.py MODEL GOLDEN.safetensors        # torch, transformers 5, safetensors; no GPU
    ./coppice verify MODEL GOLDEN.safetensors                         # exit code 0: logits agree to 1e-4

transformers' layouts are loaded by transformers itself, state-spaces' into transformers' mixers, made in the sizes that config.json has for each
layer. The code of Phi-Mamba, Smol2-Mamba, Llamba and of the hybrids needs CUDA kernels: their tensors go, by their own names, into the modules below,
which compute the published formulas step by step; attention, MLPs and norms of the hybrids are transformers' Llama. Every tensor of the file must
have its place, and every place its tensor.
"""
import argparse
import json
import pathlib
import types

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM, Mamba2Config, Mamba2ForCausalLM, MambaConfig, MambaForCausalLM
from transformers.models.mamba2.modeling_mamba2 import Mamba2Mixer


class Mixer(nn.Module):
    """Mamba-2 step by step. Heads H of width P, N states; x of `x_heads` heads, B of `b_groups` groups, C of `c_groups`."""

    def __init__(self, width, heads, x_heads, b_groups, c_groups, head_width, states, discrete, out_bias):
        super().__init__()
        inner, convolved = heads * head_width, x_heads * head_width + (b_groups + c_groups) * states
        self.sizes = heads, x_heads, b_groups, c_groups, head_width, states
        self.discrete = discrete
        self.in_proj = nn.Linear(width, inner + convolved + heads, bias=False)
        self.conv1d = nn.Conv1d(convolved, convolved, 4, groups=convolved, padding=3)
        self.D = nn.Parameter(torch.empty(heads))
        if discrete:
            self.z_bias = nn.Parameter(torch.empty(inner))
        else:
            self.A_log, self.dt_bias = nn.Parameter(torch.empty(heads)), nn.Parameter(torch.empty(heads))
            self.norm = nn.Module()
            self.norm.weight = nn.Parameter(torch.empty(inner))
        self.out_proj = nn.Linear(inner, width, bias=out_bias)

    def forward(self, hidden_states, **unused):
        heads, x_heads, b_groups, c_groups, p, n = self.sizes
        batch, steps, _ = hidden_states.shape
        inner, convolved = heads * p, self.conv1d.in_channels
        parts = [convolved, inner, heads] if self.discrete else [inner, convolved, heads]
        first, second, dt = self.in_proj(hidden_states).split(parts, dim=-1)
        xbc, z = (first, second) if self.discrete else (second, first)
        xbc = self.conv1d(xbc.transpose(1, 2))[..., :steps].transpose(1, 2)
        x, b, c = (xbc if self.discrete else F.silu(xbc)).split([x_heads * p, b_groups * n, c_groups * n], dim=-1)
        x = x.view(batch, steps, x_heads, p).repeat_interleave(heads // x_heads, dim=2)
        b = b.view(batch, steps, b_groups, n).repeat_interleave(heads // b_groups, dim=2)
        c = c.view(batch, steps, c_groups, n).repeat_interleave(heads // c_groups, dim=2)
        if self.discrete:
            decay, gain = torch.sigmoid(-dt), torch.ones_like(dt)
        else:
            gain = F.softplus(dt + self.dt_bias)
            decay = torch.exp(-gain * self.A_log.exp())
        state, ys = x.new_zeros(batch, heads, p, n), []
        for t in range(steps):
            state = decay[:, t, :, None, None] * state + (gain[:, t, :, None] * x[:, t])[..., None] * b[:, t, :, None, :]
            ys.append((state * c[:, t, :, None, :]).sum(-1) + self.D[:, None] * x[:, t])
        y = torch.stack(ys, dim=1)
        if self.discrete:
            y = y.flatten(2) * F.silu(z + self.z_bias)
            return self.out_proj(y)
        y = y * F.silu(z).view_as(y)  # normalised head by head, as the hybrids are
        y = (y * torch.rsqrt(y.square().mean(-1, keepdim=True) + 1e-5)).flatten(2) * self.norm.weight
        return self.out_proj(y), None


class DiscreteBlock(nn.Module):
    """Phi's block, mixer and MLP side by side, or Llama's, one after the other."""

    def __init__(self, width, mixer, intermediate, phi, eps):
        super().__init__()
        self.phi = phi
        self.mixer = mixer
        self.mlp = nn.Module()
        if phi:
            self.input_layernorm = nn.LayerNorm(width, eps=1e-5)
            self.mlp.fc1, self.mlp.fc2 = nn.Linear(width, intermediate), nn.Linear(intermediate, width)
        else:
            self.input_layernorm, self.post_attention_layernorm = nn.RMSNorm(width, eps=eps), nn.RMSNorm(width, eps=eps)
            self.mlp.gate_proj, self.mlp.up_proj = nn.Linear(width, intermediate, bias=False), nn.Linear(width, intermediate, bias=False)
            self.mlp.down_proj = nn.Linear(intermediate, width, bias=False)

    def forward(self, h):
        u, mlp = self.input_layernorm(h), self.mlp
        if self.phi:
            return h + self.mixer(u) + mlp.fc2(F.gelu(mlp.fc1(u), approximate="tanh"))
        h = h + self.mixer(u)
        u = self.post_attention_layernorm(h)
        return h + mlp.down_proj(F.silu(mlp.gate_proj(u)) * mlp.up_proj(u))


class DiscreteModel(nn.Module):
    def __init__(self, vocabulary, width, blocks, phi, head_bias, eps):
        super().__init__()
        self.backbone = nn.Module()
        self.backbone.embedding = nn.Embedding(vocabulary, width)
        self.backbone.layers = nn.ModuleList(blocks)
        self.backbone.final_layernorm = nn.LayerNorm(width, eps=1e-5) if phi else nn.RMSNorm(width, eps=eps)
        self.lm_head = nn.Linear(width, vocabulary, bias=head_bias)

    def forward(self, ids):
        h = self.backbone.embedding(ids)
        for layer in self.backbone.layers:
            h = layer(h)
        return types.SimpleNamespace(logits=self.lm_head(self.backbone.final_layernorm(h)))


def tensors(folder):
    found = {}
    for file in sorted(folder.glob("model*.safetensors")):
        found.update(load_file(file))
    if not found:
        found = torch.load(folder / "pytorch_model.bin", map_location="cpu", weights_only=True)
    return {name: tensor.float() for name, tensor in found.items()}


def padded(sizes):
    multiple = sizes.get("pad_vocab_size_multiple", 8)
    return -(-sizes["vocab_size"] // multiple) * multiple


def discrete(config, found):
    llamba = config.get("model_type") == "llamba"
    model = config if llamba else config["MixerModel"]["input"]
    width, vocabulary = model["d_model"], padded(config if llamba else config["LanguageModel"]["input"])
    blocks = [config[key] for key in ("Block1",) if key in config] or [config[f"Block_{i}"] for i in range(len(config)) if f"Block_{i}" in config]
    if llamba:
        blocks = [{"n_layers": model["n_layer"], "core_input": config["ssm_cfg"], "mlp": config["mlp_cfg"], "BlockType": "llama_block"}]
    layers, phi, eps = [], blocks[0]["BlockType"].endswith("phi_block"), config.get("norm_epsilon", 1e-5)
    for block in blocks:
        core = block["core_input"]
        heads, groups = core["n_v_heads"], core["n_qk_heads"]
        inner = core.get("d_inner", core.get("expand", 2) * width)
        eps = block.get("block_input", {}).get("rms_norm_eps", eps)
        for _ in range(block["n_layers"]):
            mixer = Mixer(width, heads, heads, groups, groups, inner // heads, core["d_state"], True, core.get("out_proj_bias", False))
            layers.append(DiscreteBlock(width, mixer, block.get("mlp", {}).get("intermediate_size", 4 * width), phi, eps))
    return DiscreteModel(vocabulary, width, layers, phi, "lm_head.bias" in found, eps)


def state_spaces(config, found):
    """state-spaces' Mamba-1 or Mamba-2 in transformers' model; its embedding has another name."""
    ssm, width, layers = config["ssm_cfg"], config["d_model"], config["n_layer"]
    found["backbone.embeddings.weight"] = found.pop("backbone.embedding.weight")
    common = {"vocab_size": padded(config), "hidden_size": width, "num_hidden_layers": layers, "tie_word_embeddings": True, "residual_in_fp32": True}
    if ssm.get("layer") != "Mamba2":
        return MambaForCausalLM(MambaConfig(**common, state_size=ssm.get("d_state", 16), expand=ssm.get("expand", 2)))
    expand, head_width = ssm.get("expand", 2), ssm.get("headdim", 64)
    settings = Mamba2Config(**common, state_size=ssm.get("d_state", 128), expand=expand, head_dim=head_width, num_heads=expand * width // head_width,
                            n_groups=ssm.get("ngroups", 1), chunk_size=16)
    model = Mamba2ForCausalLM(settings)
    if "d_state_list" in config:
        for i, block in enumerate(model.backbone.layers):
            sizes = {**settings.to_dict(), "layer_types": settings.layer_types, "time_step_limit": settings.time_step_limit}
            inner = config["d_inner_list"][i]
            sizes.update(state_size=config["d_state_list"][i], head_dim=config["headdim_list"][i], num_heads=config["nheads_list"][i],
                         n_groups=config["ngroups_list"][i], expand=(inner + 0.5) / width)
            block.mixer = Mamba2Mixer(types.SimpleNamespace(**sizes), i)
            if config["out_proj_bias_list"][i]:
                block.mixer.out_proj = nn.Linear(inner, width)
    return model


def hybrid(config, mamba, found):
    settings = LlamaConfig(**{key: value for key, value in config.items() if key not in ("architectures", "model_type", "torch_dtype", "transformers_version")})
    model, ssm = LlamaForCausalLM(settings), mamba["ssm_cfg"]
    for i, layer in enumerate(model.model.layers):
        if i in mamba["attn_layers"]:
            continue

        def size(name, otherwise):
            return mamba.get(f"{name}_dict", {}).get(str(i), otherwise)

        heads, width = ssm["ngroups"], mamba["d_inner"] // ssm["ngroups"]
        repeated = mamba["d_xb"] // ssm["d_state"]
        layer.self_attn = Mixer(settings.hidden_size, heads, repeated, repeated, heads, size("headdim", width), size("d_state", ssm["d_state"]), False,
                                size("out_proj_bias", False))
    for name in [name for name in found if ".mamba." in name]:
        found[name.replace(".mamba.", ".self_attn.")] = found.pop(name)
    return model


def load(folder):
    config = json.loads((folder / "config.json").read_text())
    if config.get("model_type") in ("mamba", "mamba2"):
        model, told = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, output_loading_info=True)
        wrong = {key: names for key, names in told.items() if names}
        if wrong:
            raise SystemExit(f"{folder}: transformers reports {wrong}")
        return model
    found = tensors(folder)
    other = folder / "mamba_config.json"
    if other.exists():
        model = hybrid(config, json.loads(other.read_text()), found)
    elif "ssm_cfg" in config and config.get("model_type") != "llamba":
        model = state_spaces(config, found)
    else:
        model = discrete(config, found)
    if "lm_head.weight" not in found:  # tied
        found["lm_head.weight"] = next(found[name] for name in found if name.endswith(("embedding.weight", "embeddings.weight", "embed_tokens.weight")))
    model.load_state_dict(found, strict=True)
    return model


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("golden", type=pathlib.Path)
    parser.add_argument("--length", type=int, default=53)
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    model = load(args.model).eval()
    vocabulary = model.lm_head.weight.shape[0]
    ids = torch.randint(0, vocabulary, (2, args.length), generator=torch.Generator().manual_seed(args.seed))
    with torch.no_grad():
        logits = model(ids).logits
    save_file({"input_ids": ids, "logits": logits.contiguous()}, args.golden)
    print(f"{args.model}: loaded into {type(model).__name__}, {sum(p.numel() for p in model.parameters()):,} parameters; logits of {ids.numel()} tokens in {args.golden}")


main()
