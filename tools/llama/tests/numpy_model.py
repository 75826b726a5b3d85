"""A LLaMA-family forward pass in NumPy, in float64, written from the papers' formulas and transformers' tensor names."""
import json
import math
import os
import struct

import numpy as np

DTYPES = {"F32": np.float32, "F16": np.float16, "BF16": np.uint16}


def read_safetensors(path):
    """{name: float32 array}."""
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    tensors = {}
    for name, entry in json.loads(data[8:8 + length]).items():
        if name == "__metadata__":
            continue
        begin, end = entry["data_offsets"]
        array = np.frombuffer(data[8 + length + begin:8 + length + end], DTYPES[entry["dtype"]])
        if entry["dtype"] == "BF16":
            array = (array.astype(np.uint32) << 16).view(np.float32)
        tensors[name] = array.astype(np.float32).reshape(entry["shape"])
    return tensors


def read_checkpoint(directory):
    with open(os.path.join(directory, "config.json")) as file:
        config = json.load(file)
    tensors = {}
    for name in sorted(os.listdir(directory)):
        if name.endswith(".safetensors"):
            tensors.update(read_safetensors(os.path.join(directory, name)))
    return config, tensors


def rope_settings(config):
    scaling = config.get("rope_parameters") or config.get("rope_scaling") or {}
    return scaling, scaling.get("rope_theta", config.get("rope_theta", 10000.0))


def inverse_frequencies(config):
    """float32, each step rounded as transformers' float32 tensors are."""
    f32 = np.float32
    d = head_dim(config)
    scaling, theta = rope_settings(config)
    exponent = np.arange(0, d, 2).astype(f32) / f32(d)
    frequency = f32(1) / np.power(np.float64(f32(theta)), exponent.astype(np.float64)).astype(f32)
    kind = scaling.get("rope_type", scaling.get("type", "default"))
    if kind == "linear":
        return frequency / f32(scaling["factor"])
    if kind == "default":
        return frequency
    factor, low, high = (f32(scaling[k]) for k in ("factor", "low_freq_factor", "high_freq_factor"))
    old = f32(scaling["original_max_position_embeddings"])
    wavelength = f32(2 * math.pi) / frequency
    smooth = (old / wavelength - low) / (high - low)
    between = (f32(1) - smooth) * frequency / factor + smooth * frequency
    slow = np.where(wavelength > old / low, frequency / factor, frequency)
    medium = (wavelength >= old / high) & (wavelength <= old / low)
    return np.where(medium, between, slow).astype(f32)


def head_dim(config):
    return config.get("head_dim") or config["hidden_size"] // config["num_attention_heads"]


def cos_sin(config, positions):
    """float32 cosines and sines of the float32 angles: tokens x head_dim / 2."""
    angles = (positions.astype(np.float32)[:, None] * inverse_frequencies(config)[None, :]).astype(np.float64)
    return np.cos(angles).astype(np.float32), np.sin(angles).astype(np.float32)


def rms_norm(x, weight, epsilon):
    return x / np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + epsilon) * weight


def rotate(x, cos, sin):
    """x: tokens x heads x head_dim."""
    low, high = np.split(x, 2, axis=-1)
    cos, sin = cos[:, None, :], sin[:, None, :]
    return np.concatenate([low * cos - high * sin, high * cos + low * sin], axis=-1)


def visible(config, query_positions, keys):
    allowed = np.arange(keys)[None, :] <= query_positions[:, None]
    window = config.get("sliding_window") if config["model_type"] == "mistral" else None
    if window:
        allowed &= np.arange(keys)[None, :] > query_positions[:, None] - window
    return allowed


def softmax(scores, allowed):
    scores = np.where(allowed, scores, -np.inf)
    e = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def silu(x):
    return x / (1 + np.exp(-x))


def linear(x, tensors, module):
    y = x @ tensors[module + ".weight"].astype(np.float64).T
    bias = tensors.get(module + ".bias")
    return y if bias is None else y + bias


def attention(config, tensors, prefix, x, positions):
    d, heads = head_dim(config), config["num_attention_heads"]
    kv_heads = config.get("num_key_value_heads", heads)
    q = linear(x, tensors, prefix + "q_proj").reshape(len(x), heads, d)
    k = linear(x, tensors, prefix + "k_proj").reshape(len(x), kv_heads, d)
    v = linear(x, tensors, prefix + "v_proj").reshape(len(x), kv_heads, d)
    if prefix + "q_norm.weight" in tensors:
        q = rms_norm(q, tensors[prefix + "q_norm.weight"], config["rms_norm_eps"])
        k = rms_norm(k, tensors[prefix + "k_norm.weight"], config["rms_norm_eps"])
    cos, sin = cos_sin(config, positions)
    q, k = rotate(q, cos, sin), rotate(k, cos, sin)
    out = np.empty_like(q)
    allowed = visible(config, positions, len(x))
    for head in range(heads):
        kv = head // (heads // kv_heads)
        p = softmax(q[:, head] @ k[:, kv].T / math.sqrt(d), allowed)
        out[:, head] = p @ v[:, kv]
    return linear(out.reshape(len(x), heads * d), tensors, prefix + "o_proj")


def forward(config, tensors, tokens):
    """Logits of every position: tokens x vocabulary."""
    x = tensors["model.embed_tokens.weight"][tokens].astype(np.float64)
    positions = np.arange(len(tokens))
    epsilon = config["rms_norm_eps"]
    for layer in range(config["num_hidden_layers"]):
        prefix = f"model.layers.{layer}."
        normed = rms_norm(x, tensors[prefix + "input_layernorm.weight"], epsilon)
        x = x + attention(config, tensors, prefix + "self_attn.", normed, positions)
        normed = rms_norm(x, tensors[prefix + "post_attention_layernorm.weight"], epsilon)
        gate = linear(normed, tensors, prefix + "mlp.gate_proj")
        up = linear(normed, tensors, prefix + "mlp.up_proj")
        x = x + linear(silu(gate) * up, tensors, prefix + "mlp.down_proj")
    x = rms_norm(x, tensors["model.norm.weight"], epsilon)
    head = tensors["model.embed_tokens.weight" if config.get("tie_word_embeddings") else "lm_head.weight"]
    return x @ head.astype(np.float64).T
