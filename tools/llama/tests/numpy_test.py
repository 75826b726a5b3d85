"""Forward passes of llama_probe against NumPy's, on random checkpoints of every architecture.
  numpy_test.py PROBE
f32: logits differ by at most 1e-4. bf16: every operation, fed what the probe fed it, differs by at most one bfloat16 ulp or
2^-20 of the sum of the terms' magnitudes."""
import json
import os
import subprocess
import sys
import tempfile

import numpy as np

import numpy_model as model

LLAMA3_ROPE = {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
               "original_max_position_embeddings": 64}
BASE = {"model_type": "llama", "hidden_size": 128, "intermediate_size": 224, "num_hidden_layers": 2, "num_attention_heads": 4,
        "num_key_value_heads": 2, "head_dim": 64, "vocab_size": 96, "max_position_embeddings": 256, "rms_norm_eps": 1e-5,
        "rope_theta": 10000.0, "tie_word_embeddings": False}

# name: (changes to BASE, type of the weights, shards)
CASES = {
    "llama2, no GQA, untied": ({"num_key_value_heads": None, "head_dim": None, "num_attention_heads": 2}, "f32", 1),
    "llama3.1, GQA, sharded": ({"rope_theta": 500000.0, "rope_scaling": LLAMA3_ROPE}, "bf16", 3),
    "llama3.2, tied, rope_parameters": (
        {"tie_word_embeddings": True, "rope_parameters": dict(LLAMA3_ROPE, rope_theta=500000.0, factor=32.0)}, "bf16", 1),
    "llama, biases everywhere, linear rope": (
        {"attention_bias": True, "mlp_bias": True, "rope_scaling": {"type": "linear", "factor": 4.0}}, "f16", 2),
    "mistral, sliding window": ({"model_type": "mistral", "sliding_window": 7, "rope_theta": 1e6}, "bf16", 1),
    "qwen2, biases of q, k and v, tied": (
        {"model_type": "qwen2", "tie_word_embeddings": True, "rms_norm_eps": 1e-6, "rope_theta": 1e6}, "bf16", 2),
    "qwen3, head norms, wide heads": (
        {"model_type": "qwen3", "hidden_size": 96, "rms_norm_eps": 1e-6, "rope_theta": 1e6}, "f32", 1),
}
SEQUENCES = [[1, 5, 90, 17, 17, 3, 64, 2, 40, 41, 42, 43, 95, 0, 8], [7], [33, 12, 80]]


def bf16(x):
    """Nearest bfloat16 of a float64, ties to even, rounded once."""
    bits = np.asarray(x, np.float64).view(np.int64) if np.ndim(x) else np.array([x], np.float64).view(np.int64)
    keep = 52 - 7
    half = (1 << (keep - 1)) - 1
    rounded = (bits + half + ((bits >> keep) & 1)) >> keep << keep
    return rounded.view(np.float64).reshape(np.shape(x))


def ulp(x):
    """Of bfloat16 at |x|."""
    _, exponent = np.frexp(np.maximum(np.abs(x), 2.0 ** -126))
    return np.ldexp(1.0, exponent - 8)


class Comparison:
    """The worst difference of each kind of operation, in allowances."""

    def __init__(self):
        self.worst = {}

    def near(self, kind, got, want, terms=0.0):
        got, want = got.astype(np.float64), np.asarray(want, np.float64)
        assert got.shape == want.shape, f"{kind}: {got.shape} where {want.shape} was expected"
        allowance = np.maximum(ulp(want), 2.0 ** -20 * terms)
        excess = np.max(np.abs(got - want) / allowance)
        assert np.isfinite(excess) and excess <= 1, f"{kind}: off by {excess:.3f} of what is allowed"
        self.worst[kind] = max(self.worst.get(kind, 0.0), float(excess))


def check_linear(compare, trace, tensors, x, name, layer, module):
    weight = bf16(tensors[module + ".weight"])
    want, terms = x @ weight.T, np.abs(x) @ np.abs(weight).T
    if module + ".bias" in tensors:
        bias = bf16(tensors[module + ".bias"])
        want, terms = want + bias, terms + np.abs(bias)
    compare.near("linear", trace[layer + name], bf16(want), terms)


def check_norm(compare, config, got, x, weight):
    inner = bf16(x / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + config["rms_norm_eps"]))
    compare.near("norm", got, bf16(inner * bf16(weight)), 2.0 ** 20 * ulp(inner) * np.abs(weight))


def check_rope(compare, config, got, x, positions):
    d = model.head_dim(config)
    cos, sin = (bf16(t)[:, None, :] for t in model.cos_sin(config, positions))
    low, high = np.split(x.reshape(len(x), -1, d), 2, axis=-1)
    want = np.concatenate([bf16(bf16(low * cos) - bf16(high * sin)), bf16(bf16(high * cos) + bf16(low * sin))], axis=-1)
    compare.near("rope", got, want.reshape(got.shape))


