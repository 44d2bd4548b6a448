#!/bin/sh
# Makes the small models of workflows/models (all but the checkpoint) and T5's small tokenizer.
# usage: tests/TinyModels/make.sh FOLDER-OF-TEMPLATES, from the repository's root; the folder has ComfyUI's sub-folders.
set -eu
templates=$1
models=workflows/models
tiny() { dotnet run --project tests/TinyModels --no-build -- "$@"; }

mkdir -p "$models/diffusion_models" "$models/text_encoders" "$models/vae" "$models/loras" "$models/tokenizers/t5"

# Two heads of 32, one double and two single blocks; CLIP 32 wide, T5 64 wide.
flux="96=64 192=128 288=192 384=256 480=320 576=384 672=448 128=32"
tiny weights "$templates/diffusion_models/tiny-flux-fill.safetensors" \
    "$models/diffusion_models/nodehost-tiny-flux-dev.safetensors" $flux img_in.weight=64,64
tiny weights "$templates/diffusion_models/tiny-flux-fill.safetensors" \
    "$models/diffusion_models/nodehost-tiny-flux-fill-dev.safetensors" $flux img_in.weight=64,384
tiny weights "$templates/text_encoders/tiny-clip_l.safetensors" \
    "$models/text_encoders/nodehost-tiny-clip_l.safetensors" 49408=1000 128=32 512=128
tiny weights "$templates/text_encoders/tiny-t5xxl_fp16.safetensors" \
    "$models/text_encoders/nodehost-tiny-t5xxl.safetensors" 32128=1000
tiny weights "$templates/vae/tiny-flux-ae.safetensors" \
    "$models/vae/nodehost-tiny-flux-ae.safetensors" 64=32
mkdir -p "$models/checkpoints"
tiny sdxl-base "$models/checkpoints/nodehost-tiny-sdxl-base.safetensors"
tiny sdxl-refiner "$models/checkpoints/nodehost-tiny-sdxl-refiner.safetensors"
tiny lora "$models/checkpoints/nodehost-tiny-sd15.safetensors" "$models/loras/nodehost-tiny-sd15-lora.safetensors"
tiny lora "$models/diffusion_models/nodehost-tiny-flux-dev.safetensors" "$models/loras/nodehost-tiny-flux-lora.safetensors"
mkdir -p "$models/upscale_models"
tiny upscaler "$models/upscale_models/nodehost-tiny-x4.safetensors"
tiny gguf "$models/diffusion_models/nodehost-tiny-flux-dev.safetensors" \
    "$models/diffusion_models/nodehost-tiny-flux-dev.gguf" flux
tiny gguf "$models/text_encoders/nodehost-tiny-t5xxl.safetensors" \
    "$models/text_encoders/nodehost-tiny-t5xxl.gguf" t5encoder
tiny tokenizer "$models/tokenizers/clip/corpus.txt" "$models/tokenizers/t5/tokenizer.json" 1000
