"""Models that a real vLLM can serve, made from the embedded one: no hub, no training, about a minute, once.

smollm2-135m       the model itself as safetensors, dequantised from the GGUF file
smollm2-135m-sees  Idefics3 around it: a tiny vision tower with random weights; it understands nothing
lora-1, lora-2     adapters with random weights, so that an answer shows which was used

python tests/vllm/models.py [NAME ...]      builds what is missing and prints the folders
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from games.solvers.cache import cache_folder
from players.embedded import embedded_model

TEXT, PICTURES = "smollm2-135m", "smollm2-135m-sees"
IMAGE_SIDE, PATCH, SHUFFLE = 96, 16, 2
IMAGE_TOKENS = (IMAGE_SIDE // PATCH // SHUFFLE) ** 2
VOCABULARY = 49_216
"""49,152 tokens of the model and 40 of the pictures, rounded up to a multiple of 64."""
SPECIAL = {"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 2}

TEXT_CONTENT = "' + message['content'] + '<|im_end|>"
PARTS_CONTENT = (
    "' }}{% if message['content'] is string %}{{ message['content'] }}{% else %}"
    "{% for part in message['content'] %}"
    "{{ '<image>' if part['type'] == 'image' else part['text'] }}{% endfor %}{% endif %}{{ '<|im_end|>"
)
"""What becomes of it in the chat template: content may be a list of parts."""


def model_folder(name: str) -> Path:
    """The folder of a model of the suite, built if it is not there; KeyError for a name that is not ours."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    build = RECIPES[name]
    folder = cache_folder() / "vllm-suite" / _stamp() / name
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as making:
            build(Path(making, "model"))
            Path(making, "model").rename(folder)  # whole or not at all
    return folder


def _stamp() -> str:
    """Another recipe is another folder."""
    return hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:12]


def _text(out: Path) -> None:
    """A GGUF file is read, dequantised, by transformers, which refuses to save it until it forgets that."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GenerationConfig

    gguf = embedded_model()
    source: dict[str, Any] = {"gguf_file": gguf.name}
    model = AutoModelForCausalLM.from_pretrained(gguf.parent, dtype=torch.float32, **source)
    model.hf_quantizer = None
    for key in ("quantization_config", "_pre_quantization_dtype"):
        if hasattr(model.config, key):
            delattr(model.config, key)
    model = model.to(torch.bfloat16)
    model.config.dtype = torch.bfloat16
    model.generation_config = GenerationConfig(**SPECIAL)
    model.save_pretrained(out)
    AutoTokenizer.from_pretrained(gguf.parent, **source).save_pretrained(out)


def _pictures(out: Path) -> None:
    """SmolVLM's architecture: the language model as it is, the vision tower and the connector at random."""
    import torch
    from transformers import (
        AutoModelForCausalLM,
        Idefics3Config,
        Idefics3ForConditionalGeneration,
        LlamaConfig,
    )

    torch.manual_seed(0)
    tokenizer = _picture_tokenizer()
    language = AutoModelForCausalLM.from_pretrained(model_folder(TEXT), dtype=torch.float32)
    language.resize_token_embeddings(VOCABULARY, mean_resizing=False)
    text = language.config.to_dict() | {"vocab_size": VOCABULARY, "dtype": "bfloat16"}
    text.pop("architectures", None)
    config = Idefics3Config(
        vision_config=_tower(),
        text_config=LlamaConfig(**text),
        scale_factor=SHUFFLE,
        pad_token_id=SPECIAL["pad_token_id"],
        image_token_id=tokenizer.convert_tokens_to_ids("<image>"),
        tie_word_embeddings=True,
    )
    _save_with(Idefics3ForConditionalGeneration(config), language.state_dict(), out)
    _save_processor(tokenizer, out)


def _tower() -> dict[str, int]:
    return {
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "image_size": IMAGE_SIDE,
        "patch_size": PATCH,
    }


def _picture_tokenizer() -> Any:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(model_folder(TEXT))
    tiles = [f"<row_{r}_col_{c}>" for r in range(1, 7) for c in range(1, 7)]  # the processor expects them
    markers = ["<fake_token_around_image>", "<image>", "<end_of_utterance>", "<global-img>"]
    tokenizer.add_tokens([*markers, *tiles], special_tokens=True)
    assert TEXT_CONTENT in tokenizer.chat_template
    tokenizer.chat_template = tokenizer.chat_template.replace(TEXT_CONTENT, PARTS_CONTENT)
    return tokenizer


def _save_with(model: Any, language: Mapping[str, Any], out: Path) -> None:
    """Save the picture model with the language model's weights in it."""
    import torch
    from transformers import GenerationConfig

    inner = {k.removeprefix("model."): v for k, v in language.items() if k.startswith("model.")}
    model.model.text_model.load_state_dict(inner)
    model.lm_head.weight.data.copy_(language["lm_head.weight"])
    model.generation_config = GenerationConfig(**SPECIAL)
    model.to(torch.bfloat16).save_pretrained(out)


def _save_processor(tokenizer: Any, out: Path) -> None:
    """The processor made with PIL: the other needs torchvision, whose wheel does not go with CPU torch."""
    from transformers import Idefics3Processor
    from transformers.models.idefics3.image_processing_pil_idefics3 import Idefics3ImageProcessorPil

    side = {"longest_edge": IMAGE_SIDE}
    images = Idefics3ImageProcessorPil(
        do_image_splitting=False, size=side, max_image_size=side, image_mean=[0.5] * 3, image_std=[0.5] * 3
    )
    template = tokenizer.chat_template
    Idefics3Processor(images, tokenizer, image_seq_len=IMAGE_TOKENS, chat_template=template).save_pretrained(
        out
    )
    tokenizer.save_pretrained(out)


def _lora(seed: int) -> Callable[[Path], None]:
    """At random: without init_lora_weights=False it would change nothing, and a test not notice."""

    def build(out: Path) -> None:
        import torch
        from peft import LoraConfig, get_peft_model
        from transformers import AutoModelForCausalLM

        torch.manual_seed(seed)
        base = AutoModelForCausalLM.from_pretrained(model_folder(TEXT), dtype=torch.float32)
        parts = ["q_proj", "k_proj", "v_proj", "o_proj"]
        config = LoraConfig(
            r=8, lora_alpha=64, target_modules=parts, init_lora_weights=False, task_type="CAUSAL_LM"
        )
        get_peft_model(base, config).save_pretrained(out)

    return build


RECIPES: Mapping[str, Callable[[Path], None]] = {
    TEXT: _text,
    PICTURES: _pictures,
    "lora-1": _lora(1),
    "lora-2": _lora(2),
}

if __name__ == "__main__":
    for asked in sys.argv[1:] or RECIPES:
        print(asked, model_folder(asked))