def check_attention(compare, config, trace, layer, sequence, rows, q, k, v, mixed):
    d, heads = model.head_dim(config), config["num_attention_heads"]
    kv_heads = config.get("num_key_value_heads") or heads
    group = heads // kv_heads
    q = q[rows].reshape(-1, kv_heads, group, d)
    k, v = (t[rows].reshape(-1, kv_heads, d) for t in (k, v))
    count = len(q)
    allowed = np.repeat(model.visible(config, np.arange(count), count), group, axis=0)
    for head in range(kv_heads):
        where = f"{sequence}.{head}.0"
        queries = q[:, head].reshape(-1, d)
        scores = trace[layer + "scores." + where].astype(np.float64)
        terms = np.abs(queries) @ np.abs(k[:, head]).T
        compare.near("scores", scores, bf16(queries @ k[:, head].T), terms)
        p = trace[layer + "softmax." + where].astype(np.float64)
        scaled = bf16(scores * float(np.float32(d ** -0.5)))
        compare.near("softmax", p, bf16(model.softmax(scaled, allowed)))
        got = mixed[rows].reshape(-1, kv_heads, group, d)[:, head].reshape(-1, d)
        compare.near("mix", got, bf16(p @ v[:, head]), p @ np.abs(v[:, head]))


def check_layer(compare, config, tensors, trace, index, lengths, states):
    layer, prefix = f"layers.{index}.", f"model.layers.{index}."
    at = lambda name: trace[layer + name].astype(np.float64)
    positions = np.concatenate([np.arange(n) for n in lengths])
    check_norm(compare, config, trace[layer + "input_norm"], states, tensors[prefix + "input_layernorm.weight"])
    for name in ("q_proj", "k_proj", "v_proj"):
        check_linear(compare, trace, tensors, at("input_norm"), name, layer, prefix + "self_attn." + name)
    for name in "qk":
        before = at(name + "_proj")
        if config["model_type"] == "qwen3":
            d = model.head_dim(config)
            check_norm(compare, config, at(name + "_norm").reshape(-1, d), before.reshape(-1, d),
                       tensors[f"{prefix}self_attn.{name}_norm.weight"])
            before = at(name + "_norm")
        check_rope(compare, config, trace[layer + name + "_rope"], before, positions)
    first = 0
    for sequence, length in enumerate(lengths):
        rows = slice(first, first + length)
        check_attention(compare, config, trace, layer, sequence, rows, at("q_rope"), at("k_rope"), at("v_proj"), at("mix"))
        first += length
    check_linear(compare, trace, tensors, at("mix"), "o_proj", layer, prefix + "self_attn.o_proj")
    compare.near("residual", at("attention_residual"), bf16(states + at("o_proj")))
    check_norm(compare, config, trace[layer + "post_attention_norm"], at("attention_residual"),
               tensors[prefix + "post_attention_layernorm.weight"])
    for name in ("gate_proj", "up_proj"):
        check_linear(compare, trace, tensors, at("post_attention_norm"), name, layer, prefix + "mlp." + name)
    inner = bf16(model.silu(at("gate_proj")))
    compare.near("silu", at("silu"), bf16(inner * at("up_proj")), 2.0 ** 20 * ulp(inner) * np.abs(at("up_proj")))
    check_linear(compare, trace, tensors, at("silu"), "down_proj", layer, prefix + "mlp.down_proj")
    compare.near("residual", at("mlp_residual"), bf16(at("attention_residual") + at("down_proj")))
    return at("mlp_residual")


def check_bf16(config, tensors, trace):
    compare = Comparison()
    tokens = np.concatenate(SEQUENCES)
    states = trace["embedding"].astype(np.float64)
    assert np.array_equal(states, bf16(tensors["model.embed_tokens.weight"][tokens])), "embedding"
    for index in range(config["num_hidden_layers"]):
        states = check_layer(compare, config, tensors, trace, index, [len(s) for s in SEQUENCES], states)
    check_norm(compare, config, trace["norm"], states, tensors["model.norm.weight"])
    head = "model.embed_tokens" if config["tie_word_embeddings"] else "lm_head"
    check_linear(compare, trace, tensors, trace["norm"].astype(np.float64), "lm_head", "", head)
    return compare.worst


def run(*arguments):
    result = subprocess.run([str(a) for a in arguments], stderr=subprocess.PIPE, text=True)
    assert result.returncode == 0, result.stderr


def check_case(probe, folder, seed, name, changes, dtype, shards):
    config = {k: v for k, v in {**BASE, **changes}.items() if v is not None}
    config_file = os.path.join(folder, f"config{seed}.json")
    with open(config_file, "w") as file:
        json.dump(config, file)
    directory = os.path.join(folder, f"model{seed}")
    run(probe, "synthesize", config_file, directory, seed, shards, dtype)
    files = [n for n in os.listdir(directory) if n.endswith(".safetensors")]
    assert len(files) == shards, f"{name}: {len(files)} files, not {shards}"
    _, tensors = model.read_checkpoint(directory)
    words = ";".join(",".join(map(str, s)) for s in SEQUENCES)
    worst = {}
    for compute in ("f32", "bf16"):
        output = os.path.join(folder, f"{compute}{seed}.safetensors")
        run(probe, "forward", directory, compute, words, output)
        trace = model.read_safetensors(output)
        if compute == "bf16":
            worst.update(check_bf16(config, tensors, trace))
            continue
        want = np.concatenate([model.forward(config, tensors, s) for s in SEQUENCES])
        worst["f32 logits"] = np.max(np.abs(trace["lm_head"] - want))
        assert worst["f32 logits"] <= 1e-4, f"{name}: logits are off by {worst['f32 logits']:.3g}"
        assert np.ptp(want) > 1, f"{name}: these logits would hide anything"
    print(f"{name}: " + ", ".join(f"{k} {v:.3g}" for k, v in worst.items()))


def main():
    probe = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        for seed, (name, (changes, dtype, shards)) in enumerate(CASES.items(), start=1):
            check_case(probe, folder, seed, name, changes, dtype, shards)


if __name__ == "__main__":
    main()
