#!/bin/sh
# The arena's tokens a second over the engine's own, on this machine's GPUs: a model, one command, a table.
#
#     sh benchmarks/gpu_throughput.sh MODEL [TURNS] [FLAGS]
#
# MODEL is a folder or a name on the hub; FLAGS are options of a vllm player, joined by & (tensor_parallel=2&...).
# The table goes to the terminal and to results/gpu-throughput.md. Run it in an environment with vLLM and the arena.
set -eu
model=${1:?"which model? sh benchmarks/gpu_throughput.sh MODEL [TURNS] [FLAGS]"}
cd "$(dirname "$0")/.."
python benchmarks/engine_throughput.py --model "$model" --turns "${2:-1024}" --rounds 3 \
    --flags "max_num_seqs=1024&max_num_batched_tokens=16384&${3:-max_model_len=4096}" > results/gpu-throughput.md
cat results/gpu-throughput.md
