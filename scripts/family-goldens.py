"""Tiny models of random weights in the layouts of the published families, and what Hugging Face's own
code computes from them: the goldens of FamilyReferenceTest.

    pip install torch transformers safetensors
    python scripts/family-goldens.py engine/src/test/resources/org/zlens/engine/model/families

Each folder gets config.json as the library writes it, published.json with the keys of the published
models of that family, model.safetensors, and golden.safetensors: tokens [batch, pos], logits, loss
(the mean over all next tokens), stream.N (what comes to block N), pattern.N [batch, head, query, key].
The weights are drawn wide enough for every part to matter; they come from nobody's model.
"""

import json
import pathlib
import sys

import torch
import transformers
from safetensors.torch import save_file

POSITIONS = 12
PROMPTS = 3
SIZES = dict(vocab_size=97, max_position_embeddings=32, num_hidden_layers=2, hidden_size=32,
             num_attention_heads=4, intermediate_size=48)
GROUPED = dict(num_key_value_heads=2, head_dim=8)


def families():
    yield "neox", transformers.GPTNeoXConfig(
        **SIZES, hidden_act="gelu", rotary_pct=0.25, use_parallel_residual=True), dict(
        model_type="gpt_neox", hidden_act="gelu", rotary_pct=0.25, rotary_emb_base=10000,
        use_parallel_residual=True, layer_norm_eps=1e-5, tie_word_embeddings=False)
    yield "neox-serial", transformers.GPTNeoXConfig(
        **SIZES, hidden_act="gelu_new", rotary_pct=1.0, use_parallel_residual=False), dict(
        model_type="gpt_neox", hidden_act="gelu_new", rotary_pct=1.0, rotary_emb_base=10000,
        use_parallel_residual=False, layer_norm_eps=1e-5, tie_word_embeddings=False)
    yield "gemma2", transformers.Gemma2Config(
        **{**SIZES, "num_hidden_layers": 3}, **GROUPED, query_pre_attn_scalar=11, sliding_window=5,
        attn_logit_softcapping=2.0, final_logit_softcapping=4.0), dict(
        model_type="gemma2", num_hidden_layers=3, **GROUPED, query_pre_attn_scalar=11,
        sliding_window=5, attn_logit_softcapping=2.0, final_logit_softcapping=4.0,
        hidden_act="gelu_pytorch_tanh", hidden_activation="gelu_pytorch_tanh", rms_norm_eps=1e-6,
        rope_theta=10000.0)
    yield "qwen2", transformers.Qwen2Config(
        **SIZES, num_key_value_heads=2, tie_word_embeddings=True, rope_parameters=dict(
            rope_type="default", rope_theta=1000000.0)), dict(
        model_type="qwen2", num_key_value_heads=2, tie_word_embeddings=True, hidden_act="silu",
        rms_norm_eps=1e-6, rope_theta=1000000.0, sliding_window=5, max_window_layers=2,
        use_sliding_window=False)
    yield "mistral", transformers.MistralConfig(
        **SIZES, **GROUPED, sliding_window=5), dict(
        model_type="mistral", **GROUPED, sliding_window=5, hidden_act="silu", rms_norm_eps=1e-6,
        rope_theta=10000.0, tie_word_embeddings=False)
    stretch = dict(rope_type="llama3", factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
                   original_max_position_embeddings=16)
    yield "llama3", transformers.LlamaConfig(
        **SIZES, **GROUPED, tie_word_embeddings=True, rms_norm_eps=1e-5,
        rope_parameters=dict(rope_theta=500000.0, **stretch)), dict(
        model_type="llama", **GROUPED, tie_word_embeddings=True, rms_norm_eps=1e-5,
        rope_theta=500000.0, rope_scaling=stretch, hidden_act="silu", attention_bias=False,
        mlp_bias=False)


def draw(model, seed):
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            values = torch.randn(parameter.shape, generator=generator)
            if parameter.dim() > 1:
                parameter.copy_(values * (0.8 if "embed" in name else 0.25))
            else:
                # Gains of Gemma are stored less one; all others lie around it.
                gain = "norm" in name and name.endswith("weight") and "gemma" not in model.config.model_type
                parameter.copy_(values * 0.2 + (1 if gain else 0))


def main(target):
    for number, (name, config, published) in enumerate(families()):
        folder = pathlib.Path(target, name)
        folder.mkdir(parents=True, exist_ok=True)
        config._attn_implementation = "eager"
        model = transformers.AutoModelForCausalLM.from_config(config, dtype=torch.float32).eval()
        draw(model, number)
        generator = torch.Generator().manual_seed(100 + number)
        tokens = torch.randint(SIZES["vocab_size"], (PROMPTS, POSITIONS), generator=generator)
        with torch.no_grad():
            out = model(tokens, labels=tokens, output_hidden_states=True, output_attentions=True)
        golden = {"tokens": tokens, "logits": out.logits, "loss": out.loss.reshape(1)}
        for layer, pattern in enumerate(out.attentions):
            golden[f"stream.{layer}"] = out.hidden_states[layer].contiguous()
            golden[f"pattern.{layer}"] = pattern.contiguous()
        save_file(golden, folder / "golden.safetensors")
        model.save_pretrained(folder)
        for extra in folder.glob("generation_config.json"):
            extra.unlink()
        (folder / "published.json").write_text(
            json.dumps({**SIZES, **published}, indent=2) + "\n")
        print(name, sum(p.numel() for p in model.parameters()), round(out.loss.item(), 4))


if __name__ == "__main__":
    main(sys.argv[1])
